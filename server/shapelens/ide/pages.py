"""The documentation of problem codes."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from shapelens.problems import manual
from shapelens.problems.catalog import CATALOG

SYNTAX_ERROR = "syntax-error"
_SYNTAX_ERROR_PAGE = """\
# syntax-error

A statement is not valid Python, so ShapeLens does not know what it does and says nothing about it.
The other statements are analysed all the same; names that the broken statement seems to assign
count as unknown.
"""


def page(code: str) -> str | None:
    """The page of a code in Markdown; `None` when there is no such code."""
    return _SYNTAX_ERROR_PAGE if code == SYNTAX_ERROR else manual.page(code)


def listing() -> list[tuple[str, str, str]]:
    """Every problem code with its severity and what it means in one line."""
    return [(kind.code, kind.severity, kind.summary) for kind in CATALOG.values()]


def similar(code: str) -> str | None:
    """The code that somebody probably meant."""
    return next(iter(get_close_matches(code, CATALOG, n=1)), None)


def url(code: str) -> str:
    """A link to the page of a code; it is installed beside the program."""
    return (Path(manual.__file__).parent / "pages" / f"{code}.md").as_uri()
