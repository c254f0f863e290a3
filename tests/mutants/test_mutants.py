"""The harness itself, and a small sample of what `make mutants` runs."""

from __future__ import annotations

import ast

import pytest

from tests.support.keras_run import why_not

from .judge import Said, judge
from .mutate import mutants_of
from .operators import OPERATORS
from .programs import Base, all_texts, valid_programs, without_failures
from .report import choose, judge_all
from .source import Source, without_expectations
from .truth import Raised, RealKeras, Truth

PROGRAM = """\
import numpy as np
from keras import layers, models
model = models.Sequential([
    layers.Conv2D(8, 3, padding="same", input_shape=(28, 28, 1)),
    layers.Flatten(),
    layers.Dense(10),
])
model.compile("sgd", "categorical_crossentropy")
x = np.expand_dims(np.zeros((20, 28, 28)), -1)
model.fit(x, np.zeros((20, 10)), batch_size=5)
"""
LINES = PROGRAM.splitlines()


def changes(text: str, operator: str) -> list[str]:
    """The lines that a mutant has in the place of the program's."""
    found = []
    for mutant in mutants_of("made up", text):
        if mutant.operator == operator:
            pairs = zip(text.splitlines(), mutant.text.splitlines(), strict=True)
            found.append(" | ".join(new.strip() for old, new in pairs if old.strip() != new.strip()))
    return found


def test_typical_mistakes_are_made() -> None:
    assert changes(PROGRAM, "drop-flatten") == [""]
    assert changes(PROGRAM, "drop-reshaping") == ["x = np.zeros((20, 28, 28))"]
    assert "model.compile(\"sgd\", 'sparse_categorical_crossentropy')" in changes(PROGRAM, "exchange-loss")
    assert "model.fit(np.zeros((20, 10)), x, batch_size=5)" in changes(PROGRAM, "swap-data")
    assert "model.fit(x[0], np.zeros((20, 10)), batch_size=5)" in changes(PROGRAM, "drop-batch-axis")
    assert 'layers.Conv2D(8, 3, padding="same", input_shape=(28, 28)),' in changes(PROGRAM, "change-input-shape")
    assert "layers.Conv2D(8, 3, padding='valid', input_shape=(28, 28, 1))," in changes(PROGRAM, "change-padding")


def test_a_layer_is_dropped_however_it_is_applied() -> None:
    assert changes("x = layers.Flatten()(y)\n", "drop-flatten") == ["x = y"]
    assert changes("m.add(layers.Flatten())\n", "drop-flatten") == ["pass"]
    assert changes("f = Flatten()\nx = f(y)\n", "drop-flatten") == ["x = y"]


def test_a_name_that_is_put_in_is_imported() -> None:
    text = "from keras.layers import Flatten\nx = Flatten()(y)\n"
    assert "from keras.layers import GlobalAveragePooling2D, Flatten | x = GlobalAveragePooling2D()(y)" in changes(
        text, "exchange-layer"
    )


def test_every_operator_finds_a_place_and_keeps_the_lines() -> None:
    wanting = set(OPERATORS)
    for base in all_texts():
        source = Source(base.text)
        for name in sorted(wanting):
            for edits in OPERATORS[name](source):
                mutated = source.apply(edits)
                assert mutated.count("\n") == base.text.count("\n"), name
                assert ast.parse(mutated)
                wanting.discard(name)
    assert not wanting


def test_the_choice_depends_on_the_seed_alone() -> None:
    mutants = list(mutants_of("made up", PROGRAM))
    assert choose(mutants, 1, 10) == choose(reversed(mutants), 1, 10)
    assert choose(mutants, 1, 10) != choose(mutants, 2, 10)


def test_expectations_are_taken_out() -> None:
    text = 'x = f(1)  # twice # error: [reshape-size] "# x"\n# expected: (2,)\ny = "# shape: (2,)"  # shape: (2,)\n'
    assert without_expectations(text) == 'x = f(1)  # twice\n\ny = "# shape: (2,)"\n'


def raised(*chain: tuple[int, int], statement: tuple[int, int]) -> Raised:
    return Raised("ValueError", "no", chain, statement, True)


def test_what_cannot_run_is_left_out_of_a_program() -> None:
    text = "a = 1\nb = f(\n    a)\nc = b\nd = a\n"
    truth = Truth((raised((2, 3), statement=(2, 3)),), skipped=frozenset({4}))
    assert without_failures(text, truth) == "a = 1\nd = a\n"


def test_where_an_error_is_right() -> None:
    text = "a = 1\ndef f(x):\n    return g(x)\nb = 2\nc = f(a)\nd = 3\n"
    truth = Truth((raised((5, 5), (3, 3), statement=(5, 5)),), entered=frozenset({2}))
    for line, verdict in ((3, "line"), (5, "chain"), (1, "cause"), (4, "missed"), (6, "missed")):
        said = Said((line, line), "rank-mismatch", "no")
        judgement = judge(text, truth, [said])
        assert judgement.verdict == verdict
        assert judgement.false == (() if verdict != "missed" else (said,))
        assert judge(text, Truth(entered=frozenset({2})), [said]).false == (said,)
    unjudged = Said((3, 3), "rank-mismatch", "in a function that nobody calls")
    assert judge(text, Truth(), [unjudged]).false == ()
    assert judge(text, truth, []).verdict == "missed"
    assert judge(text, Truth(), []).verdict is None


# What is quick to run: these files have neither large data nor large networks.
SAMPLED = ("arrays", "functional", "layers", "training", "sequences", "classes")


@pytest.mark.keras
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "Keras is here")
def test_a_sample_of_mutants() -> None:
    """No error where real Keras runs, and nearly all that raise are told."""
    programs = [base for base in all_texts() if base.id.startswith(SAMPLED) and "load_data" not in base.text]
    keras = RealKeras(cache=None)
    bases = valid_programs(keras, choose_programs(programs, 20))
    mutants = choose([mutant for base in bases for mutant in mutants_of(base.id, base.text)], 7, 60)
    judged = judge_all(mutants, keras, 3)
    assert len(judged) >= 50
    false = [(item.mutant, item.judgement.false) for item in judged if item.judgement.false]
    assert not false
    raising = [item for item in judged if item.judgement.verdict]
    missed = [(item.mutant, item.truth) for item in raising if item.judgement.verdict == "missed"]
    assert len(raising) >= 15
    assert len(missed) <= 0.1 * len(raising), missed


def choose_programs(programs: list[Base], most: int) -> list[Base]:
    """Some programs of every file."""
    step = max(1, len(programs) // most)
    return programs[::step]
