"""``notebookDocument/didClose``."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.features import publish_diagnostics
from shapelens.lsp.server import Server

METHOD = types.NOTEBOOK_DOCUMENT_DID_CLOSE


def handle(server: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    """Forget the notebook and take the diagnostics of its cells away."""
    closed = server.notebooks.pop(params.notebook_document.uri, None)
    server.session.close(params.notebook_document.uri)
    for cell in closed.cells if closed else ():
        publish_diagnostics.clear(server, cell.document.uri)
