"""``textDocument/publishDiagnostics``: sent only when they differ from what the client has."""

from __future__ import annotations

from lsprotocol import types

from shapelens.engine.analysis import Analysis
from shapelens.ide import pages
from shapelens.ide.diagnostics import Diagnostic, diagnostics
from shapelens.lsp.convert import to_range, uri_at
from shapelens.lsp.server import Server
from shapelens.text.document import Document

SOURCE = "ShapeLens"

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def on_analysis(server: Server, analysis: Analysis, before: Analysis | None) -> None:
    """Publish the problems of a document, or of each cell of a notebook."""
    settings = server.session.settings
    shown = diagnostics(analysis, warnings=settings.warnings) if settings.diagnostics else []
    document = analysis.document
    found: dict[str, list[types.Diagnostic]] = {}
    for diagnostic in shown:
        uri = uri_at(diagnostic.range.start, document)
        found.setdefault(uri, []).append(to_diagnostic(server, diagnostic, document))
    for part in document.cells or [document.part_at(0)]:
        _publish(server, part.document, found.get(part.document.uri, []))


def _publish(server: Server, document: Document, found: list[types.Diagnostic]) -> None:
    if server.published.get(document.uri, []) == found:
        return
    server.published[document.uri] = found
    version = document.version if server.can("text_document.publish_diagnostics.version_support") else None
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri=document.uri, diagnostics=found, version=version)
    )


def clear(server: Server, uri: str) -> None:
    """Take the diagnostics of a document, or of a cell, away."""
    if server.published.pop(uri, None):
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))


def to_diagnostic(server: Server, diagnostic: Diagnostic, document: Document) -> types.Diagnostic:
    """A diagnostic as this client understands it."""
    related = None
    if diagnostic.related and server.can("text_document.publish_diagnostics.related_information"):
        related = [
            types.DiagnosticRelatedInformation(
                types.Location(uri_at(place.range.start, document), to_range(place.range, document, server.encoding)),
                place.message,
            )
            for place in diagnostic.related
        ]
    description = None
    if server.can("text_document.publish_diagnostics.code_description_support"):
        description = types.CodeDescription(pages.url(diagnostic.code))
    return types.Diagnostic(
        range=to_range(diagnostic.range, document, server.encoding),
        message=_worded(diagnostic),
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        code_description=description,
        source=SOURCE,
        related_information=related,
    )


def _worded(diagnostic: Diagnostic) -> str:
    """With a word between our sentence and the library's own, unless its version stands there."""
    ours, _, theirs = diagnostic.message.partition("\n")
    if diagnostic.confirmed or not theirs:
        return diagnostic.message
    return f"{ours}\nRaises: {theirs}"
