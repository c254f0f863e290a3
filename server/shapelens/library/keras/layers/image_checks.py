"""What Keras refuses when a layer that augments pictures is made. From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelens.library.keras.layers import checks
from shapelens.library.keras.layers.checks import Check, Values, comparison, unsure
from shapelens.library.keras.layers.config import UNSURE

_MODES = ("reflect", "wrap", "constant", "nearest")
_INTERPOLATIONS = ("nearest", "bilinear")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))


def _factor(name: str, low: int, high: int, none: bool = False, shown: str = "factor") -> Check:
    """A number between two bounds, or any two; ``none``: or nothing."""
    wording = f"The `{shown}` argument should be a number (or a list of two numbers) in the range [{low}, {high}]."

    def check(values: Values) -> str | None:
        value = values.get(name)
        if value is UNSURE or unsure(value) or (none and value is None):
            return None
        if isinstance(value, (tuple, list)):
            fits = len(value) == 2
        else:
            fits = isinstance(value, (int, float)) and low <= value <= high
        return None if fits else f"{wording} Received: factor={value}"

    return check


def _both_within(name: str, low: float, high: float, wording: str, none: bool = False, own: str | None = None) -> Check:
    """A number between two bounds, or two of them; ``own`` is the wording for anything else."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        if value is UNSURE or unsure(value) or (none and value is None):
            return None
        pair = isinstance(value, (tuple, list)) and len(value) == 2
        numbers: Sequence[object] = [*value] if isinstance(value, (tuple, list)) and pair else [value]
        if not pair and not _is_number(value):
            return None if own is None else f"{own} Received: {name}={value}"
        # The bounds are looked at in order of size.
        known = sorted(number for number in numbers if isinstance(number, (int, float)))
        if len(known) < len(numbers):
            return None
        wrong = next((number for number in known if not low <= number <= high), None)
        return None if wrong is None else f"{wording} Received: input_number={wrong}"

    return check


def _named(name: str, low: float, high: float, wording: str, none: bool = False) -> Check:
    return _both_within(name, low, high, wording, none, own=wording)


def value_range(values: Values) -> str | None:
    """Two numbers."""
    value = values.get("value_range")
    if value is UNSURE or unsure(value) or (isinstance(value, (tuple, list)) and len(value) == 2):
        return None
    return f"The `value_range` argument should be a list of two numbers. Received: value_range={value}"


def _among(name: str, allowed: Sequence[str]) -> Check:
    def check(values: Values) -> str | None:
        value = values.get(name)
        if unsure(value) or value in allowed:
            return None
        return f"Unknown `{name}` {value}. Expected of one {tuple(allowed)}."

    return check


def _fraction(values: Values) -> str | None:
    """``factor`` of RandomGrayscale."""
    value = values.get("factor")
    if isinstance(value, (int, float)):
        return None if 0 <= value <= 1 else f"`factor` should be between 0 and 1. Received: factor={value}"
    return comparison(value, "<")


_UNIT = "The `factor` argument should be a number (or a list of two numbers) in the range [0, 1.0]."
_SIGNED = "The `factor` argument should be a number (or a list of two numbers) in the range [-1.0, 1.0]."
_ZOOM = (
    "The `height_factor` and `width_factor` arguments should be a number (or a list of two numbers) in the range "
    "(-1.0, 1.0]."
)
_SOLAR = (
    "The `addition_factor` and `threshold_factor` arguments should be a number (or a list of two numbers) in the "
    "range [0, 1]."
)
_interpolation = _among("interpolation", _INTERPOLATIONS)
_fill_mode = _among("fill_mode", _MODES)
_format = checks.data_format

IMAGE_CHECKS: Mapping[str, Sequence[Check]] = {
    "AugMix": (_format, _factor("factor", 0, 1), _both_within("factor", 0, 1, _UNIT), _interpolation, value_range),
    "AutoContrast": (value_range,),
    "CutMix": (_format, _factor("factor", 0, 1)),
    "MixUp": (_format,),
    "Equalization": (_format,),
    "RandAugment": (
        _format,
        _factor("factor", 0, 1),
        _both_within("factor", 0, 1, _UNIT),
        _interpolation,
        value_range,
    ),
    "RandomBrightness": (_factor("factor", -1, 1, none=True), value_range),
    "RandomColorDegeneration": (_format, _factor("factor", -1, 1), value_range),
    "RandomColorJitter": (
        _format,
        _factor("brightness_factor", -1, 1, none=True),
        _factor("contrast_factor", 0, 1, none=True),
        _factor("saturation_factor", -1, 1, none=True),
        _factor("hue_factor", 0, 1, none=True),
    ),
    "RandomContrast": (_factor("factor", 0, 1),),
    "RandomElasticTransform": (
        _format,
        _factor("factor", 0, 1),
        _factor("scale", 0, 1, shown="scale"),
        _interpolation,
    ),
    "RandomErasing": (_format, _factor("factor", 0, 1), _factor("scale", 0, 1, shown="scale")),
    "RandomFlip": (_format,),
    "RandomGaussianBlur": (_format, _factor("factor", 0, 1), _factor("sigma", 0, 1, shown="sigma")),
    "RandomGrayscale": (_fraction, _format),
    "RandomHue": (_format, _factor("factor", 0, 1)),
    "RandomInvert": (_format, _factor("factor", 0, 1)),
    "RandomPerspective": (_format, _factor("factor", 0, 1), _interpolation),
    "RandomRotation": (_format, _factor("factor", -1, 1, none=True), _fill_mode, _interpolation),
    "RandomSaturation": (_format, _factor("factor", -1, 1), value_range),
    "RandomSharpness": (_format, _factor("factor", 0, 1), value_range),
    "RandomShear": (
        _format,
        _named("x_factor", 0, 1, _UNIT),
        _named("y_factor", 0, 1, _UNIT),
        _fill_mode,
        _interpolation,
    ),
    "RandomTranslation": (
        _format,
        _named("height_factor", -1, 1, _SIGNED),
        _named("width_factor", -1, 1, _SIGNED),
        _fill_mode,
        _interpolation,
    ),
    "RandomZoom": (
        _named("height_factor", -1, 1, _ZOOM),
        _named("width_factor", -1, 1, _ZOOM, none=True),
        _fill_mode,
        _interpolation,
        _format,
    ),
    "Solarization": (
        _named("addition_factor", 0, 1, _SOLAR),
        _named("threshold_factor", 0, 1, _SOLAR),
        value_range,
    ),
}
