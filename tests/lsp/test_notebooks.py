"""Notebooks: cells are one program; what is found, offered and edited is addressed to the right cell."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from .conftest import ENVIRONMENT, STUB_SERVER, Editor, answer_requests

BOOK = "file:///project/digits.ipynb"


def uri(name: str) -> str:
    """As VS Code spells cells; on a remote machine they have an authority."""
    return f"vscode-notebook-cell://ssh-remote%2Bhost/project/digits.ipynb#{name}"


def cell(name: str, kind: types.NotebookCellKind = types.NotebookCellKind.Code) -> types.NotebookCell:
    return types.NotebookCell(kind, uri(name))


def text(name: str, content: str, language: str = "python") -> types.TextDocumentItem:
    return types.TextDocumentItem(uri(name), language, 1, content)


async def start(client: LanguageClient) -> types.InitializeResult:
    """VS Code with notebooks."""
    capabilities = client_capabilities("visual-studio-code")
    capabilities.notebook_document = types.NotebookDocumentClientCapabilities(
        types.NotebookDocumentSyncClientCapabilities(dynamic_registration=True, execution_summary_support=True)
    )

    answer_requests(client)
    options = {"diagnostics": {"delay": 0, "maxDelay": 0}}
    return await client.initialize_session(
        types.InitializeParams(capabilities=capabilities, initialization_options=options)
    )


@pytest_lsp.fixture(config=ClientServerConfig(server_command=STUB_SERVER, server_env=ENVIRONMENT))
async def code(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """VS Code, and a server with the stub interpreter."""
    await start(lsp_client)
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[sys.executable, "-m", "shapelens", "lsp"], server_env=ENVIRONMENT)
)
async def real(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """VS Code, and the real server."""
    await start(lsp_client)
    yield
    await lsp_client.shutdown_session()


def opened(client: LanguageClient, *cells: tuple[str, str]) -> None:
    book = types.NotebookDocument(BOOK, "jupyter-notebook", 1, [cell(name) for name, _ in cells])
    client.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(book, [text(name, content) for name, content in cells])
    )


def changed(client: LanguageClient, version: int, change: types.NotebookDocumentCellChanges) -> None:
    identifier = types.VersionedNotebookDocumentIdentifier(version, BOOK)
    client.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(identifier, types.NotebookDocumentChangeEvent(cells=change))
    )


def structure(
    start: int, removed: int, *cells: types.NotebookCell, texts: tuple[types.TextDocumentItem, ...] = ()
) -> types.NotebookDocumentCellChanges:
    array = types.NotebookCellArrayChange(start, removed, list(cells))
    return types.NotebookDocumentCellChanges(structure=types.NotebookDocumentCellChangeStructure(array, list(texts)))


def typed(name: str, version: int, content: str, *place: int) -> types.NotebookDocumentCellChanges:
    start, end = types.Position(*place[:2]), types.Position(*place[2:])
    event = types.TextDocumentContentChangePartial(range=types.Range(start, end), text=content)
    identifier = types.VersionedTextDocumentIdentifier(version, uri(name))
    return types.NotebookDocumentCellChanges(
        text_content=[types.NotebookDocumentCellContentChanges(identifier, [event])]
    )


def starts(client: LanguageClient, name: str) -> list[tuple[int, int]]:
    return [(d.range.start.line, d.range.start.character) for d in client.diagnostics.get(uri(name), [])]


async def until(client: LanguageClient, condition: Callable[[], bool]) -> None:
    """Wait for the diagnostics that make a condition true."""
    while not condition():
        await asyncio.wait_for(client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 10)


async def labels(client: LanguageClient, name: str) -> list[tuple[int, int, str]]:
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    found = await client.text_document_inlay_hint_async(
        types.InlayHintParams(types.TextDocumentIdentifier(uri(name)), whole)
    )
    return [(hint.position.line, hint.position.character, str(hint.label)) for hint in found or []]


@pytest.mark.asyncio
async def test_only_clients_that_know_notebooks_are_told_of_them(editor: Editor) -> None:
    assert editor.server.capabilities.notebook_document_sync is None


@pytest.mark.asyncio
async def test_cells_are_one_program(code: LanguageClient) -> None:
    opened(code, ("a", "%matplotlib inline\ny = '😀'; x = 2\n"), ("b", "!ls\nz = x - 3"), ("c", "w = x + 1;"))
    await until(code, lambda: starts(code, "b") == [(1, 4)])
    assert starts(code, "a") == starts(code, "c") == []
    assert await labels(code, "a") == [(1, 11, ": (2,)")]
    assert await labels(code, "c") == [(0, 1, ": (3,)")]
    params = types.HoverParams(types.TextDocumentIdentifier(uri("c")), types.Position(0, 0))
    hover = await code.text_document_hover_async(params)
    assert hover is not None
    assert hover.range == types.Range(types.Position(0, 0), types.Position(0, 1))
    (problem,) = code.diagnostics[uri("b")]
    assert {place.location.uri for place in problem.related_information or ()} <= {uri("a"), uri("b")}
    symbols = await code.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(uri("b")))
    )
    assert [symbol.name for symbol in symbols or ()] == ["z"]


@pytest.mark.asyncio
async def test_edits_of_a_cell_reach_the_cells_behind(code: LanguageClient) -> None:
    opened(code, ("a", "x = 2"), ("b", "y = x - 1"))
    assert await labels(code, "b") == [(0, 1, ": (1,)")]
    changed(code, 2, typed("a", 2, "0", 0, 4, 0, 5))
    await until(code, lambda: starts(code, "b") == [(0, 4)])
    changed(code, 3, typed("b", 2, "\n", 0, 0, 0, 0))
    await until(code, lambda: starts(code, "b") == [(1, 4)])
    changed(code, 4, typed("a", 3, "7", 0, 4, 0, 5))
    await until(code, lambda: starts(code, "b") == [])


@pytest.mark.asyncio
async def test_cells_come_move_and_go(code: LanguageClient) -> None:
    opened(code, ("a", "x = 2"), ("b", "y = x - 3"))
    await until(code, lambda: starts(code, "b") == [(0, 4)])
    changed(code, 2, structure(1, 0, cell("c"), texts=(text("c", "x = 5"),)))
    await until(code, lambda: starts(code, "b") == [])
    changed(code, 3, structure(1, 2, cell("b"), cell("c")))
    await until(code, lambda: starts(code, "b") == [(0, 4)])
    changed(code, 4, structure(1, 1))
    await until(code, lambda: starts(code, "b") == [])
    assert await labels(code, "c") == [(0, 1, ": (5,)")]
    assert await labels(code, "b") == []
    params = types.HoverParams(types.TextDocumentIdentifier(uri("b")), types.Position(0, 0))
    assert await code.text_document_hover_async(params) is None


@pytest.mark.asyncio
async def test_cells_that_become_text_are_no_program(code: LanguageClient) -> None:
    opened(code, ("a", "x = 2"), ("b", "x = 9"), ("c", "y = x - 3"))
    assert await labels(code, "c") == [(0, 1, ": (6,)")]
    changed(code, 2, types.NotebookDocumentCellChanges(data=[cell("b", types.NotebookCellKind.Markup)]))
    await until(code, lambda: starts(code, "c") == [(0, 4)])
    changed(code, 3, types.NotebookDocumentCellChanges(data=[cell("b")]))
    await until(code, lambda: starts(code, "c") == [])
    changed(code, 4, structure(1, 1, cell("b"), texts=(text("b", "x = 9", "shellscript"),)))
    await until(code, lambda: starts(code, "c") == [(0, 4)])
    changed(code, 5, structure(2, 1, cell("c", types.NotebookCellKind.Markup)))
    await until(code, lambda: starts(code, "c") == [])


@pytest.mark.asyncio
async def test_a_closed_notebook_leaves_nothing(code: LanguageClient) -> None:
    opened(code, ("a", "x = 2 - 3"), ("b", "y = 3 - 4"))
    await until(code, lambda: starts(code, "a") == starts(code, "b") == [(0, 4)])
    cells = [types.TextDocumentIdentifier(uri(name)) for name in "ab"]
    code.notebook_document_did_close(
        types.DidCloseNotebookDocumentParams(types.NotebookDocumentIdentifier(BOOK), cells)
    )
    await until(code, lambda: starts(code, "a") == starts(code, "b") == [])
    changed(code, 2, typed("a", 2, "0", 0, 4, 0, 5))
    assert await labels(code, "a") == []


@pytest.mark.asyncio
async def test_untitled_and_empty_notebooks(code: LanguageClient) -> None:
    book = types.NotebookDocument("untitled:Untitled-1.ipynb", "jupyter-notebook", 1, [])
    code.notebook_document_did_open(types.DidOpenNotebookDocumentParams(book, []))
    array = types.NotebookCellArrayChange(0, 0, [cell("new")])
    change = types.NotebookDocumentCellChangeStructure(array, [text("new", "x = 1 - 2")])
    code.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(
            types.VersionedNotebookDocumentIdentifier(2, book.uri),
            types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(structure=change)),
        )
    )
    await until(code, lambda: starts(code, "new") == [(0, 4)])


@pytest.mark.asyncio
async def test_fixes_are_edits_of_their_cells(real: LanguageClient) -> None:
    opened(
        real,
        ("imports", "from tensorflow import keras\nfrom tensorflow.keras import layers"),
        ("broken", "import matplotlib.pyplot as plt\nplt.plot("),
        ("data", "import numpy as np\nimage = np.zeros((28, 28, 1))"),
        ("model", "%%time\nmodel = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])"),
        ("use", "!nvidia-smi\nmodel.predict(image)"),
    )
    await until(real, lambda: starts(real, "use") == [(1, 0)])
    (problem,) = real.diagnostics[uri("use")]
    assert problem.code == "missing-batch-axis"
    assert uri("data") in {place.location.uri for place in problem.related_information or ()}
    context = types.CodeActionContext(diagnostics=[problem])
    found = await real.text_document_code_action_async(
        types.CodeActionParams(types.TextDocumentIdentifier(uri("use")), problem.range, context)
    )
    assert found
    fix = found[0]
    assert isinstance(fix, types.CodeAction)
    assert fix.edit is not None
    (change,) = fix.edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert (change.text_document.uri, change.text_document.version) == (uri("use"), 1)
    edits = [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
    for edit in sorted(edits, key=lambda edit: edit.range.start.character, reverse=True):
        place = edit.range
        bounds = (place.start.line, place.start.character, place.end.line, place.end.character)
        changed(real, 2, typed("use", 2, edit.new_text, *bounds))
    await until(real, lambda: starts(real, "use") == [])
