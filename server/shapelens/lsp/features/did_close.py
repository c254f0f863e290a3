"""``textDocument/didClose``."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.features import publish_diagnostics
from shapelens.lsp.server import Server

METHOD = types.TEXT_DOCUMENT_DID_CLOSE


def handle(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the document and take its diagnostics away."""
    server.session.close(params.text_document.uri)
    publish_diagnostics.clear(server, params.text_document.uri)
