"""From character ranges to the protocol's positions and back."""

from __future__ import annotations

from lsprotocol import types

from shapelens.engine.analysis import Range
from shapelens.text.document import Document, Part, PositionEncoding


def uri_at(offset: int, document: Document) -> str:
    """The URI that the client knows the place by: that of the document, or of the cell of a notebook."""
    return document.part_at(offset).document.uri


def to_range(place: Range, document: Document, encoding: PositionEncoding) -> types.Range:
    """A range of the protocol, in the cell where it starts if the document is a notebook."""
    part = document.part_at(place.start)
    start = part.document.position(place.start - part.start, encoding)
    end = part.document.position(place.end - part.start, encoding)
    return types.Range(types.Position(*start), types.Position(*end))


def to_position(offset: int, document: Document, encoding: PositionEncoding) -> types.Position:
    """A position of the protocol."""
    return to_range(Range(offset, offset), document, encoding).start


def from_range(place: types.Range, part: Part, encoding: PositionEncoding) -> Range:
    """A character range from one in a cell or a script."""
    return Range(from_position(place.start, part, encoding), from_position(place.end, part, encoding))


def from_position(position: types.Position, part: Part, encoding: PositionEncoding) -> int:
    """A character offset from a position in a cell or a script."""
    return part.start + part.document.offset(position.line, position.character, encoding)
