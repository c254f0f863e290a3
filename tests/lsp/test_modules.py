"""An edit of one open file reaches the open files that import it; so does a change on disk."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from .conftest import ENVIRONMENT, answer_requests


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[sys.executable, "-m", "shapelens", "lsp"], server_env=ENVIRONMENT)
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """VS Code."""
    answer_requests(lsp_client)
    options = {"diagnostics": {"delay": 0, "maxDelay": 0}}
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities("visual-studio-code"), initialization_options=options)
    )
    yield
    await lsp_client.shutdown_session()


async def until(client: LanguageClient, uri: str, count: int) -> None:
    while len(client.diagnostics.get(uri, [])) != count:
        await asyncio.wait_for(client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 10)


@pytest.mark.asyncio
async def test_edits_of_modules_reach_the_program(client: LanguageClient, tmp_path: Path) -> None:
    module, program = tmp_path / "sizes.py", tmp_path / "main.py"
    text = "import keras\nfrom sizes import shape\nkeras.layers.Conv2D(8, 3)(keras.Input(shape))\n"
    module.write_text("shape = (28, 28, 1)\n")
    uri, module_uri = program.as_uri(), module.as_uri()
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 1, text)))
    item = types.TextDocumentItem(module_uri, "python", 1, "shape = (28, 28)\n")
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await until(client, uri, 1)
    change = types.TextDocumentContentChangeWholeDocument("shape = (28, 28, 3)\n")
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, module_uri), [change])
    )
    await until(client, uri, 0)
    module.write_text("shape = (28,)\n")
    client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(module_uri)))
    await until(client, uri, 1)
    module.unlink()
    event = types.FileEvent(module_uri, types.FileChangeType.Deleted)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await until(client, uri, 0)
