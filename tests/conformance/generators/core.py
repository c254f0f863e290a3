"""Random cases for core layers, normalization, merging and attention."""

from __future__ import annotations

from random import Random

from tests.conformance.cases import Case, Tensor
from tests.conformance.generators.draw import Generator, Sizes, any_rank, maybe, pick, sizes, tensor


def _dense(random: Random) -> Case:
    kwargs = maybe(
        random,
        0.2,
        activation=pick(random, "relu", "softmax", None, "Softmax", "foo"),
        use_bias=pick(random, True, False),
        dtype=pick(random, "float16", "float64"),
        kernel_regularizer=pick(random, "l2", "L1", "foo"),
        lora_rank=pick(random, 2),
    )
    if random.random() < 0.1:
        return Case("Dense", (3,), random.choice(({"foo": 1}, {"batch_input_shape": (None, 3)})), Tensor((None, 4)))
    units = random.choice((1, 3, 10, 10, 10, 64, 0, -1, 2.0, "a", None))
    dtype = random.choice(("float32", "float32", "int32"))
    return Case("Dense", (units,), kwargs, tensor(random, random.randint(1, 4), dtype=dtype))


def _embedding(name: str) -> Generator:
    def make(random: Random) -> Case:
        args = (random.choice((10, 10, 10, 1, 0, 5.0, "a")), random.choice((4, 4, 1, 0, True)))
        kwargs = maybe(random, 0.2, mask_zero=pick(random, True), input_length=pick(random, 3))
        call = maybe(random, 0.3, reverse=pick(random, True, False)) if name.startswith("Rev") else {}
        return Case(name, args, kwargs, tensor(random, random.randint(1, 3)), call)

    return make


def _einsum_dense(random: Random) -> Case:
    equation, target, rank = random.choice(
        (
            ("ab,bc->ac", 6, 2),
            ("abc,cd->abd", (None, 6), 3),
            ("abc,cde->abde", (None, 2, 6), 3),
            ("abcd,cde->abe", (None, 6), 4),
            ("...x,xy->...y", 6, 3),
            ("ab...,bc->ac...", 6, 3),
            ("abc,cd->abd", (5, 6), 3),
            ("abc,ce->abd", (None, 6), 3),
            ("foo", 6, 2),
        )
    )
    kwargs = maybe(random, 0.4, bias_axes=pick(random, "d", "e", "c", "z", "y"))
    return Case("EinsumDense", (equation, target), kwargs, tensor(random, rank))


def _reshape(random: Random) -> Case:
    shape = tensor(random, random.randint(1, 4), high=6)
    choices: tuple[object, ...] = (
        (-1,),
        (-1, 2),
        (3, -1),
        (2, 3),
        (4, 4),
        (6, 2),
        [12],
        (-1, -1),
        (-2, 3),
        5,
        (),
        (None, 2),
    )
    return Case("Reshape", (random.choice(choices),), {}, shape)


def _permute(random: Random) -> Case:
    order = random.choice(((2, 1), [2, 1], (1, 2), (3, 1, 2), (1,), (0, 1), (2, 2), 2))
    rank = len(order) + 1 if isinstance(order, (tuple, list)) else 3
    return Case("Permute", (order,), {}, tensor(random, rank))


def _axis_normalization(name: str, **options: tuple[object, ...]) -> Generator:
    def make(random: Random) -> Case:
        axes: tuple[object, ...] = (-1, 1, 2, 3, -2, 0, 5, -5)
        if name not in ("BatchNormalization", "GroupNormalization"):
            axes = (*axes, [1, 2], (-1, -2), [1, 4])
        choosers = {key: pick(random, *values) for key, values in options.items()}
        kwargs = maybe(random, 0.4, axis=pick(random, *axes), **choosers)
        return Case(name, (), kwargs, tensor(random, random.choice((1, 2, 3, 4)), high=8))

    return make


def _merge(name: str) -> Generator:
    def make(random: Random) -> Case:
        rank = random.randint(1, 4)
        first = (None if random.random() < 0.8 else random.randint(1, 3), *sizes(random, rank, high=5))
        inputs = [Tensor(first)]
        for _ in range(random.choice((1, 1, 1, 2, 0))):
            inputs.append(Tensor(_relative(random, first)))
        if random.random() < 0.05:
            return Case(name, (), {}, inputs[0])
        kwargs: dict[str, object] = {}
        if name == "Concatenate":
            kwargs = maybe(random, 0.6, axis=pick(random, -1, 1, 2, 0, -2, 3, 5, -6))
        args: tuple[object, ...] = ()
        if name == "Dot":
            args = (random.choice((1, 2, -1, (1, 1), (2, 1), [1, 2], (1, 2, 3), "a", (1, "a"))),)
        return Case(name, args, kwargs, inputs)

    return make


def _relative(random: Random, shape: Sizes) -> Sizes:
    """The same shape, or one that differs as the shapes that people merge do."""
    chance = random.random()
    changed = list(shape)
    if chance < 0.35:
        changed[random.randrange(len(changed))] = random.choice((1, 2, 3, 5, None))
    elif chance < 0.45:
        changed = changed[: max(1, len(changed) - 1)]
    elif chance < 0.5:
        changed.append(3)
    return tuple(changed)


