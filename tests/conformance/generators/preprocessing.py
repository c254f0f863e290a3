"""Random cases for layers that prepare data: texts, numbers, pictures, sounds."""

from __future__ import annotations

from random import Random

from tests.conformance.cases import Case, Inner, Tensor
from tests.conformance.generators.draw import Generator, any_rank, maybe, pick, sizes, tensor


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


_AUGMENTATIONS: dict[str, tuple[object, ...]] = {
    "ContrastLimitedAdaptiveHistogramEqualization": (),
    "MaxNumBoundingBoxes": (3,),
    "RandomPosterization": (4,),
    "Rescaling": (0.5,),
}

GENERATORS: dict[str, Generator] = {
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
    **{name: any_rank(name, args) for name, args in _AUGMENTATIONS.items()},
    "RandomColorDegeneration": any_rank("RandomColorDegeneration", (0.1,), ranks=(3, 4)),
}
