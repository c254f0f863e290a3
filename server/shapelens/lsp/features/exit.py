"""``exit``: leave at once, whatever still runs or reads."""

from __future__ import annotations

import os
import sys

from lsprotocol import types

from shapelens.lsp.server import Server

METHOD = types.EXIT


def handle(server: Server, params: None = None) -> None:
    """End the process; 0 only after ``shutdown``, as the specification wants it.

    A thread that waits for input, or for a slow library, would keep it alive otherwise.
    """
    sys.stderr.flush()
    os._exit(0 if server.is_shut_down else 1)
