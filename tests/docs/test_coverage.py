"""``docs/coverage.md`` says what is so."""

from __future__ import annotations

import pytest

from tests.support import coverage


def test_the_page_is_what_the_rules_and_the_stored_lists_give() -> None:
    assert coverage.PAGE.read_text(encoding="utf-8") == coverage.page(*coverage.stored())


def test_the_goals_are_met() -> None:
    names, _ = coverage.stored()
    coverage.load_rules()
    ops = [coverage.answered_by(f"keras.ops.{name}")[0] for name in names["keras.ops"]]
    layers = [coverage.answered_by(f"keras.layers.{name}")[0] for name in names["keras.layers"] if name[0].isupper()]
    assert layers.count("rule") >= 0.95 * len(layers)
    assert ops.count("rule") >= 0.95 * len(ops)


@pytest.mark.keras
def test_the_stored_names_are_those_of_the_installed_libraries() -> None:
    pytest.importorskip("tensorflow")
    pytest.importorskip("keras")
    assert coverage.installed() == coverage.stored()[0]
