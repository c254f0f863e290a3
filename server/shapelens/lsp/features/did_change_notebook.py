"""``notebookDocument/didChange``: cells come, go, move, change their kind, and are edited."""

from __future__ import annotations

from dataclasses import replace

from lsprotocol import types

from shapelens.lsp.features import publish_diagnostics
from shapelens.lsp.features.did_change import edited
from shapelens.lsp.features.did_open_notebook import cell_of
from shapelens.lsp.server import Server
from shapelens.text.document import PositionEncoding
from shapelens.text.notebook import Cell, Notebook, spliced

METHOD = types.NOTEBOOK_DOCUMENT_DID_CHANGE


def handle(server: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    """Make the new revision, and return at once."""
    old = server.notebooks.get(params.notebook_document.uri)
    if old is None:
        return
    cells = old.cells if params.change.cells is None else _changed(old.cells, params.change.cells, server.encoding)
    new = Notebook(old.uri, params.notebook_document.version, cells)
    server.notebooks[old.uri] = new
    if new.program.cells != old.program.cells:
        server.session.change(new.program)
    for part in old.program.cells:
        if new.program.part_of(part.document.uri) is None:
            publish_diagnostics.clear(server, part.document.uri)


def _changed(
    cells: tuple[Cell, ...], change: types.NotebookDocumentCellChanges, encoding: PositionEncoding
) -> tuple[Cell, ...]:
    known = {cell.document.uri: cell for cell in cells}
    if change.structure is not None:
        array = change.structure.array
        texts = {item.uri: item for item in change.structure.did_open or ()}
        added = [cell_of(cell, texts.get(cell.document), known.get(cell.document)) for cell in array.cells or ()]
        cells = spliced(cells, array.start, array.delete_count, added)
    kinds = {cell.document: cell for cell in change.data or ()}
    edits = {edit.document.uri: edit for edit in change.text_content or ()}
    return tuple(_edited(cell, kinds.get(cell.document.uri), edits.get(cell.document.uri), encoding) for cell in cells)


def _edited(
    cell: Cell,
    kind: types.NotebookCell | None,
    edit: types.NotebookDocumentCellContentChanges | None,
    encoding: PositionEncoding,
) -> Cell:
    if kind is not None:
        cell = cell_of(kind, None, cell)
    if edit is None:
        return cell
    text = edited(cell.document, edit.changes, encoding)
    return replace(cell, document=replace(text, version=edit.document.version))
