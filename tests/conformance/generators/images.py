"""Random cases for the layers that augment pictures: their arguments, and pictures of any rank."""

from __future__ import annotations

from random import Random

from tests.conformance.cases import Case
from tests.conformance.generators.draw import Generator, maybe, pick, tensor

_NUMBERS = (0.1, 0.2, 0.2, 0, 1, 2, -0.5, 1.5, (0.1, 0.3), (0.3, 0.1), (-0.2, 0.2), (-2, 3), (0.1, 0.2, 0.3), "a")
_RANGES = ((0, 255), (0.0, 1.0), [0, 1], 3, None, (1, 2, 3), "ab")
_INTERPOLATIONS = ("nearest", "bilinear", "bilinear", "foo", None)
_MODES = ("reflect", "wrap", "constant", "nearest", "foo")
_FORMATS = ("channels_last", "channels_first", None, "foo")

# What the layers must be given, and the names of the arguments that are varied.
_LAYERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "AugMix": ((), ("value_range", "factor", "interpolation", "data_format")),
    "AutoContrast": ((), ("value_range",)),
    "CutMix": ((), ("factor", "data_format")),
    "MixUp": ((), ("data_format",)),
    "Equalization": ((), ("data_format",)),
    "RandAugment": ((), ("value_range", "factor", "interpolation", "data_format")),
    "RandomBrightness": (("factor",), ("value_range",)),
    "RandomColorJitter": (
        (),
        ("brightness_factor", "contrast_factor", "saturation_factor", "hue_factor", "data_format"),
    ),
    "RandomContrast": (("factor",), ()),
    "RandomElasticTransform": ((), ("factor", "scale", "interpolation", "data_format")),
    "RandomErasing": ((), ("factor", "scale", "data_format")),
    "RandomFlip": ((), ("data_format",)),
    "RandomGaussianBlur": ((), ("factor", "sigma", "data_format")),
    "RandomGrayscale": ((), ("factor", "data_format")),
    "RandomHue": (("factor",), ("data_format",)),
    "RandomInvert": ((), ("factor", "data_format")),
    "RandomPerspective": ((), ("factor", "interpolation", "data_format")),
    "RandomRotation": (("factor",), ("fill_mode", "interpolation", "data_format")),
    "RandomSaturation": (("factor",), ("value_range", "data_format")),
    "RandomSharpness": (("factor",), ("value_range", "data_format")),
    "RandomShear": ((), ("x_factor", "y_factor", "interpolation", "fill_mode", "data_format")),
    "RandomTranslation": (("height_factor", "width_factor"), ("fill_mode", "interpolation", "data_format")),
    "RandomZoom": (("height_factor",), ("width_factor", "fill_mode", "interpolation", "data_format")),
    "Solarization": ((), ("addition_factor", "threshold_factor", "value_range")),
}


def _values(argument: str) -> tuple[object, ...]:
    chosen = {
        "value_range": _RANGES,
        "interpolation": _INTERPOLATIONS,
        "fill_mode": _MODES,
        "data_format": _FORMATS,
    }
    return chosen.get(argument, _NUMBERS)


def _augmentation(name: str, needed: tuple[str, ...], more: tuple[str, ...]) -> Generator:
    def make(random: Random) -> Case:
        # Mostly right: a layer that cannot be made tells nothing of its shapes.
        easy = random.random() < 0.5
        kwargs: dict[str, object] = {key: 0.2 if easy else random.choice(_values(key)) for key in needed}
        if not easy:
            kwargs |= maybe(random, 0.4, **{key: pick(random, *_values(key)) for key in more})
        kwargs |= maybe(random, 0.1, dtype=pick(random, "float16"), name=pick(random, "mine", 3, "a/b"))
        dtype = random.choice(("float32", "float32", "int32", "uint8"))
        return Case(name, (), kwargs, tensor(random, random.choice((1, 2, 3, 4, 4, 4)), dtype=dtype))

    return make


IMAGES: dict[str, Generator] = {
    name: _augmentation(name, needed, more) for name, (needed, more) in sorted(_LAYERS.items())
}
