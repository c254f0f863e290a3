"""``notebookDocument/didOpen``."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.server import Server
from shapelens.text.document import document
from shapelens.text.notebook import Cell, Notebook

METHOD = types.NOTEBOOK_DOCUMENT_DID_OPEN


def handle(server: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    """Take the notebook and have its program analysed."""
    book = params.notebook_document
    texts = {item.uri: item for item in params.cell_text_documents}
    cells = tuple(cell_of(cell, texts.get(cell.document)) for cell in book.cells)
    notebook = Notebook(book.uri, book.version, cells)
    server.notebooks[book.uri] = notebook
    server.session.open(notebook.program)


def cell_of(cell: types.NotebookCell, text: types.TextDocumentItem | None, known: Cell | None = None) -> Cell:
    """A cell with the text that came with it, or else the one that it had before."""
    is_code = cell.kind == types.NotebookCellKind.Code
    if text is not None:
        return Cell(document(cell.document, text.text, text.version), is_code, text.language_id)
    if known is not None:
        return Cell(known.document, is_code, known.language)
    return Cell(document(cell.document, ""), is_code)
