"""The shapes that an EinsumDense equation relates, as Keras 3.15.1 works them out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shapelens.shapes.dims import Dim, same
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure, ShapeFailure


@dataclass(frozen=True, slots=True)
class EinsumShapes:
    """The kernel's, the bias's (if there is one) and the output's sizes."""

    kernel: tuple[Dim, ...]
    bias: tuple[Dim, ...] | None
    output: tuple[Dim, ...]


_FORMS = (
    (re.compile(r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)"), False),
    (re.compile(r"0([a-zA-Z]+),([a-zA-Z]+)->0([a-zA-Z]+)"), True),
    (re.compile(r"([a-zA-Z]{2,})0,([a-zA-Z]+)->([a-zA-Z]+)0"), False),
)


def einsum_dense_shapes(equation: str, bias_axes: str | None, given: Shape, target: tuple[Dim, ...]) -> EinsumShapes:
    """Work out all shapes from the input's (of known rank) and the ``output_shape`` argument."""
    dims = given.dims
    inputs, kernel, outputs, left = _split(equation)
    elided = len(dims) - len(inputs)
    output = [dims[0] if dims else None, *target]
    if elided > 0 and left:
        output[1:1] = dims[1:elided][::-1]
    elif elided > 0:
        output.extend(dims[len(dims) - elided :])
    input_at = {axis: i + (elided - len(dims) if left else 0) for i, axis in enumerate(inputs)}
    output_at = {axis: i + (elided if left else 0) for i, axis in enumerate(outputs)}
    _check_shared(inputs, input_at, output_at, given, output)
    for axis in outputs:
        if axis not in inputs and axis not in kernel:
            raise _bad_equation(
                f"Dimension '{axis}' was specified in the output '{outputs}' but has no corresponding dim in "
                f"the input spec '{inputs}' or weight spec '{outputs}'"
            )
    sizes: list[Dim] = []
    for axis in kernel:
        if axis in output_at:
            sizes.append(_at(output, output_at[axis], given))
        elif axis in input_at:
            sizes.append(_at(dims, input_at[axis], given))
        else:
            raise _bad_equation(
                f"Weight dimension '{axis}' did not have a match in either the input spec '{inputs}' or the "
                f"output spec '{outputs}'. For this layer, the weight must be fully specified."
            )
    bias = _bias(bias_axes, outputs, output, elided, left, given)
    return EinsumShapes(tuple(sizes), bias, tuple(output))


def _split(equation: str) -> tuple[str, str, str, bool]:
    written = equation.replace("...", "0")
    for form, left in _FORMS:
        match = form.match(written)
        if match:
            return match.group(1), match.group(2), match.group(3), left
    raise _bad_equation(
        f"Invalid einsum equation '{equation}'. Equations must be in the form [X],[Y]->[Z], "
        "...[X],[Y]->...[Z], or [X]...,[Y]->[Z]...."
    )


def _check_shared(
    inputs: str, input_at: dict[str, int], output_at: dict[str, int], given: Shape, output: list[Dim]
) -> None:
    for axis in inputs:
        size = _at(given.dims, input_at[axis], given)
        if axis not in output_at:
            continue
        wanted = _at(output, output_at[axis], given)
        # Keras compares a dynamic input size with a fixed output size, too, and refuses it.
        if wanted is None or not (same(wanted, size) is False or (size is None and isinstance(wanted, int))):
            continue
        raise ShapeFailure(
            Failure(
                "channel-mismatch",
                f"{{subject}} has size {size} on the axis '{axis}' of the equation, shape {given}, "
                f"but output_shape says {wanted}",
                keras=f"Input shape and output shape do not match at shared dimension '{axis}'. "
                f"Input shape is {size}, and output shape is {wanted}.",
                subject=0,
                found=given,
                axis=input_at[axis],
                details={"layer": "EinsumDense"},
            )
        )


def _bias(
    bias_axes: str | None, outputs: str, output: list[Dim], elided: int, left: bool, given: Shape
) -> tuple[Dim, ...] | None:
    if bias_axes is None:
        return None
    size_of = {axis: _at(output, i + (elided if left else 0), given) for i, axis in enumerate(outputs)}
    for axis in bias_axes:
        if axis not in outputs:
            raise _bad_equation(
                f"Bias dimension '{axis}' was requested, but is not part of the output spec '{outputs}'"
            )
    first = min(outputs.find(axis) for axis in bias_axes)
    bias: list[Dim] = [size_of[axis] if axis in bias_axes else 1 for axis in outputs[first:]]
    return (*bias, *(1,) * (0 if left else max(elided, 0)))


def _at(sizes: tuple[Dim, ...] | list[Dim], index: int, given: Shape) -> Dim:
    if not -len(sizes) <= index < len(sizes):
        raise ShapeFailure(
            Failure(
                "rank-mismatch",
                f"{{subject}} of shape {given} has another number of axes than the equation of EinsumDense",
                subject=0,
                found=given,
                details={"layer": "EinsumDense", "found_ndim": len(given.dims)},
            )
        )
    return sizes[index]


def _bad_equation(wording: str) -> ShapeFailure:
    return ShapeFailure(
        Failure(
            "invalid-argument",
            f"the equation of EinsumDense does not work out: {wording}",
            keras=wording,
            details={"layer": "EinsumDense"},
        )
    )
