"""The language server with the stub interpreter, as a process."""

from __future__ import annotations

import sys

from support.stub_interpreter import Stub

from shapelens.engine.analyze import Interpreter
from shapelens.lsp.server import serve

if __name__ == "__main__":
    sys.exit(serve(Interpreter(Stub())))
