"""Reading Jupyter's files: nbformat 3 and 4. What was printed and drawn is not looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shapelens.text.document import document
from shapelens.text.notebook import Cell, Notebook
from shapelens.text.reading import SourceError, read_bytes


def read_notebook(path: Path, uri: str) -> Notebook:
    """The notebook in a file, or `SourceError`."""
    return parse_notebook(read_bytes(path), uri)


def parse_notebook(content: bytes, uri: str) -> Notebook:
    """The notebook that ``content`` describes, or `SourceError`. A cell's URI is its index."""
    try:
        tree = json.loads(content)
    except ValueError as error:  # also what is not UTF-8
        raise SourceError(f"is not a notebook: {str(error)[:1].lower()}{str(error)[1:]}") from None
    except RecursionError:
        raise SourceError("is not a notebook: nested too deeply") from None
    if not isinstance(tree, dict) or not isinstance(tree.get("cells", tree.get("worksheets")), list):
        raise SourceError("is not a notebook: it has no cells")
    cells = tree.get("cells")
    if cells is None:
        cells = [cell for sheet in tree["worksheets"] for cell in _list(_dict(sheet).get("cells"))]
    language = _language(_dict(tree.get("metadata")))
    return Notebook(uri, 0, tuple(_cell(_dict(cell), index, language) for index, cell in enumerate(cells)))


def _cell(cell: dict[str, Any], index: int, language: str) -> Cell:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    own = cell.get("language")  # nbformat 3 has one for each cell
    return Cell(document(str(index), text), cell.get("cell_type") == "code", own if isinstance(own, str) else language)


def _language(metadata: dict[str, Any]) -> str:
    """The kernel's language; Python where none is named."""
    named = _dict(metadata.get("language_info")).get("name") or _dict(metadata.get("kernelspec")).get("language")
    return named if isinstance(named, str) else "python"


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
