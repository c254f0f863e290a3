"""``textDocument/didSave``: other open documents may import the saved file."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.server import Server

METHOD = types.TEXT_DOCUMENT_DID_SAVE
OPTIONS = types.SaveOptions(include_text=False)


def handle(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    """Analyse afresh what is open."""
    server.session.files_changed()
