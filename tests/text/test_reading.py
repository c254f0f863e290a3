"""Reading files: what Python reads is read, everything else gets one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapelens.text.reading import SourceError, decode_source, read_source


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfx = 1\r\n", "x = 1\r\n"),
        ("# -*- coding: latin-1 -*-\nx = 'é'".encode("latin-1"), "# -*- coding: latin-1 -*-\nx = 'é'"),
        ("x = 'é'".encode(), "x = 'é'"),
        (
            "#!/usr/bin/python\n# coding=cp1252\nx = '€'".encode("cp1252"),
            "#!/usr/bin/python\n# coding=cp1252\nx = '€'",
        ),
    ],
)
def test_declared_encodings(content: bytes, text: str) -> None:
    assert decode_source(content) == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x = 1\n\n\ny = '\xe9'\n", "is not valid utf-8: byte 0xe9 on line 4"),
        (b"'\xe9'\n", "is not valid utf-8: byte 0xe9 on line 1"),
        (b"x = 1\0", "contains null bytes"),
        ("x = 1".encode("utf-16"), "UTF-16"),
        (b"# coding: klingon\n", "does not know"),
        (b"# coding: rot13\n", "not a text encoding"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "does not know"),
    ],
)
def test_unreadable_content_is_explained(content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        decode_source(content)
    assert "\n" not in str(caught.value)


def test_places_that_are_no_files(tmp_path: Path) -> None:
    for path, message in [
        (tmp_path, "is a directory"),
        (tmp_path / "missing.py", "no such file"),
        (Path("/dev/zero"), "not a regular file"),
        (Path("a\0b"), "null"),
    ]:
        with pytest.raises(SourceError, match=message):
            read_source(path)
