"""URIs of documents and paths of files."""

from __future__ import annotations

from pygls.uris import to_fs_path


def path_of(uri: str) -> str | None:
    """The path of a ``file:`` document; `None` for one that was never saved, or is elsewhere."""
    return to_fs_path(uri) if uri.startswith("file:") else None
