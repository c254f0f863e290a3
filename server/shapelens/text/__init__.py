"""Documents, positions and error-tolerant parsing; knows nothing of the rest."""

from shapelens.text.document import (
    Document,
    Part,
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
    "Part",
    "Position",
    "PositionEncoding",
    "Unit",
    "apply_change",
    "document",
    "replace_range",
    "split",
]
