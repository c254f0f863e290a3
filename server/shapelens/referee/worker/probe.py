"""Started by its path: prints the versions of the libraries as a line of JSON, without importing any.

The folders of ``sys.path`` have one folder of metadata for each installed package, whose name holds its version.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys

METADATA = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(-py[\d.]+)?\.(dist|egg)-info$")


def installed() -> dict[str, tuple[str, str]]:
    """The version and the folder of metadata of every package, by its normalised name."""
    found: dict[str, tuple[str, str]] = {}
    for entry in sys.path[1:]:
        try:
            names = sorted(os.listdir(entry))
        except OSError:
            continue
        for name in names:
            match = METADATA.match(name)
            if match:
                key = re.sub(r"[-_.]+", "-", match["name"]).lower()
                found.setdefault(key, (match["version"], os.path.join(entry, name)))
    return found


def versions() -> dict[str, str]:
    """As `protocol` writes them. ``keras`` is what ``tensorflow.keras`` means, if there is TensorFlow."""
    packages = installed()
    tensorflow = next((version for version, folder in packages.values() if _holds(folder, "tensorflow")), "")
    keras = packages.get("keras", ("", ""))[0]
    legacy = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    if legacy and _numbers(tensorflow) >= (2, 16):
        keras = packages.get("tf-keras", (keras, ""))[0]
    numpy = packages.get("numpy", ("", ""))[0]
    return {"python": platform.python_version(), "keras": keras, "tensorflow": tensorflow, "numpy": numpy}


def _holds(folder: str, module: str) -> bool:
    """Whether a package brings this module: TensorFlow has a dozen names (``tensorflow-cpu``, ``tf-nightly``)."""
    if not re.match(r"(.*[-_])?(tensorflow|tf)[-_]", os.path.basename(folder).lower()):
        return False
    try:
        with open(os.path.join(folder, "top_level.txt"), encoding="utf-8") as file:
            return module in file.read().split()
    except OSError:
        return False


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


if __name__ == "__main__":
    print(json.dumps(versions()))
