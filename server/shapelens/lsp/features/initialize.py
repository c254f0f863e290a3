"""``initialize``: what the client can do and what the user has set."""

from __future__ import annotations

from typing import cast

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from shapelens.lsp.server import Server
from shapelens.lsp.settings import settings_from
from shapelens.text.document import PositionEncoding

METHOD = types.INITIALIZE


def handle(server: Server, params: types.InitializeParams) -> None:
    """Take the settings and the encoding of positions, which pygls announces by the same rule."""
    chosen = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
    server.encoding = cast(PositionEncoding, getattr(chosen, "value", chosen))
    server.session.configure(settings_from(params.initialization_options))
    server.session.warm_up()
