"""The documentation pages: what a code means, why it matters, a wrong example and its correction."""

from __future__ import annotations

from importlib import resources

from shapelens.problems.catalog import CATALOG

DOCUMENTATION = "docs/problems"


def page(code: str) -> str | None:
    """The page of ``code`` in Markdown, or `None` when there is no such code."""
    if code not in CATALOG:
        return None
    return (resources.files("shapelens.problems") / "pages" / f"{code}.md").read_text(encoding="utf-8")


def location(code: str) -> str:
    """Where the page is in the project, for links."""
    return f"{DOCUMENTATION}/{code}.md"
