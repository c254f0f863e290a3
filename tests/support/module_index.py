"""Writes ``docs/modules.md``: every module of the server, by room, with the first sentence of its docstring.

Run ``python -m tests.support.module_index`` after a module came, went, or tells something else of itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server" / "shapelens"
PAGE = ROOT / "docs" / "modules.md"
HEAD = """\
# Every module

By room, each with what it says of itself. What rooms may know of each other is told in
[ARCHITECTURE.md](ARCHITECTURE.md). Written by `python -m tests.support.module_index`."""


def text() -> str:
    """The page."""
    lines = [HEAD]
    room = None
    for path in sorted(SERVER.rglob("*.py"), key=lambda path: (path.parent, path.name)):
        said = first_sentence(path)
        if said is None:
            continue
        folder = path.parent.relative_to(SERVER).as_posix()
        if folder != room:
            room = folder
            lines.append(f"\n## {'shapelens' if folder == '.' else folder}\n")
        lines.append(f"- `{path.name}`: {said}")
    return "\n".join(lines) + "\n"


def first_sentence(path: Path) -> str | None:
    """The first sentence of a module's docstring; `None` where there is no code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = ast.get_docstring(tree)
    if path.name == "__init__.py" and len(tree.body) < 2:
        return None
    paragraph = " ".join((said or "").split("\n\n")[0].split())
    return next(_sentences(paragraph), "").replace("``", "`")


def _sentences(paragraph: str) -> Iterator[str]:
    yield from re.split(r"(?<=[.!?])\s+(?=[A-Z`])", paragraph)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
