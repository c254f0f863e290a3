"""Every fixture tells the truth: its expectations against a real run under Keras."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.keras_run import KerasProcess, disagreements, why_not
from tests.support.literate import Program, load_programs

pytestmark = [pytest.mark.keras, pytest.mark.skipif(bool(why_not()), reason=why_not() or "Keras is here")]


@pytest.fixture(scope="module")
def keras() -> Iterator[KerasProcess]:
    process = KerasProcess()
    yield process
    process.close()


@pytest.mark.parametrize("program", load_programs(), ids=lambda program: program.id)
def test_fixture_agrees_with_keras(program: Program, keras: KerasProcess) -> None:
    found = disagreements(program, keras.run(program.text))
    assert not found, "\n".join(found)
