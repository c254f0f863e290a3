"""``workspace/didChangeWatchedFiles``: modules that open documents import may have changed."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.server import Server

METHOD = types.WORKSPACE_DID_CHANGE_WATCHED_FILES


def handle(server: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Analyse afresh what is open."""
    server.session.files_changed()
