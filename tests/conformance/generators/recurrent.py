"""Random cases for recurrent layers, their cells, and wrappers."""

from __future__ import annotations

from random import Random

from tests.conformance.cases import Case, Inner, Tensor
from tests.conformance.generators.draw import Generator, maybe, pick, tensor


def _recurrent(name: str) -> Generator:
    def make(random: Random) -> Case:
        kwargs = maybe(
            random,
            0.25,
            return_sequences=pick(random, True),
            return_state=pick(random, True),
            use_bias=pick(random, False),
            go_backwards=pick(random, True),
            activation=pick(random, "relu", "Tanh"),
            stateful=pick(random, True),
            dtype=pick(random, "float16"),
        )
        if name == "GRU":
            kwargs |= maybe(random, 0.3, reset_after=pick(random, True, False))
        units = random.choice((1, 4, 4, 4, 8, 8, 0, -1, 2.0))
        return Case(name, (units,), kwargs, tensor(random, 3))

    return make


def _cell(random: Random) -> Inner:
    name = random.choice(("SimpleRNNCell", "LSTMCell", "GRUCell"))
    return Inner(name, (random.choice((2, 5)),), maybe(random, 0.2, use_bias=pick(random, False)))


def _rnn(random: Random) -> Case:
    single, several = _cell(random), [_cell(random) for _ in range(random.randint(1, 3))]
    cell = random.choice((single, several, Inner("StackedRNNCells", (several,)), Inner("Dense", (3,))))
    kwargs = maybe(random, 0.4, return_sequences=pick(random, True), return_state=pick(random, True))
    return Case("RNN", (cell,), kwargs, tensor(random, 3))


def _cell_step(name: str) -> Generator:
    def make(random: Random) -> Case:
        units = random.choice((2, 4))
        batch, features = None, random.choice((3, 5))
        count = 2 if name == "LSTMCell" else 1
        states: object = [Tensor((batch, units)) for _ in range(count)]
        if count == 1 and random.random() < 0.4:
            states = Tensor((batch, units))
        call: dict[str, object] = {"states": states} if random.random() < 0.9 else {}
        return Case(name, (units,), {}, Tensor((batch, features)), call)

    return make


def _stacked_step(random: Random) -> Case:
    cells = [Inner("LSTMCell", (2,)), Inner("GRUCell", (3,))][: random.choice((1, 2, 2))]
    states: list[object] = [[Tensor((None, 2)), Tensor((None, 2))], [Tensor((None, 3))]][: len(cells)]
    return Case("StackedRNNCells", (cells,), {}, Tensor((None, 4)), {"states": states})


def _bidirectional(random: Random) -> Case:
    flags = maybe(random, 0.3, return_sequences=pick(random, True), return_state=pick(random, True))
    flags |= maybe(random, 0.05, go_backwards=pick(random, True))
    inner = random.choice(
        (
            Inner("LSTM", (4,), flags),
            Inner("LSTM", (4,), flags),
            Inner("GRU", (3,), flags),
            Inner("SimpleRNN", (3,), flags),
            Inner("RNN", (_cell(random),), flags),
            Inner("Dense", (3,)),
        )
    )
    kwargs = maybe(random, 0.5, merge_mode=pick(random, "sum", "mul", "ave", "concat", None, "foo"))
    if inner.name == "LSTM":
        other = Inner("LSTM", (random.choice((4, 6)),), {"go_backwards": True, **flags})
        kwargs |= maybe(random, 0.2, backward_layer=lambda: other)
    return Case("Bidirectional", (inner,), kwargs, tensor(random, 3))


def _time_distributed(random: Random) -> Case:
    inner, rank = random.choice(
        (
            (Inner("Dense", (4,)), 3),
            (Inner("Conv2D", (4, 3)), 5),
            (Inner("Conv1D", (4, 2)), 4),
            (Inner("MaxPooling2D", (2,)), 5),
            (Inner("Flatten"), 4),
            (Inner("LSTM", (4,)), 4),
            (Inner("Dropout", (0.5,)), 3),
            (Inner("Reshape", ((-1, 2),)), 4),
            (Inner("TimeDistributed", (Inner("Dense", (3,)),)), 4),
            (Inner("BatchNormalization"), 3),
            (Inner("Bidirectional", (Inner("GRU", (3,)),)), 4),
        )
    )
    return Case("TimeDistributed", (inner,), {}, tensor(random, rank))


def _spectral(random: Random) -> Case:
    inner, rank = random.choice(
        (
            (Inner("Dense", (4,)), 2),
            (Inner("Conv2D", (4, 3)), 4),
            (Inner("Conv1D", (4, 2)), 3),
            (Inner("Embedding", (10, 4)), 2),
            (Inner("Dropout", (0.5,)), 2),
            (Inner("DepthwiseConv2D", (2,)), 4),
            (random.choice((3, "Dense", None, ())), 2),
        )
    )
    return Case(
        "SpectralNormalization",
        (inner,),
        maybe(random, 0.2, power_iterations=pick(random, 2, 0)),
        tensor(random, rank),
    )


def _wrapper(random: Random) -> Case:
    inner = random.choice((Inner("Dense", (4,)), Inner("Dropout", (0.5,)), Inner("Conv1D", (3, 2)), 3, "Dense"))
    return Case("Wrapper", (inner,), {}, tensor(random, random.choice((2, 3))))


GENERATORS: dict[str, Generator] = {
    "Wrapper": _wrapper,
    "RNN": _rnn,
    "StackedRNNCells": _stacked_step,
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
    "SpectralNormalization": _spectral,
    **{name: _recurrent(name) for name in ("SimpleRNN", "GRU", "LSTM")},
    **{name: _cell_step(name) for name in ("SimpleRNNCell", "GRUCell", "LSTMCell")},
}
