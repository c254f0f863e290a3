"""``textDocument/inlayHint``, and asking the client to ask again when an analysis changed them."""

from __future__ import annotations

from lsprotocol import types

from shapelens.engine.analysis import Analysis, Range
from shapelens.engine.moved import moved
from shapelens.ide.hints import hints
from shapelens.lsp.convert import from_range, to_position
from shapelens.lsp.server import Server

METHOD = types.TEXT_DOCUMENT_INLAY_HINT
OPTIONS = types.InlayHintOptions(resolve_provider=False)


async def handle(server: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    """The hints in a range, from the newest finished analysis, at their present places."""
    view = await server.session.view(params.text_document.uri)
    if view is None:
        return []
    part = view.document.part_of(params.text_document.uri)
    if part is None:
        return []
    settings = server.session.settings
    wanted = from_range(params.range, part, server.encoding)
    found = []
    for hint in hints(view.analysis, layers=settings.layer_hints, tensors=settings.tensor_hints):
        place = view.move.forward(Range(hint.offset, hint.offset))
        if place is not None and wanted.start <= place.start <= wanted.end:
            found.append(
                types.InlayHint(
                    position=to_position(place.start, view.document, server.encoding),
                    label=hint.label,
                    kind=types.InlayHintKind.Type,
                    padding_left=hint.kind == "layers",
                )
            )
    return found


def on_analysis(server: Server, analysis: Analysis, before: Analysis | None) -> None:
    """Have the client ask again, unless it has the same hints already, moved along with the text."""
    if before is not None:
        move = moved(before.document.text, analysis.document.text)
        known = [(move.forward(Range(hint.offset, hint.offset)), hint.label) for hint in hints(before)]
        if known == [(Range(hint.offset, hint.offset), hint.label) for hint in hints(analysis)]:
            return
    refresh(server)


def refresh(server: Server) -> None:
    """Have the client ask for all hints again."""
    if server.can("workspace.inlay_hint.refresh_support"):
        server.workspace_inlay_hint_refresh(None)
