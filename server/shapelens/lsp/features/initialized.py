"""``initialized``: ask to be told when Python files change on disk, if the client can be asked."""

from __future__ import annotations

from lsprotocol import types

from shapelens.lsp.server import Server

METHOD = types.INITIALIZED
_WATCHED = "**/*.py"


async def handle(server: Server, params: types.InitializedParams) -> None:
    """Register for ``workspace/didChangeWatchedFiles``; clients with watchers of their own send it unasked."""
    if not server.can("workspace.did_change_watched_files.dynamic_registration"):
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    await server.client_register_capability_async(
        types.RegistrationParams([types.Registration("shapelens-files", method, options)])
    )
