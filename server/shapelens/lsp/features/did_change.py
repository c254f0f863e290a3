"""``textDocument/didChange``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lsprotocol import types

from shapelens.lsp.server import Server
from shapelens.text.document import Document, PositionEncoding, apply_change, document

METHOD = types.TEXT_DOCUMENT_DID_CHANGE


def handle(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Make the new revision, and return at once."""
    uri, version = params.text_document.uri, params.text_document.version
    current = server.session.document(uri)
    if current is None:
        return
    current = edited(current, params.content_changes, server.encoding)
    server.session.change(replace(current, version=version))


def edited(
    old: Document, changes: Sequence[types.TextDocumentContentChangeEvent], encoding: PositionEncoding
) -> Document:
    """The document after the changes that an editor made."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = change.range.start, change.range.end
            old = apply_change(old, (start.line, start.character), (end.line, end.character), change.text, encoding)
        else:
            old = document(old.uri, change.text, old.version)
    return old
