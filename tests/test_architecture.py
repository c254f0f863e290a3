"""Who may know whom: the imports of every file against the rooms of the design."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).parent.parent / "server" / "shapelens"

# The arrows of docs/ARCHITECTURE.md. A room always knows itself; `__init__` (the version) is everybody's.
ROOMS = {
    "text": set(),
    "shapes": set(),
    "names": {"text"},
    "values": {"shapes"},
    "library": {"shapes", "values"},
    "interp": {"text", "shapes", "values", "names", "library"},
    "referee": {"shapes"},
    "problems": {"values", "shapes", "text"},
    "engine": {"interp", "problems", "referee", "text", "shapes", "values"},
    "ide": {"engine", "problems", "text", "shapes", "values"},
    "lsp": {"engine", "ide", "text"},
    "cli": {"engine", "ide", "text"},
}
# Except for these: the command line starts the language server, and ``python -m`` the command line.
EXCEPTIONS = {("cli/main.py", "lsp"), ("__main__.py", "cli")}

# Who may import what is not ours.
GUARDED = {"jedi": "names", "parso": "names", "pygls": "lsp", "lsprotocol": "lsp"}
NEVER = {"tensorflow", "keras", "torch", "jax"}

FILES = sorted(path.relative_to(SERVER).as_posix() for path in SERVER.rglob("*.py"))


def imported(file: str) -> Iterator[str]:
    """Every module that a file imports, wherever in the file, by its full name."""
    package = ["shapelens", *Path(file).parts[:-1]]
    for node in ast.walk(ast.parse((SERVER / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            if module == "shapelens":
                yield from (f"shapelens.{alias.name}" for alias in node.names)


def room_of(file: str) -> str:
    return file.split("/")[0] if "/" in file else ""


@pytest.mark.parametrize("file", FILES)
def test_arrows_between_rooms(file: str) -> None:
    room = room_of(file)
    for module in imported(file):
        parts = module.split(".")
        if parts[0] != "shapelens" or len(parts) == 1 or parts[1] == "__version__":
            continue
        target = parts[1]
        assert target in ROOMS, f"{file} imports {module}, which is in no room"
        allowed = ROOMS.get(room, set()) | {room}
        assert target in allowed or (file, target) in EXCEPTIONS, f"{file} must not know {target}"


@pytest.mark.parametrize("file", FILES)
def test_foreign_libraries_stay_in_their_rooms(file: str) -> None:
    for module in imported(file):
        library = module.split(".")[0]
        if library in NEVER:
            assert file.startswith("referee/worker/"), f"{file} imports {library}"
        elif library in GUARDED:
            assert room_of(file) == GUARDED[library], f"{file} imports {library}"


def test_the_worker_stands_alone() -> None:
    for file in FILES:
        for module in imported(file) if file.startswith("referee/worker/") else ():
            ours = module.startswith("shapelens")
            own = module == "shapelens.referee.protocol" or module.startswith("shapelens.referee.worker.")
            assert not ours or own or module == "shapelens.referee.worker", f"{file} imports {module}"


def test_every_folder_is_a_room() -> None:
    folders = {path.name for path in SERVER.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= set(ROOMS)
