"""Random cases for the layers that only Keras 2 has, or that only ``tf.keras.layers`` still has in Keras 3."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.conformance.cases import Case
from tests.conformance.generators.core import GENERATORS
from tests.conformance.generators.draw import Generator, any_rank, format_of, maybe, pick, spread, tensor


def _locally_connected(rank: int) -> Generator:
    name = f"LocallyConnected{rank}D"

    def make(random: Random) -> Case:
        kwargs = maybe(
            random,
            0.3,
            strides=lambda: spread(random, rank, 1, 2),
            padding=pick(random, "valid", "same", "causal", "foo"),
            data_format=format_of(random),
            use_bias=pick(random, True, False),
            implementation=pick(random, 1, 2, 3, 4),
        )
        return Case(
            name, (random.choice((1, 3, 4)), spread(random, rank, 1, 3)), kwargs, tensor(random, rank + 2, high=7)
        )

    return make


def _random_fourier_features(random: Random) -> Case:
    kwargs = maybe(
        random,
        0.3,
        kernel_initializer=pick(random, "gaussian", "laplacian", "foo"),
        scale=pick(random, 1.0, -1.0, None),
        trainable=pick(random, True),
    )
    return Case("RandomFourierFeatures", (random.choice((3, 7, 0, -1)),), kwargs, tensor(random, 2))


def stretched(name: str) -> Generator:
    """RandomHeight or RandomWidth."""

    def make(random: Random) -> Case:
        factor = random.choice((0.1, (0.1, 0.2), (-0.1, 0.2), -0.1, 1.5, (-2.0, 1.0), "a", (0.5, 0.2), 2))
        return Case(name, (factor,), {}, tensor(random, random.choice((3, 4, 4, 4, 5, 2))))

    return make


# Of these Keras 3 has `tf.keras.layers.RandomHeight` ...
OLD: dict[str, Generator] = {
    "RandomHeight": stretched("RandomHeight"),
    "RandomWidth": stretched("RandomWidth"),
    "ThresholdedReLU": any_rank("ThresholdedReLU", (), (0.5,), (0,), (-1,), (None,)),
}
KERAS2: dict[str, Generator] = {
    **OLD,
    "LocallyConnected1D": _locally_connected(1),
    "LocallyConnected2D": _locally_connected(2),
    "RandomFourierFeatures": _random_fourier_features,
    "SyncBatchNormalization": lambda random: replace(
        GENERATORS["BatchNormalization"](random), name="SyncBatchNormalization"
    ),
}
