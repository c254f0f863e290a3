"""The same server as three editors see it."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

TESTS = Path(__file__).parent.parent
STUB_SERVER = [sys.executable, str(TESTS / "support" / "stub_server.py")]
ENVIRONMENT = {
    **os.environ,
    "SHAPELENS_STRICT": "1",
    "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "server"), str(TESTS)]),
}
EDITORS = ["visual-studio-code", "neovim@v0.11", "emacs"]


@dataclass
class Asked:
    """What the server asked the client for."""

    refreshes: int = 0
    registrations: list[types.Registration] = field(default_factory=list)


def answer_requests(client: LanguageClient) -> Asked:
    """Have the client answer what a server may ask; what it was asked for is written down."""
    asked = Asked()

    @client.feature(types.WORKSPACE_INLAY_HINT_REFRESH)
    def refresh(params: None) -> None:
        asked.refreshes += 1

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        asked.registrations += params.registrations

    return asked


@dataclass
class Editor:
    """A client whose session is initialised: what it declared and what it was told."""

    client: LanguageClient
    capabilities: types.ClientCapabilities
    server: types.InitializeResult
    asked: Asked


@pytest_lsp.fixture(params=EDITORS, config=ClientServerConfig(server_command=STUB_SERVER, server_env=ENVIRONMENT))
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient) -> AsyncIterator[None]:
    """A session without delays."""
    capabilities = client_capabilities(request.param)
    params = types.InitializeParams(
        capabilities=capabilities, initialization_options={"diagnostics": {"delay": 0, "maxDelay": 0}}
    )
    asked = answer_requests(lsp_client)
    editor = Editor(lsp_client, capabilities, await lsp_client.initialize_session(params), asked)
    lsp_client.editor = editor  # type: ignore[attr-defined]
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient) -> Editor:
    """The session with what was negotiated; `pytest_lsp` itself hands out the bare client."""
    return client.editor  # type: ignore[attr-defined,no-any-return]
