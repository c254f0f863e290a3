"""The packages: which there are, which files they have, which Keras they are written for."""

from __future__ import annotations

import importlib.metadata
import os
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

Family: TypeAlias = Literal[2, 3]

ROOT = Path(__file__).parents[2]
BUILD = Path(os.environ.get("SHAPELENS_WILD", ROOT / ".build" / "wild"))
# What `pip` is given: the packages that are analysed, each with its exact version.
REQUIREMENTS = {2: ROOT / ".make" / "wild" / "keras2.txt", 3: ROOT / ".make" / "wild" / "keras3.txt"}


@dataclass(frozen=True, slots=True)
class Package:
    """A distribution with its version, the folder in which it is installed, and its Python files."""

    name: str
    version: str
    family: Family
    folder: Path
    files: tuple[str, ...]


def packages() -> list[Package]:
    """The packages of both families, and Keras itself: the one that the tests run with."""
    found = [_package(name, family, folder_of(family)) for family in (2, 3) for name in _required(family)]
    return [*found, _package("keras", 3, Path(sysconfig.get_path("purelib")))]


def folder_of(family: Family) -> Path:
    """Where the packages of a family are installed."""
    return BUILD / f"keras{family}"


def _required(family: Family) -> Iterator[str]:
    for line in REQUIREMENTS[family].read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.partition("==")[0]


def _package(name: str, family: Family, folder: Path) -> Package:
    for found in importlib.metadata.distributions(name=name, path=[str(folder)]):
        # Scripts lie elsewhere.
        files = (str(file) for file in found.files or () if file.suffix == ".py" and file.parts[0] != "..")
        return Package(name, found.version, family, folder, tuple(sorted(files)))
    raise SystemExit(f"{name} is not installed in {folder}: run .make/setup.sh wild")
