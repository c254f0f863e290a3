"""Cases that a generator would hardly find, and those that were once wrong. Each is put to every Keras that has it."""

from __future__ import annotations

from tests.conformance.cases import Case, Inner, Tensor

_IMAGE = Tensor((None, 8, 8, 3))
_STEPS = Tensor((None, 5, 3))
_VECTOR = Tensor((None, 4))

CORNERS: tuple[Case, ...] = (
    # Sizes beyond any memory, and an axis of size 0.
    Case("Dense", (10**7,), {}, Tensor((None, 10**7))),
    Case("Embedding", (10**9, 10**4), {}, Tensor((None, 3))),
    Case("Flatten", (), {}, Tensor((None, 10**6, 10**6, 10**6))),
    Case("Conv1D", (2, 3), {}, Tensor((None, 0, 3))),
    Case("Dense", (3,), {}, Tensor((0, 4))),
    # One less and one more than fits.
    Case("Conv2D", (4, 8), {}, _IMAGE),
    Case("Conv2D", (4, 9), {}, _IMAGE),
    Case("Conv2D", (4, 3), {"dilation_rate": 3}, _IMAGE),
    Case("Conv2D", (4, 3), {"dilation_rate": 4}, _IMAGE),
    Case("MaxPooling2D", (8,), {}, _IMAGE),
    Case("MaxPooling2D", (9,), {}, _IMAGE),
    Case("Cropping2D", (((4, 3), (0, 0)),), {}, _IMAGE),
    Case("Cropping2D", (((4, 4), (0, 0)),), {}, _IMAGE),
    # Dynamic sizes beside known ones.
    Case("Add", (), {}, [Tensor((None, None, 4)), Tensor((None, 5, 4))]),
    Case("Add", (), {}, [Tensor((None, None, 4)), Tensor((None, 1, 4))]),
    Case("Add", (), {}, [Tensor((2, 5)), Tensor((None, 5))]),
    Case("Add", (), {}, [Tensor((None, 5, 4)), Tensor((None, 4))]),
    Case("Concatenate", (), {}, [Tensor((None, None, 4)), Tensor((None, 5, 4))]),
    Case("Concatenate", (1,), {}, [Tensor((None, None, 4)), Tensor((None, 5, 4))]),
    Case("Dot", (1,), {}, [Tensor((None, 4)), Tensor((None, 4))]),
    Case("Dot", (-1,), {}, [Tensor((3, 4)), Tensor((1, 4))]),
    Case("Dot", (-1,), {}, [Tensor((None, 2)), Tensor((1, 2))]),
    Case("EinsumDense", ("...x,xy->...y", 6), {}, Tensor((3, 12, 9, 11))),
    Case("Dot", ((1, 2),), {"normalize": True}, [Tensor((None, 4, 5)), Tensor((None, 5, 4))]),
    # Axes before the picture.
    Case("Conv2D", (4, 3), {}, Tensor((None, 2, 8, 8, 3))),
    Case("Conv1D", (4, 3), {"padding": "causal"}, Tensor((None, 2, 8, 3))),
    # States.
    Case("LSTM", (4,), {"return_state": True, "return_sequences": True}, _STEPS),
    Case("LSTM", (4,), {"stateful": True}, Tensor((2, 5, 3))),
    Case("LSTM", (4,), {}, _STEPS, {"initial_state": [_VECTOR, _VECTOR]}),
    Case("LSTM", (4,), {"return_state": True}, _STEPS, {"initial_state": [Tensor((2, 4)), Tensor((2, 4))]}),
    Case("LSTM", (4,), {"return_state": True}, _STEPS, {"initial_state": [Tensor((2, 4)), _VECTOR]}),
    Case("LSTM", (4,), {"return_state": True}, Tensor((2, 5, 3)), {"initial_state": [_VECTOR, _VECTOR]}),
    Case("LSTM", (4,), {"return_state": True}, Tensor((3, 5, 3)), {"initial_state": [Tensor((2, 4)), _VECTOR]}),
    Case("LSTM", (4,), {"return_state": True, "unroll": True}, _STEPS, {"initial_state": [Tensor((2, 4)), _VECTOR]}),
    Case("LSTM", (4,), {}, _STEPS, {"initial_state": [_VECTOR]}),
    Case("LSTM", (4,), {}, _STEPS, {"initial_state": [Tensor((None, 5)), _VECTOR]}),
    Case("GRU", (4,), {}, _STEPS, {"initial_state": [_VECTOR, _VECTOR]}),
    Case("GRU", (4,), {}, _STEPS, {"initial_state": _VECTOR}),
    Case("GRU", (4,), {"return_sequences": True, "return_state": True}, _STEPS, {"initial_state": Tensor((2, 4))}),
    Case("SimpleRNN", (4,), {"return_state": True}, Tensor((2, 5, 3)), {"initial_state": _VECTOR}),
    Case("SimpleRNN", (4,), {"unroll": True}, Tensor((None, None, 3))),
    Case("GRU", (4,), {"reset_after": False, "use_bias": False}, _STEPS),
    Case("Bidirectional", (Inner("LSTM", (4,), {"return_state": True}),), {}, _STEPS),
    Case(
        "Bidirectional",
        (Inner("LSTM", (4,)),),
        {"backward_layer": Inner("LSTM", (6,), {"go_backwards": True}), "merge_mode": "sum"},
        _STEPS,
    ),
    Case("RNN", ([Inner("LSTMCell", (2,)), Inner("GRUCell", (3,))],), {"return_state": True}, _STEPS),
    Case("TimeDistributed", (Inner("Conv2D", (4, 3)),), {}, Tensor((None, 6, 8, 8, 3))),
    # Axes.
    Case("BatchNormalization", (), {"axis": [1, 2]}, Tensor((None, 4, 5))),
    Case("LayerNormalization", (), {"axis": [1, 1]}, Tensor((None, 4, 5))),
    Case("Softmax", (), {"axis": 5}, Tensor((None, 4))),
    Case("Softmax", (), {}, Tensor((None,))),
    Case("Activation", ("softmax",), {}, Tensor((None,))),
    # What reshaping leaves open.
    Case("Reshape", ((None, 2),), {}, Tensor((None, 6))),
    Case("Reshape", ((-1, -1),), {}, Tensor((None, None))),
    Case("Reshape", ((4, 4),), {}, Tensor((3, 6, 2, None))),
    Case("RepeatVector", (0,), {}, _VECTOR),
    # Texts.
    Case("TextVectorization", (), {}, Tensor((None, 3, 1), "string")),
    Case("TextVectorization", (), {"output_sequence_length": 7}, Tensor((None,), "string")),
    Case("StringLookup", (), {"vocabulary": ["a", "b"], "output_mode": "one_hot"}, Tensor((None, 1), "string")),
    Case("Discretization", (), {"bin_boundaries": [0.0, 1.0], "output_mode": "one_hot"}, Tensor((None, 1))),
    # Arguments of another time.
    Case("Dense", (3,), {"input_dim": 4}, _VECTOR),
    Case("Dense", (3,), {"weights": None}, _VECTOR),
    Case("LSTM", (3,), {"implementation": 2}, _STEPS),
    Case("LSTM", (3,), {"time_major": True}, _STEPS),
    Case("Embedding", (5, 4), {"input_length": 3}, Tensor((None, 4))),
    Case("LeakyReLU", (), {"alpha": 0.2}, _VECTOR),
    Case("LeakyReLU", (), {"negative_slope": 0.2}, _VECTOR),
    Case("Flatten", (), {"batch_input_shape": (None, 4)}, _VECTOR),
)


# Keras 2 allocates the weights of every layer that is called.
HUGE = CORNERS[:2]


def of(name: str, family: int) -> list[Case]:
    """The corner cases of a layer."""
    return [case for case in CORNERS if case.name == name and not (family == 2 and case in HUGE)]
