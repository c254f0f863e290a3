"""``textDocument/hover``."""

from __future__ import annotations

from lsprotocol import types

from shapelens.ide.hover import hover, plain_text
from shapelens.lsp.convert import from_position, to_range
from shapelens.lsp.server import Server

METHOD = types.TEXT_DOCUMENT_HOVER


async def handle(server: Server, params: types.HoverParams) -> types.Hover | None:
    """The card for a place, from the newest finished analysis."""
    view = await server.session.view(params.text_document.uri)
    if view is None:
        return None
    part = view.document.part_of(params.text_document.uri)
    if part is None:
        return None
    offset = view.move.back(from_position(params.position, part, server.encoding))
    card = None if offset is None else hover(view.analysis, offset)
    if card is None:
        return None
    place = view.move.forward(card.range)
    formats = server.client_capabilities.text_document
    accepted = formats.hover.content_format if formats and formats.hover else None
    contents = types.MarkupContent(types.MarkupKind.Markdown, card.markdown)
    if accepted is not None and types.MarkupKind.Markdown not in accepted:
        contents = types.MarkupContent(types.MarkupKind.PlainText, plain_text(card.markdown))
    return types.Hover(
        contents=contents,
        range=None if place is None else to_range(place, view.document, server.encoding),
    )
