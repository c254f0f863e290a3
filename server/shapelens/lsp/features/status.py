"""``shapelens/status``: how it is with the installed Keras.

A request of the client's, and a notification to clients that declare the experimental capability
``shapelensStatus``: sent when what a person would read of it has changed.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from shapelens.engine.consultant import status_json
from shapelens.lsp.server import Server

METHOD = "shapelens/status"
CAPABILITY = "shapelensStatus"

# Between two looks at a referee that is starting or answering; nothing is looked at else.
SECONDS = 0.5

log = logging.getLogger(__name__)


def handle(server: Server, params: object = None) -> dict[str, Any]:
    """The status as plain data."""
    return status_json(server.session.keras.status())


def on_news(server: Server) -> None:
    """Tell the client and the log, until the referee is at rest."""
    if server.following is None or server.following.done():
        server.following = asyncio.ensure_future(_follow(server))


async def _follow(server: Server) -> None:
    while True:
        status = handle(server)
        _tell(server, status)
        if not status["busy"] or server.is_shut_down:
            return
        await asyncio.sleep(SECONDS)


def _tell(server: Server, status: dict[str, Any]) -> None:
    shown = {key: value for key, value in status.items() if key != "pending"}
    if shown == server.told:
        return
    former, server.told = server.told, shown
    if former is None or former["message"] != status["message"]:
        log.log(logging.WARNING if status["broken"] else logging.INFO, "Keras: %s", status["message"])
    if _is_wanted(server):
        server.protocol.notify(METHOD, status)


def _is_wanted(server: Server) -> bool:
    experimental: Any = server.client_capabilities.experimental
    if isinstance(experimental, dict):
        return bool(experimental.get(CAPABILITY))
    return bool(getattr(experimental, CAPABILITY, False))
