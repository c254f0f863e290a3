"""One server for all hostile programs: it answers each, and still works afterwards."""

from __future__ import annotations

import time
from pathlib import Path

from tests.cli.test_cli import HOSTILE
from tests.support.editor import Editor

EVERYTHING = {"start": {"line": 0, "character": 0}, "end": {"line": 100_000, "character": 0}}


def test_hostile_documents_are_answered(tmp_path: Path) -> None:
    with Editor({"diagnostics": {"delay": 0}}, seconds=300) as editor:
        for number, text in enumerate(HOSTILE.values()):
            uri = (tmp_path / f"hostile{number}.py").as_uri()
            start = time.monotonic()
            editor.open(text, uri)
            editor.about("hover", uri, position=EVERYTHING["start"])
            editor.about("inlayHint", uri, range=EVERYTHING)
            editor.about("codeAction", uri, range=EVERYTHING, context={"diagnostics": []})
            editor.about("documentSymbol", uri)
            assert time.monotonic() - start < 20, text[:200]
            editor.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        uri = (tmp_path / "last.py").as_uri()
        editor.open("import numpy as np\nx = np.zeros((2, 3))\n", uri)
        until = time.monotonic() + 60
        while not (found := editor.about("inlayHint", uri, range=EVERYTHING)) and time.monotonic() < until:
            time.sleep(0.1)
        assert [hint["label"] for hint in found] == [": (2, 3)"]
