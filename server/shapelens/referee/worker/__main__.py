"""Started by its path, as ``python .../worker/__main__.py``, where ShapeLens is not installed.

Neither this folder nor the current one may be where Python finds modules: a ``keras.py`` of the user's, or a
file of ours, would be taken for the library. So the folder above becomes a package under a name of its own.
"""

import importlib
import sys
import types
from pathlib import Path

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != HERE]
    package = types.ModuleType("shapelens_referee")
    package.__path__ = [str(HERE.parent)]
    sys.modules[package.__name__] = package
    importlib.import_module(f"{package.__name__}.worker.loop").main()
