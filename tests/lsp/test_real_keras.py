"""The installed server and the installed Keras: confirmed late, and again after its worker was killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from .conftest import ENVIRONMENT, answer_requests

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the worker as Linux does"),
]
URI = "file:///project/asking.py"
TEXT = "import keras\nfrom keras import layers\n\nx = keras.Input((4,))\ny = layers.Conv2D(3, 2)(x)\n"
# A Keras takes seconds to import, and longer where other tests run.
SECONDS = 120.0


@pytest_lsp.fixture(
    config=ClientServerConfig(
        server_command=[sys.executable, "-m", "shapelens", "lsp"],
        server_env={**ENVIRONMENT, "SHAPELENS_NO_KERAS": ""},
    )
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """A session that may ask."""
    answer_requests(lsp_client)
    await lsp_client.initialize_session(types.InitializeParams(capabilities=client_capabilities("visual-studio-code")))
    yield
    await lsp_client.shutdown_session()


def descendants(process: int) -> list[int]:
    """The processes that a process started, and those that they did."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *descendants(int(child))]
    return found


def workers() -> list[int]:
    """The processes below this one that are the referee's."""
    found = []
    for process in descendants(os.getpid()):
        try:
            command = Path(f"/proc/{process}/cmdline").read_bytes()
        except OSError:
            continue
        if b"referee" in command:
            found.append(process)
    return found


async def confirmed(client: LanguageClient, marker: str) -> bool:
    """Whether Keras's own words come, with ``marker`` in our sentence before them."""
    for _ in range(int(SECONDS * 5)):
        messages = [diagnostic.message for diagnostic in client.diagnostics.get(URI, [])]
        if any("\nKeras " in message and marker in message for message in messages):
            return True
        await asyncio.sleep(0.2)
    return False


@pytest.mark.asyncio
async def test_a_killed_worker_is_replaced(client: LanguageClient) -> None:
    item = types.TextDocumentItem(URI, "python", 1, TEXT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    # Sizes that no other run has asked about: the memo would answer without a worker.
    size = os.getpid() % 100_000 + 10
    edit = types.TextDocumentContentChangeWholeDocument(text=TEXT.replace("(4,)", f"({size},)"))
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, URI), [edit])
    )
    assert await confirmed(client, f"(None, {size})")
    for worker in workers():
        os.kill(worker, signal.SIGKILL)
    other = types.TextDocumentContentChangeWholeDocument(text=TEXT.replace("(4,)", f"({size + 1},)"))
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(3, URI), [other])
    )
    params = types.HoverParams(types.TextDocumentIdentifier(URI), types.Position(3, 0))
    assert await client.text_document_hover_async(params) is not None
    assert await confirmed(client, f"(None, {size + 1})")
