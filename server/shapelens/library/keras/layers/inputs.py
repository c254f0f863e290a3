"""Checking a layer's inputs against what it accepts, as Keras's ``assert_input_compatibility`` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.signatures import Family
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Code, Failure, ShapeFailure
from shapelens.values.objects import InputSpec

_AXES_BY_RANK = {
    2: "(batch, features)",
    3: "(batch, steps, features)",
    4: "(batch, height, width, channels)",
    5: "(batch, depth, height, width, channels)",
}
# The last axis of a picture is almost always one of these.
_PICTURE_CHANNELS = (1, 3, 4)


def flatten(nest: SpecNest) -> list[TensorSpec]:
    """The specs of a structure in Keras's order: dicts by sorted key."""
    if isinstance(nest, TensorSpec):
        return [nest]
    children = [nest[key] for key in sorted(nest)] if isinstance(nest, dict) else nest
    return [spec for child in children for spec in flatten(child)]


def check_inputs(specs: Sequence[InputSpec], inputs: SpecNest, class_name: str, name: str, family: Family = 3) -> None:
    """Raise the failure that Keras 3.15.1 (2.15.0) raises when ``inputs`` cannot be given to the layer.

    Nothing is raised where a shape is not known well enough.
    """
    if not specs:
        return
    try:
        _check(specs, inputs, class_name, name)
    except ShapeFailure as caught:
        failure = caught.failure
        if family == 2 and failure.keras is not None:
            # The rest of the sentence is the same.
            old, new = f"with name 'None' of layer '{name}'", f'of layer "{name}"'
            raise ShapeFailure(replace(failure, keras=failure.keras.replace(old, new))) from None
        raise


def _check(specs: Sequence[InputSpec], inputs: SpecNest, class_name: str, name: str) -> None:
    given = [inputs] if isinstance(inputs, TensorSpec) else flatten(inputs)
    if len(given) != len(specs):
        _wrong_count(len(specs), len(given), class_name, name)
    for index, (tensor, spec) in enumerate(zip(given, specs, strict=True)):
        _check_rank(spec, tensor.shape, index, class_name, name)
        _check_axes(spec, tensor.shape, index, class_name, name)
        _check_shape(spec, tensor.shape, index, class_name, name)


def _check_rank(spec: InputSpec, shape: Shape, index: int, class_name: str, name: str) -> None:
    found = len(shape.dims)
    ndim = len(spec.shape) if spec.shape is not None else spec.ndim
    if ndim is not None and not spec.allow_last_axis_squeeze and (found > ndim or not shape.open):
        if found != ndim:
            _wrong_rank(spec, shape, index, class_name, name, ndim, "ndim")
    elif spec.max_ndim is not None and found > spec.max_ndim:
        _wrong_rank(spec, shape, index, class_name, name, spec.max_ndim, "max_ndim")
    elif spec.min_ndim is not None and found < spec.min_ndim and not shape.open:
        _wrong_rank(spec, shape, index, class_name, name, spec.min_ndim, "min_ndim")


def _check_axes(spec: InputSpec, shape: Shape, index: int, class_name: str, name: str) -> None:
    for axis, value in spec.axes:
        size = shape.axis(axis)
        if isinstance(size, int) and size != value:
            layer = short_name(class_name)
            raise ShapeFailure(
                Failure(
                    "channel-mismatch",
                    f"{{subject}} has size {size} on axis {axis}, shape {shape}, "
                    f"but this {layer} was built for size {value} there",
                    keras=f"{_preamble(index, name)}expected axis {axis} of input shape to have value "
                    f"{value}, but received input with shape {shape}",
                    subject=index,
                    expected=_expected_by_axes(spec, shape),
                    found=shape,
                    axis=axis,
                    details={"layer": layer, "expected_size": value, "found_size": size},
                )
            )


