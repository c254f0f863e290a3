"""``textDocument/didOpen``."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.server import Server
from shapelens.text.document import document

METHOD = types.TEXT_DOCUMENT_DID_OPEN


def handle(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Take the document and have it analysed."""
    item = params.text_document
    server.session.open(document(item.uri, item.text, item.version))
