"""The least of an editor: starts the language server and speaks its protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from types import TracebackType
from typing import Any

URI = "file:///program.py"


class Editor:
    """A server of its own, which asks no Keras and is killed when it has not ended after ``seconds``."""

    def __init__(self, settings: dict[str, Any] | None = None, seconds: float = 600.0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "shapelens", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "SHAPELENS_NO_KERAS": "1"},
        )
        self._watchdog = threading.Timer(seconds, self._process.kill)
        self._watchdog.start()
        self._version = 0
        self._request = 0
        capabilities = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}
        options = {"processId": None, "rootUri": None, "capabilities": capabilities}
        self.ask("initialize", {**options, "initializationOptions": settings or {}})
        self.tell("initialized", {})

    def __enter__(self) -> Editor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is None:
                self.ask("shutdown", None)
                self.tell("exit", None)
                self._process.wait(10)
        finally:
            self._process.kill()
            self._watchdog.cancel()

    @property
    def process(self) -> int:
        """The server's process."""
        return self._process.pid

    def open(self, text: str, uri: str = URI) -> None:
        """Open a document."""
        self._version = 0
        document = {"uri": uri, "languageId": "python", "version": 0, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def about(self, feature: str, uri: str = URI, **others: Any) -> Any:
        """The answer to a request about a document."""
        return self.ask(f"textDocument/{feature}", {"textDocument": {"uri": uri}, **others})

    def type(self, line: int, start: int, end: int, text: str) -> None:
        """Replace characters of a line; ends when the diagnostics of the new text are there."""
        self._version += 1
        place = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
        change = {"range": place, "text": text}
        identifier = {"uri": URI, "version": self._version}
        self.tell("textDocument/didChange", {"textDocument": identifier, "contentChanges": [change]})
        self.wait_for_diagnostics()

    def wait_for_diagnostics(self) -> None:
        """Ends when those of the newest text are there."""
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                if message["params"]["version"] == self._version:
                    return

    def ask(self, method: str, params: Any) -> Any:
        """A request's result."""
        self._request += 1
        self._send({"id": self._request, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._request and "method" not in message:
                return message["result"]

    def tell(self, method: str, params: Any) -> None:
        """A notification."""
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the server has ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
