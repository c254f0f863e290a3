"""What ShapeLens says of ``examples/`` is what real Keras does with them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shapelens.cli.api import check_text, shapes_text
from tests.support.keras_run import KerasProcess, agrees, why_not
from tests.support.shapelens_run import apply_fix

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))

pytestmark = [pytest.mark.keras, pytest.mark.skipif(bool(why_not()), reason=why_not() or "Keras is here")]
examples = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def keras() -> Iterator[KerasProcess]:
    process = KerasProcess()
    yield process
    process.close()


@cache
def errors(path: Path) -> list[dict[str, Any]]:
    answer: Any = check_text(path.read_text(encoding="utf-8"), str(path))
    return [item for item in answer["diagnostics"] if item["severity"] == "error"]


@examples
def test_errors_stand_where_keras_raises(path: Path, keras: KerasProcess) -> None:
    run = keras.run(path.read_text(encoding="utf-8"))
    assert not run.failure
    raised = {error.line for error in run.errors}
    found = {next((line for line in raised if error["line"] <= line <= error["end_line"]), 0) for error in errors(path)}
    assert found == raised
    assert bool(raised) == (path.stem != "photos")


@examples
def test_shapes_are_those_of_keras(path: Path, keras: KerasProcess) -> None:
    text = path.read_text(encoding="utf-8")
    run = keras.run(text)
    answer: Any = shapes_text(text, str(path))
    compared = 0
    for site in answer["sites"]:
        span = (site["line"], site["column"], site["end_line"], site["end_column"])
        seen = run.values.get(span, [])
        shape = _sizes(site["output_shape"])
        if shape is None or not seen:
            continue
        compared += 1
        assert any(agrees(shape, real, True) for real in seen), f"{path.name}:{span}: {shape}, really {seen}"
    assert compared >= 5


@examples
def test_fixes_help(path: Path, keras: KerasProcess) -> None:
    text = path.read_text(encoding="utf-8")
    before = len(keras.run(text).errors)
    for error in errors(path):
        for fix in error["fixes"]:
            after = keras.run(apply_fix(text, fix)).errors
            assert len(after) < before, f"{path.name}:{error['line']}: {fix['title']} leaves {after}"


def _sizes(shape: Any) -> Any:
    """A shape of the contract as a fixture's: what is symbolic may be any size."""
    if not isinstance(shape, list):
        return None
    return [None if isinstance(size, str) else size for size in shape]
