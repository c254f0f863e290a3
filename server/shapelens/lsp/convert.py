"""From character ranges to the protocol's positions and back."""

from __future__ import annotations

from lsprotocol import types

from shapelens.engine.analysis import Range
from shapelens.text.document import Document, PositionEncoding


def to_range(place: Range, document: Document, encoding: PositionEncoding) -> types.Range:
    """A range of the protocol."""
    return types.Range(to_position(place.start, document, encoding), to_position(place.end, document, encoding))


def to_position(offset: int, document: Document, encoding: PositionEncoding) -> types.Position:
    """A position of the protocol."""
    return types.Position(*document.position(offset, encoding))


def from_range(place: types.Range, document: Document, encoding: PositionEncoding) -> Range:
    """A character range."""
    return Range(from_position(place.start, document, encoding), from_position(place.end, document, encoding))


def from_position(position: types.Position, document: Document, encoding: PositionEncoding) -> int:
    """A character offset."""
    return document.offset(position.line, position.character, encoding)
