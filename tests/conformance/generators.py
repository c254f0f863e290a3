"""Random cases for every layer that has a rule: mostly valid, some wrong as people get them wrong."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.conformance.cases import Case, Inner, Tensor

Generator = Callable[[Random], Case]
Sizes = tuple[int | None, ...]


def sizes(random: Random, count: int, low: int = 1, high: int = 12) -> Sizes:
    """Sizes of axes, now and then a dynamic one."""
    return tuple(None if random.random() < 0.08 else random.randint(low, high) for _ in range(count))


def tensor(random: Random, rank: int, high: int = 12, dtype: str = "float32") -> Tensor:
    """A tensor of about ``rank`` axes with its batch."""
    if random.random() < 0.12:
        rank = max(0, rank + random.choice((-2, -1, 1)))
    batch: Sizes = (None if random.random() < 0.85 else random.randint(1, 4),)
    return Tensor((*batch, *sizes(random, rank - 1, high=high)) if rank else (), dtype)


def spread(random: Random, rank: int, low: int, high: int) -> object:
    """A size for all axes, or one for each; sometimes a wrong one."""
    chance = random.random()
    if chance < 0.5:
        return random.randint(low, high)
    if chance < 0.95:
        many = [random.randint(low, high) for _ in range(rank)]
        return tuple(many) if random.random() < 0.6 else many
    return random.choice((0, -1, (1,) * (rank + 1), "a", None))


def maybe(random: Random, chance: float, **options: Callable[[], object]) -> dict[str, object]:
    """Each keyword with the given chance."""
    return {name: make() for name, make in options.items() if random.random() < chance}


def pick(random: Random, *values: object) -> Callable[[], object]:
    """A choice to be made later."""
    return lambda: random.choice(values)


def format_of(random: Random) -> Callable[[], object]:
    return pick(random, "channels_last", "channels_last", "channels_first", "channels_first", None, "foo")


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


def any_rank(name: str, *argument_choices: tuple[object, ...], ranks: tuple[int, ...] = (1, 2, 3, 4)) -> Generator:
    def make(random: Random) -> Case:
        args = random.choice(argument_choices) if argument_choices else ()
        kwargs = maybe(random, 0.15, dtype=pick(random, "float16", "float64"), name=pick(random, "mine", 3, "a/b"))
        dtype = random.choice(("float32", "float32", "int32"))
        return Case(name, args, kwargs, tensor(random, random.choice(ranks), dtype=dtype))

    return make


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
        )
    )
    return Case(
        "SpectralNormalization",
        (inner,),
        maybe(random, 0.2, power_iterations=pick(random, 2, 0)),
        tensor(random, rank),
    )


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


def _sized_image(name: str) -> Generator:
    def make(random: Random) -> Case:
        kwargs = maybe(random, 0.3, data_format=pick(random, "channels_first", "channels_last"))
        size = (random.choice((4, 16)), random.choice((4, 9)))
        rank = random.choice((3, 4, 4, 4, 1 if name == "Resizing" else 2))
        return Case(name, size, kwargs, Tensor((None, *sizes(random, rank - 1))))

    return make


def _category_encoding(random: Random) -> Case:
    args = (random.choice((4, 7, 0, None)), random.choice(("one_hot", "multi_hot", "count", "foo")))
    return Case("CategoryEncoding", args, {}, _whole_numbers(random))


def _whole_numbers(random: Random) -> Tensor:
    return Tensor(random.choice(((None, 5), (None, 1), (None,), (None, 3, 1), (2, 4))), "int64")


def _texts(random: Random) -> Tensor:
    return Tensor(random.choice(((None, 5), (None, 1), (None,), (None, 3, 1))), "string")


def _discretization(random: Random) -> Case:
    kwargs = random.choice(
        ({"num_bins": 4}, {"bin_boundaries": [0.0, 1.0]}, {"num_bins": 3, "bin_boundaries": [1.0]}, {})
    )
    mode = maybe(random, 0.7, output_mode=pick(random, "int", "one_hot", "multi_hot", "count", "foo"))
    return Case("Discretization", (), {**kwargs, **mode}, tensor(random, random.choice((1, 2, 3))))


def _hashing(random: Random) -> Case:
    mode = maybe(random, 0.7, output_mode=pick(random, "int", "one_hot", "multi_hot", "count"))
    return Case("Hashing", (random.choice((10, 3, 0)),), mode, _texts(random))


def _hashed_crossing(random: Random) -> Case:
    texts = _texts(random)
    mode = maybe(random, 0.7, output_mode=pick(random, "int", "one_hot", "foo"))
    return Case("HashedCrossing", (10,), mode, (texts, texts))


def _lookup(name: str, vocabulary: list[object]) -> Generator:
    def make(random: Random) -> Case:
        kwargs = maybe(
            random,
            0.5,
            vocabulary=pick(random, vocabulary),
            output_mode=pick(random, "int", "one_hot", "multi_hot", "count", "foo"),
            num_oov_indices=pick(random, 1, 2),
        )
        inputs = _texts(random) if name == "StringLookup" else _whole_numbers(random)
        return Case(name, (), kwargs, inputs)

    return make


def _text_vectorization(random: Random) -> Case:
    kwargs = maybe(
        random,
        0.4,
        max_tokens=pick(random, 20),
        output_mode=pick(random, "int", "multi_hot", "count", "tf_idf", "foo"),
        output_sequence_length=pick(random, 7),
        pad_to_max_tokens=pick(random, True),
    )
    if kwargs.get("pad_to_max_tokens"):
        kwargs["max_tokens"] = 20
    return Case("TextVectorization", (), kwargs, _texts(random))


def _pipeline(random: Random) -> Case:
    layers = [Inner("Rescaling", (0.5,)), Inner("Resizing", (4, 5)), Inner("Flatten"), Inner("Dense", (3,))]
    return Case("Pipeline", (layers[: random.randint(1, 4)],), {}, Tensor((None, 8, 8, 3)))


def _spectrogram(random: Random) -> Case:
    kwargs = maybe(random, 0.4, sequence_stride=pick(random, 64, 100), num_mel_bins=pick(random, 40))
    return Case("MelSpectrogram", (), kwargs, Tensor(random.choice(((None, 16000), (None, None), (8000,)))))


def _stft(random: Random) -> Case:
    kwargs = maybe(
        random,
        0.3,
        mode=pick(random, "log", "stft", "real", "imag"),
        frame_length=pick(random, 200, 128),
        frame_step=pick(random, 50),
        fft_length=pick(random, 512),
        padding=pick(random, "same", "valid"),
        expand_dims=pick(random, True),
        data_format=pick(random, "channels_first", "channels_last"),
    )
    shape = random.choice(((None, 4000, 2), (None, 2, 4000), (None, 4000, 1), (None, 4000)))
    return Case("STFTSpectrogram", (), kwargs, Tensor(shape))


def _normalization(random: Random) -> Case:
    kwargs = maybe(random, 0.5, axis=pick(random, -1, None, 1, (1, 2), 5), mean=pick(random, 0.0))
    if "mean" in kwargs and random.random() < 0.8:
        kwargs["variance"] = 1.0
    return Case("Normalization", (), kwargs, tensor(random, random.choice((2, 3))))


_RATES = ((0.5,), (0.0,), (1,), (2,), (-0.1,), ("a",))
_AUGMENTATIONS: dict[str, tuple[object, ...]] = {
    "ContrastLimitedAdaptiveHistogramEqualization": (),
    "MaxNumBoundingBoxes": (3,),
    "RandomPosterization": (4,),
    "Rescaling": (0.5,),
}

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
    "RNN": _rnn,
    "StackedRNNCells": _stacked_step,
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
    "SpectralNormalization": _spectral,
    "Pipeline": _pipeline,
    "RandomCrop": _sized_image("RandomCrop"),
    "Resizing": _sized_image("Resizing"),
    "CenterCrop": _sized_image("CenterCrop"),
    "Normalization": _normalization,
    "CategoryEncoding": _category_encoding,
    "Discretization": _discretization,
    "Hashing": _hashing,
    "HashedCrossing": _hashed_crossing,
    "StringLookup": _lookup("StringLookup", ["a", "b"]),
    "IntegerLookup": _lookup("IntegerLookup", [1, 2]),
    "TextVectorization": _text_vectorization,
    "MelSpectrogram": _spectrogram,
    "STFTSpectrogram": _stft,
    **{name: _merge(name) for name in ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")},
    **{name: _merge(name) for name in ("Concatenate", "Dot")},
    **{name: _recurrent(name) for name in ("SimpleRNN", "GRU", "LSTM")},
    **{name: _cell_step(name) for name in ("SimpleRNNCell", "GRUCell", "LSTMCell")},
    **{name: _attention(name) for name in ("Attention", "AdditiveAttention")},
    **{name: _heads(name) for name in ("MultiHeadAttention", "GroupQueryAttention")},
    **{name: any_rank(name, args) for name, args in _AUGMENTATIONS.items()},
    "RandomColorDegeneration": any_rank("RandomColorDegeneration", (0.1,), ranks=(3, 4)),
}
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
