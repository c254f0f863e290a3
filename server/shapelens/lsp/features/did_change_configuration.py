"""``workspace/didChangeConfiguration``."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.features import inlay_hint, publish_diagnostics
from shapelens.lsp.server import Server
from shapelens.lsp.settings import settings_from

METHOD = types.WORKSPACE_DID_CHANGE_CONFIGURATION


def handle(server: Server, params: types.DidChangeConfigurationParams) -> None:
    """Take the settings and show what is known accordingly."""
    server.session.configure(settings_from(params.settings))
    for analysis in server.session.analyses():
        publish_diagnostics.on_analysis(server, analysis, None)
    inlay_hint.refresh(server)
