"""The language server with the stub interpreter, as a process."""

from __future__ import annotations

import sys

from shapelens.engine.analyze import Interpreter
from shapelens.lsp.server import serve
from support.stub_interpreter import Stub

if __name__ == "__main__":
    sys.exit(serve(Interpreter(Stub())))
