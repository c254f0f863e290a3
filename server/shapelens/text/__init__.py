"""Documents, positions and error-tolerant parsing; knows nothing of the rest."""

from shapelens.text.document import (
    Document,
    Position,
    PositionEncoding,
    apply_change,
    document,
    replace_range,
)
from shapelens.text.split import Layout, split
from shapelens.text.unit import Unit

__all__ = [
    "Document",
    "Layout",
    "Position",
    "PositionEncoding",
    "Unit",
    "apply_change",
    "document",
    "replace_range",
    "split",
]