def _check_shape(spec: InputSpec, shape: Shape, index: int, class_name: str, name: str) -> None:
    if spec.shape is None or shape.open:
        return
    wanted, found = spec.shape, shape.dims
    if spec.allow_last_axis_squeeze:
        # An unknown last size may be a 1, which Keras drops: then nothing can be compared.
        if found and not isinstance(found[-1], int) and found[-1] is not None:
            return
        found = found[:-1] if found and found[-1] == 1 else found
        wanted = wanted[:-1] if wanted and wanted[-1] == 1 else wanted
    for axis, (expected, size) in enumerate(zip(wanted, found, strict=False)):
        if isinstance(expected, int) and isinstance(size, int) and expected != size:
            layer = short_name(class_name)
            raise ShapeFailure(
                Failure(
                    "channel-mismatch",
                    f"{{subject}} has shape {shape}, but this {layer} expects {Shape(spec.shape)}: "
                    f"axis {axis} is {size} instead of {expected}",
                    keras=f"{_preamble(index, name)}expected shape={Shape(spec.shape)}, found shape={Shape(found)}",
                    subject=index,
                    expected=Shape(spec.shape),
                    found=shape,
                    axis=axis,
                    details={"layer": layer, "expected_size": expected, "found_size": size},
                )
            )


def _wrong_rank(
    spec: InputSpec, shape: Shape, index: int, class_name: str, name: str, wanted: int, kind: str
) -> NoReturn:
    layer = short_name(class_name)
    found = len(shape.dims)
    bound = {"ndim": "", "min_ndim": "at least ", "max_ndim": "at most "}[kind]
    code: Code = "rank-mismatch"
    meaning = f": {_AXES_BY_RANK[wanted]}" if wanted in _AXES_BY_RANK and kind != "max_ndim" else ""
    count = f"at least {found}" if shape.open else str(found)
    sentence = f"{{subject}} has {count} {_axes(found)}, shape {shape}, but {layer} needs {bound}{wanted}{meaning}"
    if kind != "max_ndim" and _is_one_sample(spec, shape, wanted):
        code = "missing-batch-axis"
        sentence = f"{{subject}} has shape {shape}, a single sample without the batch axis that {layer} needs first"
    full = "" if kind == "max_ndim" else f". Full shape received: {shape}"
    raise ShapeFailure(
        Failure(
            code,
            sentence,
            keras=None if shape.open else f"{_preamble(index, name)}expected {kind}={wanted}, found ndim={found}{full}",
            subject=index,
            expected=_expected_by_rank(spec, wanted),
            found=shape,
            details={"layer": layer, "expected_ndim": wanted, "found_ndim": found, "kind": kind},
        )
    )


def _is_one_sample(spec: InputSpec, shape: Shape, wanted: int) -> bool:
    """Whether a shape of one axis too few looks like one sample, rather than many with an axis missing."""
    if shape.open or not shape.known or len(shape.dims) != wanted - 1:
        return False
    if spec.shape is not None:
        return all(a is None or a == b for a, b in zip(spec.shape[1:], shape.dims, strict=True))
    channels = dict(spec.axes)
    last = shape.axis(-1)
    if -1 in channels and wanted != 3:
        return last == channels[-1]
    # Pictures: the rank is what distinguishes them; (60000, 28, 28) lacks its channels instead.
    return wanted >= 4 and last in _PICTURE_CHANNELS


def _wrong_count(wanted: int, found: int, class_name: str, name: str) -> NoReturn:
    raise ShapeFailure(
        Failure(
            "input-mismatch",
            f"{short_name(class_name)} takes {wanted} {'input' if wanted == 1 else 'inputs'}, "
            f"but {{subject}} holds {found} tensors",
            keras=f'Layer "{name}" expects {wanted} input(s), but it received {found} input tensors.',
            subject=0,
            details={"layer": short_name(class_name), "expected_count": wanted, "found_count": found},
        )
    )


def _preamble(index: int, name: str) -> str:
    return f"Input {index} with name 'None' of layer '{name}' is incompatible with the layer: "


def _axes(count: int) -> str:
    return "axis" if count == 1 else "axes"


def _expected_by_rank(spec: InputSpec, wanted: int) -> Shape:
    if spec.shape is not None:
        return Shape(spec.shape)
    channels = dict(spec.axes)
    return Shape(tuple(channels.get(i, channels.get(i - wanted, None if i == 0 else ANY)) for i in range(wanted)))


def _expected_by_axes(spec: InputSpec, shape: Shape) -> Shape:
    result = shape
    for axis, value in spec.axes:
        if -len(shape.dims) <= axis < len(shape.dims):
            result = result.replace(axis, value)
    return result
