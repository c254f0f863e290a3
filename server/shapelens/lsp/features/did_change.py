"""``textDocument/didChange``."""

from __future__ import annotations

from dataclasses import replace

from lsprotocol import types

from shapelens.lsp.server import Server
from shapelens.text.document import apply_change, document

METHOD = types.TEXT_DOCUMENT_DID_CHANGE


def handle(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Make the new revision, and return at once."""
    uri, version = params.text_document.uri, params.text_document.version
    current = server.session.document(uri)
    if current is None:
        return
    for change in params.content_changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = change.range.start, change.range.end
            current = apply_change(
                current,
                (start.line, start.character),
                (end.line, end.character),
                change.text,
                server.encoding,
            )
        else:
            current = document(uri, change.text)
    server.session.change(replace(current, version=version))
