"""``signatures.json`` is what the installed Keras says."""

from __future__ import annotations

import pytest

pytest.importorskip("keras", reason="the real Keras is not installed here")

from tests.conformance.generate_signatures import TARGETS, generate, render


@pytest.mark.keras
def test_signatures_are_those_of_the_installed_keras() -> None:
    assert TARGETS[3].read_text(encoding="utf-8") == render(generate())
