"""The language server: what it is made of, and running it on standard input and output."""

from __future__ import annotations

import asyncio
import gc
import inspect
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from shapelens import __version__
from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import Interpreter
from shapelens.engine.consultant import Opener
from shapelens.lsp.protocol import Protocol
from shapelens.lsp.session import Session
from shapelens.text.document import PositionEncoding
from shapelens.text.notebook import Notebook

log = logging.getLogger(__name__)

# Of each notebook on disk, new one or interactive window, the cells in Python: the others are no part of the program.
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(
            types.NotebookDocumentFilterScheme(scheme), cells=[types.NotebookCellLanguage("python")]
        )
        for scheme in ("file", "untitled", "vscode-interactive")
    ]
)


class Server(LanguageServer):
    """pygls's server with our session; features live in their own files."""

    def __init__(self, interpreter: Interpreter | None = None, opener: Opener | None = None) -> None:
        super().__init__("shapelens", __version__, protocol_cls=Protocol, notebook_document_sync=_NOTEBOOKS)
        self.session = Session(self._on_analysis, interpreter, self._on_news, opener)
        self.encoding: PositionEncoding = "utf-16"
        # What each client document shows now.
        self.published: dict[str, list[types.Diagnostic]] = {}
        self.notebooks: dict[str, Notebook] = {}
        self.is_shut_down = False
        # What was told of the installed Keras, and the task that looks for news.
        self.told: dict[str, object] | None = None
        self.following: asyncio.Future[None] | None = None
        self._listeners: list[Callable[[Server, Analysis, Analysis | None], None]] = []
        self._news_listeners: list[Callable[[Server], None]] = []

    def listen(self, listener: Callable[[Server, Analysis, Analysis | None], None]) -> None:
        """Call ``listener`` with each new analysis and the one before it."""
        self._listeners.append(listener)

    def listen_for_news(self, listener: Callable[[Server], None]) -> None:
        """Call ``listener`` when there may be something new to say of the installed Keras."""
        self._news_listeners.append(listener)

    def can(self, capability: str) -> bool:
        """Whether the client declared a capability: ``"workspace.inlay_hint.refresh_support"``."""
        return bool(get_capability(self.client_capabilities, capability, False))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log it. A popup for each failed notification would come with every keystroke."""
        log.error("%s: %s", getattr(source, "__name__", source), error)

    def _on_analysis(self, analysis: Analysis, before: Analysis | None) -> None:
        for listener in self._listeners:
            try:
                listener(self, analysis, before)
            except Exception:
                log.exception("a listener failed")

    def _on_news(self) -> None:
        for listener in self._news_listeners:
            try:
                listener(self)
            except Exception:
                log.exception("a listener failed")


def make_server(interpreter: Interpreter | None = None, opener: Opener | None = None) -> Server:
    """A server with all features; ``opener`` gets the referee."""
    from shapelens.lsp import features

    server = Server(interpreter, opener)
    for feature in features.ALL:
        server.feature(feature.METHOD, getattr(feature, "OPTIONS", None))(_fenced(feature.handle, server))
    for listener in features.LISTENERS:
        server.listen(listener)
    for news_listener in features.NEWS_LISTENERS:
        server.listen_for_news(news_listener)
    return server


def serve(interpreter: Interpreter | None = None, opener: Opener | None = None) -> int:
    """Serve one client on standard input and output until it is gone; the exit code."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    # Trees are many objects without cycles; looking for garbage among them at every turn makes typing lag.
    gc.set_threshold(100_000, 20, 50)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print would break the protocol
    server = make_server(interpreter, opener)
    server.start_io(stdin, stdout)
    server.session.stop()
    return 0


def _fenced(handle: Callable[[Server, Any], Any], server: Server) -> Callable[[Any], Any]:
    """A handler that answers "nothing" when its feature is broken, and logs why."""
    if inspect.iscoroutinefunction(handle):

        async def answer_later(params: Any) -> Any:
            try:
                return await handle(server, params)
            except Exception as error:
                return _broken(handle, error)

        return answer_later

    def answer(params: Any) -> Any:
        try:
            return handle(server, params)
        except Exception as error:
            return _broken(handle, error)

    return answer


def _broken(handle: Callable[[Server, Any], Any], error: Exception) -> None:
    if os.environ.get("SHAPELENS_STRICT"):
        raise error
    log.error("%s failed", handle.__module__, exc_info=error)
