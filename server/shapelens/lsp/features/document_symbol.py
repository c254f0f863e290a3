"""``textDocument/documentSymbol``: the outline with shapes."""

from __future__ import annotations

from lsprotocol import types

from shapelens.engine.analysis import Analysis
from shapelens.ide.symbols import Symbol, symbols
from shapelens.lsp.convert import to_range, uri_at
from shapelens.lsp.server import Server

METHOD = types.TEXT_DOCUMENT_DOCUMENT_SYMBOL
OPTIONS = types.DocumentSymbolOptions(label="ShapeLens")

_KINDS = {
    "class": types.SymbolKind.Class,
    "function": types.SymbolKind.Function,
    "method": types.SymbolKind.Method,
    "variable": types.SymbolKind.Variable,
    "model": types.SymbolKind.Object,
}


async def handle(
    server: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """The outline of the newest revision; of a notebook, that of the cell."""
    analysis = await server.session.current(params.text_document.uri)
    if analysis is None:
        return None
    uri = params.text_document.uri
    found = [symbol for symbol in symbols(analysis) if uri_at(symbol.range.start, analysis.document) == uri]
    if server.can("text_document.document_symbol.hierarchical_document_symbol_support"):
        return [_tree(server, symbol, analysis) for symbol in found]
    return [
        types.SymbolInformation(
            types.Location(uri, to_range(symbol.range, analysis.document, server.encoding)),
            symbol.name,
            _KINDS[symbol.kind],
        )
        for top in found
        for symbol in (top, *top.children)
    ]


def _tree(server: Server, symbol: Symbol, analysis: Analysis) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=symbol.name,
        kind=_KINDS[symbol.kind],
        range=to_range(symbol.range, analysis.document, server.encoding),
        selection_range=to_range(symbol.selection, analysis.document, server.encoding),
        detail=symbol.detail or None,
        children=[_tree(server, child, analysis) for child in symbol.children],
    )
