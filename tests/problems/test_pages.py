"""The documentation pages say what is true: of the catalog, of ShapeLens, and of real Keras."""

from __future__ import annotations

import contextlib
import io
import os
import re
import warnings

import pytest

from shapelens.cli.api import check_text
from shapelens.cli.asking import Asking
from shapelens.problems.catalog import CATALOG
from shapelens.problems.manual import page
from shapelens.shapes.question import Answer, Versions
from tests.support.fake_referee import FakeReferee
from tests.support.problem_pages import documents

CODES = tuple(CATALOG)


def examples(code: str) -> tuple[str, str]:
    """The wrong and the corrected program of a page."""
    wrong, right = re.findall(r"```python\n(.*?)```", page(code) or "", re.DOTALL)
    return wrong, right


def wording(code: str) -> str | None:
    """What the page says that Keras says."""
    found = re.search(r"```text\n(.*?)\n```", page(code) or "", re.DOTALL)
    return found.group(1) if found else None


def test_the_documentation_is_what_the_package_carries() -> None:
    for path, text in documents().items():
        assert path.read_text(encoding="utf-8") == text, f"run python -m tests.support.problem_pages ({path.name})"


@pytest.mark.parametrize("code", CODES)
def test_the_head_is_the_catalogs(code: str) -> None:
    kind = CATALOG[code]
    head = f"# {kind.title}\n\n`{code}` ({kind.severity}): {kind.summary}\n"
    assert (page(code) or "").startswith(head)


def test_unknown_codes_have_no_page() -> None:
    assert page("no-such-code") is None


@pytest.mark.parametrize("code", CODES)
def test_examples_under_shapelens(code: str) -> None:
    wrong, right = examples(code)
    found = check_text(wrong, "wrong.py", asking(wording(code)))["diagnostics"]
    assert [(item["code"], item["severity"]) for item in found] == [(code, CATALOG[code].severity)]
    assert check_text(right, "right.py", asking(None))["diagnostics"] == []


def asking(error: str | None) -> Asking:
    """A Keras that says what the page says; that it does is the next test's matter."""
    referee = FakeReferee(libraries=Versions(keras="3.15.1"))
    if error is not None:
        referee.later = lambda question: Answer(error=error, error_type="ValueError", version="Keras 3.15.1")
    return Asking("python", opener=lambda argv, on_answers: referee)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.keras
def test_examples_under_keras(code: str) -> None:
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    keras = pytest.importorskip("keras")
    # A program of its own counts the names that Keras makes up from the start.
    keras.utils.clear_session(free_memory=False)
    wrong, right = examples(code)
    raised = run(wrong)
    expected = wording(code)
    if CATALOG[code].severity == "error":
        assert raised is not None
        assert expected is not None
        assert expected in raised
    else:
        assert raised is None
    assert run(right) is None


def run(program: str) -> str | None:
    """What the program raises."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            exec(compile(program, "example.py", "exec"), {"__name__": "__main__"})
        except Exception as error:
            return re.sub(r"\x1b\[[0-9;]*m", "", str(error.args[0] if isinstance(error, KeyError) else error))
    return None
