"""A server whose Keras answers late, never, or not at all."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from .conftest import ENVIRONMENT, TESTS, Asked, answer_requests

URI = "file:///project/asking.py"
TEXT = """\
import keras
from keras import layers

x = keras.Input((4,))
y = layers.Conv2D(3, 2)(x)
z = keras.ops.unruled(x)
w = layers.Dense(5)(z)
"""
SERVER = str(TESTS / "support" / "asking_server.py")


class Published(dict[str, Any]):
    """The newest diagnostics by document, and how often any came."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def __setitem__(self, uri: str, diagnostics: Any) -> None:
        self.times += 1
        super().__setitem__(uri, diagnostics)


class Told:
    """What the server told its client."""

    def __init__(self) -> None:
        self.published = Published()
        self.asked = Asked()
        self.statuses: list[dict[str, Any]] = []


async def opened(client: LanguageClient, text: str = TEXT, wants_status: bool = True) -> Told:
    """A session with a document open and its first diagnostics there, if it has any."""
    told = Told()
    client.diagnostics = told.published
    told.asked = answer_requests(client)

    @client.feature("shapelens/status")
    def status(params: Any) -> None:
        told.statuses.append(params._asdict() if hasattr(params, "_asdict") else vars(params))

    capabilities = client_capabilities("neovim@v0.11")
    if wants_status:
        capabilities.experimental = {"shapelensStatus": True}
    options = {"diagnostics": {"delay": 0, "maxDelay": 0}}
    await client.initialize_session(types.InitializeParams(capabilities=capabilities, initialization_options=options))
    item = types.TextDocumentItem(URI, "python", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await hover(client, 3, 0)
    return told


def shown(client: LanguageClient) -> list[str]:
    return [diagnostic.message for diagnostic in client.diagnostics.get(URI, [])]


async def hover(client: LanguageClient, line: int, character: int) -> str:
    params = types.HoverParams(types.TextDocumentIdentifier(URI), types.Position(line, character))
    found = await client.text_document_hover_async(params)
    return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""


def configured(mode: str) -> ClientServerConfig:
    return ClientServerConfig(server_command=[sys.executable, SERVER, mode], server_env=ENVIRONMENT)


@pytest_lsp.fixture(config=configured("late"))
async def late(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """Answers come after half a second."""
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=configured("never"))
async def never(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """Answers never come."""
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=configured("dying"))
async def dying(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """The worker has died."""
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=configured("absent"))
async def absent(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """There is no Keras."""
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_late_answers_refresh_once(late: LanguageClient) -> None:
    told = await opened(late)
    assert "the installed Keras is being asked" in await hover(late, 5, 0)
    assert "\nRaises: " in shown(late)[0]
    assert (told.published.times, told.asked.refreshes) == (1, 1)
    await asyncio.sleep(2.0)
    assert (told.published.times, told.asked.refreshes) == (2, 2)
    assert shown(late)[0].splitlines()[1] == "Keras 3.15.1: The words of Keras."
    assert "answered by Keras 3.15.1" in await hover(late, 5, 0)
    assert "(None, 9) float32" in await hover(late, 5, 0)


@pytest.mark.asyncio
async def test_everything_is_answered_while_keras_is_silent(never: LanguageClient) -> None:
    told = await opened(never)
    assert "(..., 5)" in await hover(never, 6, 0)
    for _ in range(50):
        if shown(never) and told.statuses and told.statuses[-1]["pending"]:
            break
        await asyncio.sleep(0.1)
    (message,) = shown(never)
    assert "\nRaises: " in message
    assert told.statuses[-1]["busy"] is True
    assert told.statuses[-1]["keras"] == "3.15.1"
    status = await never.protocol.send_request_async("shapelens/status", {})
    assert status.message == "fake: running"


@pytest.mark.asyncio
async def test_a_worker_that_died_is_told_and_costs_nothing(dying: LanguageClient) -> None:
    told = await opened(dying)
    for _ in range(50):
        if shown(dying) and told.statuses:
            break
        await asyncio.sleep(0.1)
    assert told.statuses[-1]["broken"] is True
    assert len(shown(dying)) == 1
    assert "(None, 4)" in await hover(dying, 3, 0)


@pytest.mark.asyncio
async def test_without_keras_the_rules_answer(absent: LanguageClient) -> None:
    told = await opened(absent)
    for _ in range(50):
        if shown(absent) and told.statuses:
            break
        await asyncio.sleep(0.1)
    assert told.statuses[-1]["state"] == "absent"
    assert len(shown(absent)) == 1
    assert "what `keras.ops.unruled` returns is not known" in await hover(absent, 5, 0)


@pytest.mark.asyncio
async def test_asking_can_be_turned_off(late: LanguageClient) -> None:
    await opened(late)
    await asyncio.sleep(2.0)
    assert "Keras 3.15.1:" in shown(late)[0]
    settings = {"shapelens": {"keras": {"enabled": False}}}
    late.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    await asyncio.sleep(1.0)
    assert "Keras 3.15.1:" not in shown(late)[0]
    assert "what `keras.ops.unruled` returns is not known" in await hover(late, 5, 0)


@pytest.mark.asyncio
async def test_only_clients_that_know_it_are_told(absent: LanguageClient) -> None:
    told = await opened(absent, wants_status=False)
    await asyncio.sleep(1.0)
    assert told.statuses == []
