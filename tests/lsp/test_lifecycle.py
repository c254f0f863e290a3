"""The server as a process: it starts, ends when it should, and survives what is no protocol."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import IO, Any

import pytest

from .conftest import ENVIRONMENT, STUB_SERVER

SECONDS = 15


def send(stream: IO[bytes], method: str, params: object = None, id: int | None = None) -> None:
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if params is not None:
        message["params"] = params
    if id is not None:
        message["id"] = id
    body = json.dumps(message).encode()
    stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any]:
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    answer = json.loads(stream.read(length))
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def server() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        STUB_SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()


def streams(server: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert server.stdin is not None
    assert server.stdout is not None
    send(server.stdin, "initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 1)
    assert receive(server.stdout)["result"]["serverInfo"]["name"] == "shapelens"
    send(server.stdin, "initialized", {})
    return server.stdin, server.stdout


def test_exit_after_shutdown_is_clean(server: subprocess.Popen[bytes]) -> None:
    stdin, stdout = streams(server)
    send(stdin, "shutdown", id=2)
    assert receive(stdout) == {"jsonrpc": "2.0", "id": 2, "result": None}
    send(stdin, "exit")
    assert server.wait(SECONDS) == 0


def test_exit_without_shutdown_is_not(server: subprocess.Popen[bytes]) -> None:
    stdin, _ = streams(server)
    send(stdin, "exit")
    assert server.wait(SECONDS) == 1


def test_it_ends_when_the_editor_is_gone(server: subprocess.Popen[bytes]) -> None:
    stdin, _ = streams(server)
    stdin.close()
    server.wait(SECONDS)


def test_it_ends_while_an_analysis_runs(server: subprocess.Popen[bytes]) -> None:
    stdin, _ = streams(server)
    text = "\n".join(f"x{i} = 1 + {i}" for i in range(50_000))
    item = {"uri": "file:///long.py", "languageId": "python", "version": 1, "text": text}
    send(stdin, "textDocument/didOpen", {"textDocument": item})
    time.sleep(0.3)
    stdin.close()
    server.wait(SECONDS)


def test_unknown_methods_and_broken_parameters_are_answered(server: subprocess.Popen[bytes]) -> None:
    stdin, stdout = streams(server)
    send(stdin, "textDocument/didOpen", {"nonsense": True})
    send(stdin, "textDocument/didChange", {"textDocument": {"uri": "file:///unknown.py", "version": 2}})
    send(stdin, "shapelens/unknown", {})
    send(stdin, "shapelens/unknown", {}, 7)
    assert receive(stdout)["error"]["code"] == -32601
    hover = {"textDocument": {"uri": "file:///unknown.py"}, "position": {"line": 1, "character": 1}}
    send(stdin, "textDocument/hover", hover, 8)
    assert receive(stdout)["result"] is None


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_stays_small(server: subprocess.Popen[bytes]) -> None:
    stdin, stdout = streams(server)
    text = "\n".join(f"x{i} = 1 + {i}" for i in range(1000)) + "\ny = 1 - 2\n"
    item = {"uri": "file:///long.py", "languageId": "python", "version": 1, "text": text}
    send(stdin, "textDocument/didOpen", {"textDocument": item})
    assert receive(stdout)["method"] == "textDocument/publishDiagnostics"
    with open(f"/proc/{server.pid}/status", encoding="ascii") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert peak < 150_000
