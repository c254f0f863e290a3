"""Starts the ShapeLens that lies in libs/ beside this file.

Not `python -m shapelens` with a PYTHONPATH, for two reasons. `-m` puts the current folder, which
may be the user's workspace, in front of everything, so that a file named like a library's module
would be run. And PYTHONPATH is handed down to child processes: the user's own Keras would then
import this extension's copies of packages that it shares with us.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

# The first entry is this file's own folder, which holds nothing to import. The bundled packages
# take its place in front of the interpreter's own, because the server was tested with exactly
# these; numpy is not among them and comes from the interpreter.
sys.path[0] = str(Path(__file__).resolve().parent / "libs")
sys.argv[0] = "shapelens"
runpy.run_module("shapelens", run_name="__main__")
