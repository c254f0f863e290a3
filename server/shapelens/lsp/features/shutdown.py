"""``shutdown``: end the work; the process goes on until ``exit``."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.server import Server

METHOD = types.SHUTDOWN


def handle(server: Server, params: None = None) -> None:
    """Stop analysing, and the worker that asks Keras."""
    server.is_shut_down = True
    server.session.stop()
