"""Places of an older text in a newer one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shapelens.engine.analysis import Range
from shapelens.engine.moved import moved

TEXT = st.text(alphabet="ab\n", max_size=12)


@given(TEXT, TEXT, TEXT, TEXT)
def test_places_outside_of_an_edit_keep_their_text(head: str, old: str, new: str, tail: str) -> None:
    before, after = head + old + tail, head + new + tail
    move = moved(before, after)
    for start in range(len(before) + 1):
        for end in range(start, len(before) + 1):
            place = move.forward(Range(start, end))
            if place is not None:
                assert before[start:end] == after[slice(*place)]
            else:
                assert end > len(head)
    for offset in range(len(after) + 1):
        back = move.back(offset)
        assert back is None or 0 <= back <= len(before)
