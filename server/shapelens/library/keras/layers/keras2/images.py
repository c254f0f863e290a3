"""Preprocessing of pictures where Keras 2 differs: it looks at ranks. From runs of Keras 2.15.0."""

from __future__ import annotations

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import same_shape, single, tensor
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer_of_keras2
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure, ShapeFailure


@layer_of_keras2(
    "keras.layers.RandomBrightness",
    "keras.layers.RandomFlip",
    "keras.layers.RandomRotation",
    "keras.layers.RandomTranslation",
    "keras.layers.RandomZoom",
)
def augmentation(machine: Machine, call: LayerCall) -> LayerResult:
    """Changes one picture, or a batch of them, but not the shape."""
    _picture(call, 3, 4)
    return same_shape(machine, call)


@layer_of_keras2("keras.layers.RandomContrast")
def random_contrast(machine: Machine, call: LayerCall) -> LayerResult:
    """Takes any number of axes before the picture."""
    _picture(call, 3, None)
    if read.plain(machine, call.config.get("factor")) in (0, (0, 0), [0, 0]):
        name = short_name(call.class_name)
        raise ShapeFailure(
            Failure("invalid-argument", f"{name} with a factor of 0 has no range", details={"layer": name})
        )
    return same_shape(machine, call)


@layer_of_keras2("keras.layers.RandomHeight", "keras.layers.RandomWidth")
def random_size(machine: Machine, call: LayerCall) -> LayerResult:
    """Stretches pictures: what is stretched is not known. One picture is taken for rows without a batch."""
    shape = _picture(call, 3, 4)
    place = -3 if short_name(call.class_name) == "RandomHeight" else -2
    if shape.open and len(shape.dims) < 3:
        return LayerResult(tensor(call, Shape(shape.dims[-1:], open=True)))
    return LayerResult(tensor(call, shape.replace(place, None)))


@layer_of_keras2("keras.layers.RandomCrop", "keras.layers.CenterCrop", "keras.layers.Resizing")
def sized(machine: Machine, call: LayerCall) -> LayerResult:
    """Gives one picture, or a batch of them, a height and a width; channels are last."""
    shape = _picture(call, 3, 4)
    size: tuple[Dim, ...] = (read.size(machine, call.config, "height"), read.size(machine, call.config, "width"))
    last = shape.dims[-1] if shape.dims else ANY
    return LayerResult(tensor(call, Shape((*shape.dims[:-3], *size, last), shape.open)))


def _picture(call: LayerCall, least: int, most: int | None) -> Shape:
    """The input's shape, of a rank that the layer takes."""
    shape = single(call).shape
    rank = len(shape.dims)
    few, many = rank < least and not shape.open, most is not None and rank > most
    if not few and not many:
        return shape
    name = short_name(call.class_name)
    wanted = f"{least} or {most}" if most is not None else f"at least {least}"
    raise ShapeFailure(
        Failure(
            "rank-mismatch",
            f"{{subject}} has {rank} axes, shape {shape}, but {name} needs {wanted}: pictures, or one picture",
            subject=0,
            expected=Shape((None, ANY, ANY, ANY)),
            found=shape,
            details={"layer": name, "expected_ndim": 4, "found_ndim": rank, "kind": "ndim"},
        )
    )
