"""Writes ``docs/problems/`` from the pages that the package carries, with an index.

Run ``python -m tests.support.problem_pages`` after a page or the catalog has changed.
"""

from __future__ import annotations

from pathlib import Path

from shapelens.problems.catalog import CATALOG
from shapelens.problems.manual import DOCUMENTATION, page

ROOT = Path(__file__).parents[2]


def documents() -> dict[Path, str]:
    """Every file of ``docs/problems/`` with its text."""
    folder = ROOT / DOCUMENTATION
    lines = [
        "# Problems",
        "",
        "What ShapeLens reports. Errors raise under Keras; warnings run, but cannot be meant.",
        "",
    ]
    found: dict[Path, str] = {}
    for code, kind in CATALOG.items():
        text = page(code)
        assert text is not None
        found[folder / f"{code}.md"] = text
        lines.append(f"- [`{code}`]({code}.md) ({kind.severity}): {kind.summary}")
    found[folder / "README.md"] = "\n".join(lines) + "\n"
    return found


def main() -> None:
    """Write the files."""
    for path, text in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
