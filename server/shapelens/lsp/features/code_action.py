"""``textDocument/codeAction``: quick fixes that were tried before they are offered."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from shapelens.engine.analysis import Analysis, Range
from shapelens.ide.actions import Action, actions
from shapelens.lsp.convert import from_range, to_range, uri_at
from shapelens.lsp.features.publish_diagnostics import to_diagnostic
from shapelens.lsp.server import Server
from shapelens.lsp.uris import path_of
from shapelens.text.document import Document

METHOD = types.TEXT_DOCUMENT_CODE_ACTION
OPTIONS = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix], resolve_provider=False)


async def handle(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The quick fixes in a range. Trying them is work for the worker thread."""
    uri = params.text_document.uri
    if not _wants_fixes(params.context.only) or not server.can("text_document.code_action.code_action_literal_support"):
        return []
    analysis = await server.session.current(uri)
    part = None if analysis is None else analysis.document.part_of(uri)
    if analysis is None or part is None:
        return []
    place = from_range(params.range, part, server.encoding)
    path = path_of(analysis.document.uri)
    found = await server.session.on_worker(
        lambda: actions(analysis, place, path=path, interpreter=server.session.interpreter)
    )
    return [_code_action(server, action, analysis) for action in found]


def _wants_fixes(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    if only is None:
        return True
    return any(str(getattr(kind, "value", kind)) in ("", "quickfix") for kind in only)


def _code_action(server: Server, action: Action, analysis: Analysis) -> types.CodeAction:
    document = analysis.document
    edits: dict[str, list[types.TextEdit]] = {}
    for edit in action.fix.edits:
        place = to_range(Range(edit.start, edit.end), document, server.encoding)
        edits.setdefault(uri_at(edit.start, document), []).append(types.TextEdit(place, edit.new_text))
    if server.can("workspace.workspace_edit.document_changes"):
        change = types.WorkspaceEdit(document_changes=[_versioned(uri, edits[uri], document) for uri in edits])
    else:
        change = types.WorkspaceEdit(changes=edits)
    return types.CodeAction(
        title=action.fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=None if action.diagnostic is None else [to_diagnostic(server, action.diagnostic, document)],
        is_preferred=action.preferred or None,
        edit=change,
    )


def _versioned(uri: str, edits: list[types.TextEdit], document: Document) -> types.TextDocumentEdit:
    part = document.part_of(uri)
    version = None if part is None else part.document.version
    return types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), list(edits))
