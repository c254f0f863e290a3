"""Rules answer for the Keras that the program has. What is expected was run with Keras 2.15.0 and 3.15.1.

The generated cases (``tests/conformance/test_layers_keras2.py``) need a Keras 2.15; these do not.
"""

from __future__ import annotations

import pytest

from shapelens.library.keras.models.layers import is_library_layer
from shapelens.library.keras.signatures import bind_call
from shapelens.shapes.question import NEWEST, Versions
from shapelens.values.value import Unknown
from tests.conformance import rules
from tests.conformance.cases import Case, Tensor
from tests.conformance.keras2 import VERSIONS
from tests.support.fake_machine import FakeMachine

PICTURE = Tensor((None, 8, 8, 3))


@pytest.mark.parametrize(
    ("case", "old", "new"),
    [
        (Case("Add", (), {}, [Tensor((None, None, 4)), Tensor((None, 5, 4))]), (None, 5, 4), (None, None, 4)),
        (Case("Conv2D", (4, 3), {}, Tensor((None, 2, 8, 8, 3))), (None, 2, 6, 6, 4), None),
        (Case("MaxPooling2D", (), {"padding": "Same"}, PICTURE), (None, 4, 4, 3), None),
        (Case("RandomFlip", (), {}, Tensor((None, 5))), None, (None, 5)),
        (Case("Dense", (3,), {"weights": None}, Tensor((None, 4))), (None, 3), None),
        (Case("Softmax", (), {}, Tensor((None,))), None, (None,)),
        (Case("LSTM", (4,), {}, Tensor((None, 5, 3)), {"initial_state": [Tensor((None, 4))]}), None, (None, 4)),
        (Case("LSTM", (4,), {"time_major": True}, Tensor((5, 2, 3))), (2, 4), None),
    ],
    ids=str,
)
def test_each_family_gets_what_it_does(case: Case, old: object, new: object) -> None:
    assert rules.run(case, VERSIONS).shapes == old
    assert rules.run(case, NEWEST).shapes == new


def test_what_keras2_calls_a_layer_is_none_in_keras3() -> None:
    machine = FakeMachine(versions=VERSIONS)
    assert is_library_layer(machine, "keras.layers.LocallyConnected2D")
    assert not is_library_layer(FakeMachine(), "keras.layers.LocallyConnected2D")
    outcome = rules.run(Case("LocallyConnected2D", (4, 3), {}, PICTURE), VERSIONS)
    assert (outcome.shapes, outcome.params) == ((None, 6, 6, 4), 4032)


@pytest.mark.parametrize("layer", ["SimpleRNN", "GRU", "LSTM", "RNN", "ConvLSTM2D", "Bidirectional"])
def test_the_state_comes_behind_the_inputs_of_an_rnn_and_its_mask_by_name(layer: str) -> None:
    inputs, state, mask = Unknown("the inputs"), Unknown("a state"), Unknown("a mask")
    for family in (2, 3):
        bound = bind_call(f"keras.layers.{layer}", [inputs, state], {"mask": mask}, family)
        assert bound == (inputs, {"initial_state": state, "mask": mask})


def test_a_wrong_rank_is_quoted_in_the_words_of_each() -> None:
    case = Case("Dense", (3,), {}, Tensor((None,)))
    assert 'Input 0 of layer "dense" is incompatible' in (rules.run(case, VERSIONS).error or "")
    assert "Input 0 with name 'None' of layer 'dense' is incompatible" in (rules.run(case, NEWEST).error or "")


def test_other_words_of_keras3_are_not_put_into_the_mouth_of_keras2() -> None:
    case = Case("MaxPooling2D", (9,), {}, PICTURE)
    assert not rules.run(case, Versions(keras="2.15.0")).exact
    assert rules.run(case, NEWEST).exact
