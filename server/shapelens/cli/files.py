"""Which files the arguments of the command line mean."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from shapelens.text.document import Document, document
from shapelens.text.ipynb import read_notebook
from shapelens.text.reading import SourceError, read_source

NOTEBOOK = ".ipynb"
# Folders of other people's code, and of none.
_SKIPPED = {"__pycache__", "node_modules", "site-packages", "build", "dist"}


def python_files(path: Path) -> Iterator[Path]:
    """``path`` itself, or the Python files and notebooks below it when it is a directory, in order."""
    if not path.is_dir():
        yield path
        return
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if _is_searched(Path(folder, name)))
        for file in sorted(files):
            if file.endswith((".py", NOTEBOOK)):
                yield Path(folder, file)


def read_or_complain(path: Path) -> Document | None:
    """The program in a file, or `None` after one line on standard error that says why not."""
    try:
        uri = path.absolute().as_uri()
        if path.suffix == NOTEBOOK:
            return read_notebook(path, uri).program
        return document(uri, read_source(path))
    except SourceError as error:
        complain(f"{path}: {error}")
        return None


def complain(message: str) -> None:
    """Say on standard error what cannot be done."""
    print(f"shapelens: {message}", file=sys.stderr)


def _is_searched(folder: Path) -> bool:
    return folder.name not in _SKIPPED and not folder.name.startswith(".") and not (folder / "pyvenv.cfg").exists()
