"""Documents: positions in every encoding, and edits as editors send them."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapelens.text import PositionEncoding, apply_change, document
from shapelens.text.lines import index_lines, reindex_lines

TEXT = st.text(alphabet="ab\n\r\f\u2028é😀")
ENCODINGS: list[PositionEncoding] = ["utf-8", "utf-16", "utf-32"]


@given(TEXT, TEXT, st.integers(0, 20), st.integers(0, 20))
def test_the_line_index_follows_every_edit(text: str, inserted: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    new = text[:start] + inserted + text[end:]
    assert reindex_lines(index_lines(text), start, end, new) == index_lines(new)


@given(TEXT, st.sampled_from(ENCODINGS))
def test_positions_and_offsets_are_inverse(text: str, encoding: PositionEncoding) -> None:
    doc = document("u", text)
    for offset in range(len(text) + 1):
        position = doc.position(offset, encoding)
        if text[offset - 1 : offset + 1] != "\r\n":  # between these two no editor has a position
            assert doc.offset(*position, encoding) == offset


@given(TEXT, st.tuples(st.integers(-1, 9), st.integers(-1, 9)), st.tuples(st.integers(-1, 9), st.integers(-1, 9)))
def test_no_edit_raises(text: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    for encoding in ENCODINGS:
        changed = apply_change(document("u", text), start, end, "new", encoding)
        assert "new" in changed.text
        assert changed.lines == index_lines(changed.text)


def test_only_three_line_ends_count() -> None:
    doc = document("u", "a\fb\u2028c\x85d\nx")
    assert doc.lines.starts == (0, 8)
    assert doc.offset(1, 0) == 8


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
def test_columns_count_units_of_the_encoding(encoding: PositionEncoding, column: int) -> None:
    doc = document("u", "é😀a= 1")
    assert doc.position(3, encoding).column == column
    assert doc.offset(0, column, encoding) == 3


def test_places_beyond_a_line_mean_its_end() -> None:
    doc = document("u", "ab\r\ncd")
    assert [doc.offset(0, 99), doc.offset(9, 0), doc.offset(1, 99)] == [2, 6, 6]


def test_columns_of_the_parser_are_bytes() -> None:
    from shapelens.text import split

    text = "x = 'é😀' + name"
    unit = split(text).units[0]
    names = [node for node in ast.walk(unit.statements[0]) if isinstance(node, ast.Name)]
    assert text[slice(*unit.range_of(names[-1]))] == "name"
