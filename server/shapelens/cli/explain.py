"""``shapelens explain``: the documentation page of a problem code."""

from __future__ import annotations

from difflib import get_close_matches

from shapelens.cli.files import complain
from shapelens.cli.main import CLEAN, USAGE
from shapelens.problems.catalog import CATALOG
from shapelens.problems.manual import page

_SYNTAX_ERROR = """\
# syntax-error

A statement is not valid Python, so ShapeLens does not know what it does and says nothing about it.
The other statements are analysed all the same; names that the broken statement seems to assign
count as unknown.
"""


def explain(code: str | None) -> int:
    """Print the page of ``code``, or the list of codes; the exit code."""
    if code is None:
        width = max(map(len, CATALOG))
        for kind in CATALOG.values():
            print(f"{kind.code:<{width}}  {kind.severity:<7}  {kind.summary}")
        return CLEAN
    text = _SYNTAX_ERROR if code == "syntax-error" else page(code)
    if text is None:
        close = get_close_matches(code, CATALOG, n=1)
        hint = f"did you mean {close[0]}?" if close else "`shapelens explain` lists all."
        complain(f"there is no problem code {code!r}; {hint}")
        return USAGE
    print(text.rstrip("\n"))
    return CLEAN
