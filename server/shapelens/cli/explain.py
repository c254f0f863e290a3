"""``shapelens explain``: the documentation page of a problem code."""

from __future__ import annotations

from shapelens.cli.files import complain
from shapelens.cli.main import CLEAN, USAGE
from shapelens.ide import pages


def explain(code: str | None) -> int:
    """Print the page of ``code``, or the list of codes; the exit code."""
    if code is None:
        listing = pages.listing()
        width = max(len(name) for name, _, _ in listing)
        for name, severity, summary in listing:
            print(f"{name:<{width}}  {severity:<7}  {summary}")
        return CLEAN
    text = pages.page(code)
    if text is None:
        meant = pages.similar(code)
        hint = f"did you mean {meant}?" if meant else "`shapelens explain` lists all."
        complain(f"there is no problem code {code!r}; {hint}")
        return USAGE
    print(text.rstrip("\n"))
    return CLEAN
