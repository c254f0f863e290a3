"""Internal errors are raised in tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine raise what it would log."""
    monkeypatch.setenv("SHAPELENS_STRICT", "1")
