"""Every method, as VS Code, Neovim and Emacs use it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient

from shapelens import __version__

from .conftest import Editor

URI = "file:///project/program.py"
TEXT = "é = '😀'; a = 1\nb = a - 3\n\ndef f(x):\n    return x\n\nc = a + 2\n"


def item(text: str = TEXT) -> types.DidOpenTextDocumentParams:
    return types.DidOpenTextDocumentParams(types.TextDocumentItem(URI, "python", 1, text))


def change(version: int, text: str, *place: int) -> types.DidChangeTextDocumentParams:
    """Replace from line, column to line, column."""
    start, end = types.Position(*place[:2]), types.Position(*place[2:])
    event = types.TextDocumentContentChangePartial(range=types.Range(start, end), text=text)
    return types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, URI), [event])


async def published(client: LanguageClient) -> list[types.Diagnostic]:
    """The next diagnostics that the server sends."""
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(client.diagnostics[URI])


async def opened(client: LanguageClient, text: str = TEXT) -> list[types.Diagnostic]:
    client.text_document_did_open(item(text))
    return await published(client)


def starts(found: list[types.Diagnostic]) -> list[tuple[int, int]]:
    return [(d.range.start.line, d.range.start.character) for d in found]


async def hints(client: LanguageClient) -> list[tuple[int, int, Any]]:
    params = types.InlayHintParams(
        types.TextDocumentIdentifier(URI), types.Range(types.Position(0, 0), types.Position(99, 0))
    )
    found = await client.text_document_inlay_hint_async(params) or []
    return [(hint.position.line, hint.position.character, hint.label) for hint in found]


@pytest.mark.asyncio
async def test_initialize_says_who_and_what(editor: Editor) -> None:
    result = editor.server
    assert result.server_info == types.ServerInfo("shapelens", __version__)
    capabilities = result.capabilities
    assert capabilities.hover_provider
    assert capabilities.inlay_hint_provider
    assert capabilities.document_symbol_provider
    assert isinstance(capabilities.code_action_provider, types.CodeActionOptions)
    assert isinstance(capabilities.text_document_sync, types.TextDocumentSyncOptions)
    assert capabilities.text_document_sync.change == types.TextDocumentSyncKind.Incremental
    assert capabilities.diagnostic_provider is None  # VS Code would show every problem twice


@pytest.mark.asyncio
async def test_files_on_disk_are_watched_by_clients_that_can(editor: Editor) -> None:
    await opened(editor.client)
    workspace = editor.capabilities.workspace
    watched = workspace and workspace.did_change_watched_files
    expected = [types.WORKSPACE_DID_CHANGE_WATCHED_FILES] if watched and watched.dynamic_registration else []
    assert [registration.method for registration in editor.asked.registrations] == expected


@pytest.mark.asyncio
async def test_diagnostics_have_all_that_the_client_understands(editor: Editor) -> None:
    (found,) = await opened(editor.client)
    assert (found.range.start, found.range.end) == (types.Position(1, 4), types.Position(1, 9))
    assert found.code == "negative-dimension"
    assert found.source == "ShapeLens"
    assert found.severity == types.DiagnosticSeverity.Error
    assert "Negative!" in found.message
    assert editor.capabilities.text_document is not None
    publish = editor.capabilities.text_document.publish_diagnostics
    assert publish is not None
    assert bool(found.related_information) == bool(publish.related_information)
    assert bool(found.code_description) == bool(publish.code_description_support)


@pytest.mark.asyncio
async def test_diagnostics_follow_edits_and_go_when_the_document_closes(editor: Editor) -> None:
    client = editor.client
    assert starts(await opened(client)) == [(1, 4)]
    client.text_document_did_change(change(2, "\n", 0, 0, 0, 0))
    assert starts(await published(client)) == [(2, 4)]
    client.text_document_did_change(change(3, "1", 2, 8, 2, 9))
    assert await published(client) == []
    client.text_document_did_change(change(4, "7", 2, 8, 2, 9))
    assert starts(await published(client)) == [(2, 4)]
    client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)))
    assert await published(client) == []


@pytest.mark.asyncio
async def test_diagnostics_that_do_not_differ_are_not_sent(editor: Editor) -> None:
    client = editor.client
    await opened(client)
    client.text_document_did_change(change(2, "4", 6, 8, 6, 9))
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(published(client), 0.5)


@pytest.mark.asyncio
async def test_hover_explains_a_tensor(editor: Editor) -> None:
    client = editor.client
    await opened(client)
    params = types.HoverParams(types.TextDocumentIdentifier(URI), types.Position(6, 0))
    found = await client.text_document_hover_async(params)
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.value == "`c`: `(3,) int64`, 3 elements"
    assert found.range == types.Range(types.Position(6, 0), types.Position(6, 1))
    nowhere = types.HoverParams(types.TextDocumentIdentifier(URI), types.Position(5, 0))
    assert await client.text_document_hover_async(nowhere) is None


@pytest.mark.asyncio
async def test_columns_count_as_negotiated(editor: Editor) -> None:
    await opened(editor.client)
    columns = {line: column for line, column, _ in await hints(editor.client)}
    encoding = editor.server.capabilities.position_encoding or types.PositionEncodingKind.Utf16
    assert columns[0] == {"utf-8": 14, "utf-16": 11, "utf-32": 10}[str(getattr(encoding, "value", encoding))]


@pytest.mark.asyncio
async def test_hints_can_be_turned_off(editor: Editor) -> None:
    client = editor.client
    await opened(client)
    assert [label for _, _, label in await hints(client)] == [": (1,)", ": (3,)"]
    settings = {"shapelens": {"inlayHints": {"tensors": False}}}
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    assert await hints(client) == []


@pytest.mark.asyncio
async def test_hints_are_asked_for_again_when_they_changed(editor: Editor) -> None:
    client = editor.client
    await opened(client)
    await hints(client)
    before = editor.asked.refreshes
    client.text_document_did_change(change(2, "# comment\n", 3, 0, 3, 0))
    await client.text_document_document_symbol_async(types.DocumentSymbolParams(types.TextDocumentIdentifier(URI)))
    assert editor.asked.refreshes == before
    assert [line for line, _, _ in await hints(client)] == [0, 7]
    client.text_document_did_change(change(3, "5", 7, 8, 7, 9))
    await client.text_document_document_symbol_async(types.DocumentSymbolParams(types.TextDocumentIdentifier(URI)))
    workspace = editor.capabilities.workspace
    refreshable = workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support
    assert editor.asked.refreshes == before + (1 if refreshable else 0)
    assert [label for _, _, label in await hints(client)] == [": (1,)", ": (6,)"]


@pytest.mark.asyncio
async def test_diagnostics_can_be_turned_off(editor: Editor) -> None:
    client = editor.client
    await opened(client)
    settings = {"shapelens": {"diagnostics": {"enabled": False}}}
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    assert await published(client) == []


@pytest.mark.asyncio
async def test_symbols_show_shapes(editor: Editor) -> None:
    client = editor.client
    await opened(client)
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(URI))
    found = await client.text_document_document_symbol_async(params)
    assert found is not None
    assert [symbol.name for symbol in found] == ["é", "a", "b", "f", "c"]
    if isinstance(found[-1], types.DocumentSymbol):
        assert found[-1].detail == "(3,) int64"


@pytest.mark.asyncio
async def test_code_actions_are_quick_fixes_only(editor: Editor) -> None:
    client = editor.client
    found = await opened(client)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(URI), found[0].range, types.CodeActionContext(diagnostics=found)
    )
    for action in await client.text_document_code_action_async(params) or []:
        assert isinstance(action, types.CodeAction)
        assert action.kind == types.CodeActionKind.QuickFix
    params.context.only = [types.CodeActionKind.Refactor]
    assert not await client.text_document_code_action_async(params)


@pytest.mark.asyncio
async def test_strange_positions_and_documents_are_answered(editor: Editor) -> None:
    client = editor.client
    await opened(client)
    for uri, line, column in [(URI, 999, 999), ("file:///other.py", 0, 0)]:
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, column))
        assert await client.text_document_hover_async(params) is None
    client.text_document_did_change(change(2, "x", 99, 0, 99, 5))
    other = types.TextDocumentIdentifier("file:///other.py")
    client.text_document_did_close(types.DidCloseTextDocumentParams(other))
    assert await hints(client)


@pytest.mark.asyncio
async def test_form_feeds_do_not_shift_lines(editor: Editor) -> None:
    client = editor.client
    assert starts(await opened(client, "a = 1 # \f \u2028\nb = 2 - 9\n")) == [(1, 4)]
    client.text_document_did_change(change(2, "long = 1 - 8", 1, 0, 1, 9))
    assert starts(await published(client)) == [(1, 7)]
    client.text_document_did_change(change(3, "\n", 0, 0, 0, 0))
    assert starts(await published(client)) == [(2, 7)]
