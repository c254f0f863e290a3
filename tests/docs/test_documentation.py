"""What the documentation says is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shapelens import __version__
from shapelens.cli.api import check_text, shapes_text
from shapelens.engine.analyze import MAX_UNCALLED_STEPS
from shapelens.interp import control
from shapelens.interp.imports import MAX_MODULE_STEPS, MAX_MODULES
from shapelens.text.reading import MAX_BYTES
from tests.support import module_index

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "client" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES += sorted((ROOT / "benchmarks").glob("*.md"))
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")

PROGRAM = """\
import numpy as np
from tensorflow.keras.layers import Conv2D

images = np.random.rand(10, 28, 28, 3)
conv = Conv2D(32, 3)
maps = conv(images)

photo = np.random.rand(28, 28, 3)
layer = Conv2D(32, 3)
features = layer(photo)
"""


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_settings_are_those_of_the_extension() -> None:
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    properties = manifest["contributes"]["configuration"]["properties"]
    rows = re.findall(r"^\| `(shapelens\.[\w.]+)` \| `(.*?)` \| (.*) \|$", readme(), re.MULTILINE)
    assert {name: json.loads(default) for name, default, _ in rows} == {
        name: declared["default"] for name, declared in properties.items()
    }


def test_every_module_is_in_the_index() -> None:
    assert module_index.PAGE.read_text(encoding="utf-8") == module_index.text(), (
        "run python -m tests.support.module_index"
    )


def test_every_module_says_what_it_is() -> None:
    silent = [path.name for path in module_index.SERVER.rglob("*.py") if module_index.first_sentence(path) == ""]
    assert silent == []


def test_the_version_is_the_same_everywhere() -> None:
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert manifest["version"] == __version__
    assert f'version = "{__version__}"' in project
    assert f"shapelens-{__version__}.vsix" in readme()


def test_the_json_that_the_readme_shows_is_the_contract() -> None:
    diagnostics, sites = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", readme(), re.DOTALL))
    said: Any = check_text(PROGRAM, "photos.py")
    assert _without_words(diagnostics) == _without_words(said)
    shown: Any = shapes_text(PROGRAM, "photos.py")
    assert sites["sites"][0] in shown["sites"]


def test_the_limits_are_those_of_the_interpreter() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE))
    assert rows["steps of one top-level statement"] == f"{control.FUEL:,}"
    assert rows["depth of calls, of the same function"] == (
        f"{control.MAX_CALL_DEPTH}, {control.MAX_SAME_FUNCTION_DEPTH}"
    )
    assert rows["iterations of a loop that are followed one by one"] == f"{control.MAX_ITERATIONS}"
    assert rows["items of a list"] == f"{control.MAX_COLLECTION:,}"
    assert rows["an int, a string"] == f"{control.MAX_INT_BITS} bits, {control.MAX_STRING:,} characters"
    assert rows["one file"] == f"20 seconds, {MAX_BYTES // 1_000_000} MB"
    assert f"at most {MAX_MODULES} modules or {MAX_MODULE_STEPS:,} steps" in page
    assert f"all together have {MAX_UNCALLED_STEPS:,} steps" in page


def _without_words(answer: Any) -> Any:
    """Sentences are not part of the contract: they get better."""
    if isinstance(answer, dict):
        return {key: "..." if key in ("message", "title") else _without_words(item) for key, item in answer.items()}
    return [_without_words(item) for item in answer] if isinstance(answer, list) else answer
