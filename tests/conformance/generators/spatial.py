"""Random cases for convolutions, pooling, and what changes the margins and sizes of pictures."""

from __future__ import annotations

from random import Random

from tests.conformance.cases import Case
from tests.conformance.generators.draw import Generator, any_rank, format_of, maybe, pick, spread, tensor


def _convolution(name: str, rank: int) -> Generator:
    def make(random: Random) -> Case:
        kwargs = maybe(
            random,
            0.3,
            strides=lambda: spread(random, rank, 1, 3),
            padding=pick(random, "same", "valid", "SAME", *(["causal"] if rank == 1 else []), "foo"),
            data_format=format_of(random),
            dilation_rate=lambda: spread(random, rank, 1, 2),
            use_bias=pick(random, True, False),
            dtype=pick(random, "float16", "mixed_float16", "float64"),
        )
        args: tuple[object, ...] = (random.choice((1, 2, 4, 6, 8)), spread(random, rank, 1, 4))
        if name.startswith("Depthwise"):
            args = args[1:]
            kwargs |= maybe(random, 0.3, depth_multiplier=pick(random, 1, 2, 3, 0))
        elif name.startswith("Separable"):
            kwargs |= maybe(random, 0.3, depth_multiplier=pick(random, 1, 2, 3, 0))
        elif name.endswith("Transpose"):
            kwargs |= maybe(random, 0.3, output_padding=pick(random, 0, 1, (0,) * rank, None))
        else:
            kwargs |= maybe(random, 0.2, groups=pick(random, 1, 2, 3, 0))
        return Case(name, args, kwargs, tensor(random, rank + 2))

    return make


def _pooling(name: str, rank: int) -> Generator:
    def make(random: Random) -> Case:
        kwargs = maybe(
            random,
            0.4,
            pool_size=lambda: spread(random, rank, 1, 4),
            strides=lambda: spread(random, rank, 1, 3) or 1,
            padding=pick(random, "same", "valid", "valid", "Same"),
            data_format=format_of(random),
        )
        return Case(name, (), kwargs, tensor(random, rank + 2))

    return make


def _global_pooling(name: str, rank: int) -> Generator:
    def make(random: Random) -> Case:
        kwargs = maybe(random, 0.4, data_format=format_of(random), keepdims=pick(random, True, False))
        return Case(name, (), kwargs, tensor(random, rank + 2))

    return make


def _adaptive(name: str, rank: int) -> Generator:
    def make(random: Random) -> Case:
        size = random.choice((1, 3, (2,) * rank, [3] * rank, (2,) * (rank + 1), "a"))
        kwargs = maybe(random, 0.3, data_format=pick(random, "channels_last", "channels_first", "foo"))
        return Case(name, (size,), kwargs, tensor(random, rank + 2))

    return make


def _margins(name: str, rank: int) -> Generator:
    def make(random: Random) -> Case:
        pair = (random.randint(0, 3), random.randint(0, 3))
        value = random.choice((1, 2, 0, pair, (pair,) * rank, [1] * rank, -1, (1, 2, 3), "a", 1.5))
        kwargs = {} if name == "Cropping1D" else maybe(random, 0.3, data_format=format_of(random))
        return Case(name, (value,), kwargs, tensor(random, rank + 2))

    return make


def _up_sampling(name: str, rank: int) -> Generator:
    def make(random: Random) -> Case:
        kwargs = {} if rank == 1 else maybe(random, 0.3, data_format=format_of(random))
        return Case(name, (spread(random, rank, 1, 3),), kwargs, tensor(random, rank + 2))

    return make


def _conv_lstm(name: str, rank: int) -> Generator:
    def make(random: Random) -> Case:
        kwargs = maybe(
            random,
            0.3,
            strides=lambda: spread(random, rank, 1, 2) or 1,
            padding=pick(random, "same", "valid", "causal"),
            data_format=format_of(random),
            return_sequences=pick(random, True),
            return_state=pick(random, True),
            use_bias=pick(random, False),
        )
        kernel = spread(random, rank, 1, 3)
        return Case(name, (random.choice((1, 4)), kernel), kwargs, tensor(random, rank + 3, high=8))

    return make


GENERATORS: dict[str, Generator] = {}
for _rank in (1, 2, 3):
    for _name in (f"Conv{_rank}D", f"Conv{_rank}DTranspose"):
        GENERATORS[_name] = _convolution(_name, _rank)
    for _name in (f"DepthwiseConv{_rank}D", f"SeparableConv{_rank}D"):
        if _rank < 3:
            GENERATORS[_name] = _convolution(_name, _rank)
    for _kind in ("Max", "Average"):
        GENERATORS[f"{_kind}Pooling{_rank}D"] = _pooling(f"{_kind}Pooling{_rank}D", _rank)
        GENERATORS[f"Global{_kind}Pooling{_rank}D"] = _global_pooling(f"Global{_kind}Pooling{_rank}D", _rank)
        GENERATORS[f"Adaptive{_kind}Pooling{_rank}D"] = _adaptive(f"Adaptive{_kind}Pooling{_rank}D", _rank)
    GENERATORS[f"ZeroPadding{_rank}D"] = _margins(f"ZeroPadding{_rank}D", _rank)
    GENERATORS[f"Cropping{_rank}D"] = _margins(f"Cropping{_rank}D", _rank)
    GENERATORS[f"UpSampling{_rank}D"] = _up_sampling(f"UpSampling{_rank}D", _rank)
    GENERATORS[f"ConvLSTM{_rank}D"] = _conv_lstm(f"ConvLSTM{_rank}D", _rank)
    GENERATORS[f"SpatialDropout{_rank}D"] = any_rank(f"SpatialDropout{_rank}D", (0.5,), (2,), ranks=(_rank + 2,))
