"""How Keras 3.15.1 fits data to the input that a model declares.

Run for Functional and Sequential models, in fit, evaluate, predict and direct calls: sizes are compared
by Functional models only, and only on axes that both shapes have once a trailing 1 is dropped from each;
then a rank that is one off is corrected if the surplus or missing last axis has size 1; anything else raises.
"""

from __future__ import annotations

from dataclasses import dataclass

from shapelens.library.keras.training.wording import axis_name, differs, static
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure


@dataclass(frozen=True, slots=True)
class InputNames:
    """How Keras's messages name the model and its input."""

    model: str = "functional"
    input: str = "input_layer"
    index: int = 0
    class_name: str = "Functional"


def adapt_input(
    declared: Shape, data: Shape, *, compares_sizes: bool, batch: int | None = None, names: InputNames
) -> Shape | Failure:
    """The shape with which the layers are called, or why Keras refuses.

    ``declared`` and ``data`` have the batch axis first. ``compares_sizes``: the model is Functional.
    ``batch``: the batch size that the message shows.
    """
    if declared.open:
        return data
    if data.open:
        return _declared_with_batch(declared, data)
    if compares_sizes:
        axis = clashing_axis(declared, data)
        if axis is not None:
            return _size_failure(declared, data, axis, batch, names)
    rank = len(data) - len(declared)
    if rank == 0:
        return data
    if rank == 1:
        last = data.dims[-1]
        if last == 1:
            return Shape(data.dims[:-1])
        if not isinstance(last, int) and last is not None:
            return _declared_with_batch(declared, data)
    if rank == -1 and declared.dims[-1] == 1:
        return Shape((*data.dims, 1))
    return _rank_failure(declared, data, batch, names)


def clashing_axis(declared: Shape, data: Shape) -> int | None:
    """The axis whose sizes a Functional model refuses, batch left out."""
    wanted = declared.dims[:-1] if declared.dims and declared.dims[-1] == 1 else declared.dims
    # A last axis of unknown size might be a 1 that Keras drops, and then it is not compared.
    given = data.dims if data.dims and data.dims[-1] is None else data.dims[:-1]
    if data.dims and isinstance(data.dims[-1], int) and data.dims[-1] != 1:
        given = data.dims
    for axis in range(1, min(len(wanted), len(given))):
        if differs(wanted[axis], given[axis]):
            return axis
    return None


def is_one_sample(declared: Shape, data: Shape) -> bool:
    """Whether data look like one sample of the declared input, without the batch axis."""
    if declared.open or data.open or len(declared) < 2:
        return False
    sample = declared.dims[1:]
    return _describes(sample, data.dims) or (sample[-1] == 1 and _describes(sample[:-1], data.dims))


def _describes(sample: tuple[Dim, ...], dims: tuple[Dim, ...]) -> bool:
    return (
        len(sample) == len(dims)
        and len(dims) > 0
        and all(isinstance(given, int) for given in dims)
        and all(wanted is None or wanted == given for wanted, given in zip(sample, dims, strict=True))
    )


def _declared_with_batch(declared: Shape, data: Shape) -> Shape:
    return Shape((data.axis(0), *declared.dims[1:]))


def _size_failure(declared: Shape, data: Shape, axis: int, batch: int | None, names: InputNames) -> Failure:
    shown = static(data, batch)
    if shown.dims[-1] == 1:
        shown = Shape(shown.dims[:-1])
    expected = Shape((None, *declared.dims[1:]))
    found = data.dims[axis] if axis < len(data) else None
    where = axis_name(axis, len(declared))
    return Failure(
        "input-mismatch",
        f"{{subject}} has shape {data}, but the model's input is declared as {expected}: "
        f"{where} is {found} instead of {declared.dims[axis]}",
        keras=(
            f"Input {names.index} with name '{names.input}' of layer '{names.model}' is incompatible with "
            f"the layer: expected shape={expected}, found shape={shown}"
        ),
        expected=expected,
        found=data,
        axis=axis,
    )


def _rank_failure(declared: Shape, data: Shape, batch: int | None, names: InputNames) -> Failure:
    shown = static(data, batch)
    expected = Shape((None, *declared.dims[1:])) if declared.dims else declared
    return Failure(
        "input-mismatch",
        f"{{subject}} has shape {data} with {_axes(len(data))}, but the model's input is declared as "
        f"{expected} with {_axes(len(declared))}",
        keras=(
            f"Exception encountered when calling {names.class_name}.call().\n\n"
            f'Invalid input shape for input Tensor("data:0", shape={shown}, dtype=float32) with name '
            f"'{names.input}' and path ''. Expected shape {declared}, but input has incompatible shape "
            f"{shown}"
        ),
        expected=expected,
        found=data,
    )


def _axes(count: int) -> str:
    return "1 axis" if count == 1 else f"{count} axes"