def _attention(name: str) -> Generator:
    def make(random: Random) -> Case:
        features = random.choice((4, 4, 4, None))
        inputs = [Tensor((None, random.choice((5, None)), features)) for _ in range(random.choice((2, 2, 3, 1, 4)))]
        kwargs = maybe(random, 0.4, use_scale=pick(random, True, False))
        if name == "Attention":
            kwargs |= maybe(random, 0.3, score_mode=pick(random, "dot", "concat", "foo"))
        call = maybe(random, 0.3, return_attention_scores=pick(random, True))
        return Case(name, (), kwargs, inputs if random.random() < 0.92 else inputs[0], call)

    return make


def _heads(name: str) -> Generator:
    def make(random: Random) -> Case:
        width = random.choice((6, 8, 8, 8, None))
        query = Tensor((None, random.choice((5, 7, None)), width))
        value = Tensor((None, random.choice((5, 6)), random.choice((8, 8, 8, 3))))
        kwargs = maybe(
            random, 0.25, use_bias=pick(random, False), use_gate=pick(random, True), dropout=pick(random, 0.1)
        )
        call: dict[str, object] = {"value": value} if random.random() < 0.95 else {}
        call |= maybe(random, 0.2, key=pick(random, Tensor((None, 5, 8)), Tensor((None, 6, 4))))
        call |= maybe(random, 0.2, return_attention_scores=pick(random, True))
        if name == "MultiHeadAttention":
            args: tuple[object, ...] = (random.choice((1, 2, 2, 0)), random.choice((3, 4, "a", 4)))
            kwargs |= maybe(random, 0.2, value_dim=pick(random, 5, 0), output_shape=pick(random, 7, (2, 3)))
        else:
            args = (4, random.choice((6, 6, 5)), random.choice((3, 2)))
        return Case(name, args, kwargs, query, call)

    return make


def _prelu(random: Random) -> Case:
    kwargs = maybe(random, 0.5, shared_axes=pick(random, 1, [1], [1, 2], (2,), [0], [7], [-1]))
    return Case("PReLU", (), kwargs, tensor(random, random.choice((2, 3, 4))))


_RATES = ((0.5,), (0.0,), (1,), (2,), (-0.1,), ("a",))
GENERATORS: dict[str, Generator] = {
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    "Embedding": _embedding("Embedding"),
    "ReversibleEmbedding": _embedding("ReversibleEmbedding"),
    "Masking": any_rank("Masking", ranks=(0, 1, 2, 3)),
    "Identity": any_rank("Identity"),
    "Activation": any_rank("Activation", ("relu",), ("softmax",), (None,), ("foo",), (3,), ()),
    "Flatten": any_rank("Flatten", (), ("channels_first",), ("foo",), ranks=(0, 1, 2, 3, 4)),
    "Reshape": _reshape,
    "Permute": _permute,
    "RepeatVector": any_rank("RepeatVector", (3,), (1,), (0,), (2.0,), ("a",), (True,), ranks=(2, 2, 2, 3, 1)),
    "Dropout": any_rank("Dropout", *_RATES, (0.5, (None, 1)), (0.5, 3)),
    "AlphaDropout": any_rank("AlphaDropout", *_RATES),
    "GaussianDropout": any_rank("GaussianDropout", *_RATES[1:]),
    "GaussianNoise": any_rank("GaussianNoise", *_RATES),
    "ActivityRegularization": any_rank("ActivityRegularization", (), (0.1,), (0.1, 0.2)),
    "ReLU": any_rank("ReLU", (), (6.0,), (-1,), (6.0, None), (6.0, -0.1), (None, 0.1, -2)),
    "LeakyReLU": any_rank("LeakyReLU", (), (0.1,), (-1,), (None,)),
    "ELU": any_rank("ELU", (), (0.5,)),
    "Softmax": any_rank("Softmax", (), (1,), ([1, 2],)),
    "PReLU": _prelu,
    "BatchNormalization": _axis_normalization(
        "BatchNormalization", center=(True, False), scale=(True, False), renorm=(True,)
    ),
    "LayerNormalization": _axis_normalization(
        "LayerNormalization", center=(True, False), scale=(True, False), rms_scaling=(True,)
    ),
    "GroupNormalization": _axis_normalization(
        "GroupNormalization", groups=(1, 2, 2, 4, -1, 0, 2.0), center=(True, False), scale=(True, False)
    ),
    "RMSNormalization": _axis_normalization("RMSNormalization"),
    "UnitNormalization": _axis_normalization("UnitNormalization"),
    **{name: _merge(name) for name in ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")},
    **{name: _merge(name) for name in ("Concatenate", "Dot")},
    **{name: _attention(name) for name in ("Attention", "AdditiveAttention")},
    **{name: _heads(name) for name in ("MultiHeadAttention", "GroupQueryAttention")},
}
