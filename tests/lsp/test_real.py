"""The installed server with the real interpreter: from a mistake to its fix."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from .conftest import ENVIRONMENT, answer_requests

URI = "file:///project/digits.py"
TEXT = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

image = np.zeros((28, 28, 1))
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(10),
])
model.predict(image)
"""


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[sys.executable, "-m", "shapelens", "lsp"], server_env=ENVIRONMENT)
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """VS Code with a document open."""

    answer_requests(lsp_client)
    await lsp_client.initialize_session(types.InitializeParams(capabilities=client_capabilities("visual-studio-code")))
    item = types.TextDocumentItem(URI, "python", 1, TEXT)
    lsp_client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_a_mistake_is_marked_explained_and_fixed(client: LanguageClient) -> None:
    if URI not in client.diagnostics:
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    (problem,) = client.diagnostics[URI]
    assert problem.range.start.line == 11
    assert problem.code == "missing-batch-axis"
    assert problem.code_description is not None
    assert problem.code_description.href.startswith("file://")
    assert problem.related_information

    document = types.TextDocumentIdentifier(URI)
    context = types.CodeActionContext(diagnostics=[problem])
    found = await client.text_document_code_action_async(types.CodeActionParams(document, problem.range, context))
    assert found
    fix = found[0]
    assert isinstance(fix, types.CodeAction)
    assert fix.is_preferred
    assert list(fix.diagnostics or ()) == [problem]
    assert fix.edit is not None
    assert fix.edit.document_changes is not None
    change = fix.edit.document_changes[0]
    assert isinstance(change, types.TextDocumentEdit)
    edits = [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
    events = [
        types.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)
        for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character))[::-1]
    ]
    identifier = types.VersionedTextDocumentIdentifier(2, URI)
    client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, events))
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert not client.diagnostics[URI]


@pytest.mark.asyncio
async def test_hover_shows_how_a_size_comes_about(client: LanguageClient) -> None:
    async def card(line: int, column: int) -> str:
        position = types.Position(line, column)
        params = types.HoverParams(types.TextDocumentIdentifier(URI), position)
        found = await client.text_document_hover_async(params)
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    convolution = await card(7, 15)
    assert "**Conv2D**" in convolution
    assert "input: `(None, 28, 28, 1)`" in convolution
    assert "output: `(None, 26, 26, 8)" in convolution
    assert "parameters: 80" in convolution
    assert "(28 - 3) / 1 + 1 = 26" in convolution
    for line in (5, 11):  # where the model is made, and where it is used
        model = await card(line, 1)
        assert "**Sequential** `model`" in model
        assert "Dense" in model
        assert "54,170" in model
    assert "(28, 28, 1)" in await card(4, 2)


@pytest.mark.asyncio
async def test_hints_stand_behind_layers_and_tensors(client: LanguageClient) -> None:
    params = types.InlayHintParams(
        types.TextDocumentIdentifier(URI), types.Range(types.Position(0, 0), types.Position(99, 0))
    )
    found = await client.text_document_inlay_hint_async(params) or []
    assert [(hint.position.line, hint.label) for hint in found] == [
        (4, ": (28, 28, 1)"),
        (7, "(None, 26, 26, 8)"),
        (8, "(None, 5408)"),
        (9, "(None, 10)"),
        (10, "(None, 10)"),
    ]


@pytest.mark.asyncio
async def test_what_cannot_be_known_is_offered_to_be_stated_and_then_judged(client: LanguageClient) -> None:
    uri = "file:///project/unknown.py"
    text = TEXT.replace("image = np.zeros((28, 28, 1))", "import loader\nimage = loader.image()")
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 1, text)))
    document = types.TextDocumentIdentifier(uri)
    place = types.Range(types.Position(5, 3), types.Position(5, 3))
    params = types.CodeActionParams(document, place, types.CodeActionContext(diagnostics=[]))
    (offer,) = await client.text_document_code_action_async(params) or ()
    assert isinstance(offer, types.CodeAction)
    assert offer.title == "State that `image` has shape (n, 28, 28, 1)"
    assert not offer.diagnostics
    assert not client.diagnostics.get(uri)

    stated = text.replace("loader.image()", "loader.image()  # shape: (28, 28, 1)")
    version = types.VersionedTextDocumentIdentifier(2, uri)
    change = types.TextDocumentContentChangeWholeDocument(stated)
    client.text_document_did_change(types.DidChangeTextDocumentParams(version, [change]))
    while not client.diagnostics.get(uri):
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    (problem,) = client.diagnostics[uri]
    assert problem.code == "missing-batch-axis"
