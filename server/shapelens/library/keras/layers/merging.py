"""Layers that make one tensor of several: Add, Concatenate, Dot ... From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import at_rank, dims_known, tensor
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim, SymDim, same
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Code, Failure, NotKnown, ShapeFailure

ELEMENTWISE = tuple(f"keras.layers.{name}" for name in ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"))


@layer(*ELEMENTWISE)
def elementwise(machine: Machine, call: LayerCall) -> LayerResult:
    """Elementwise over a list: sizes must be equal or 1, counted from the last axis, the batch apart."""
    shapes = _shapes(call, "A merge layer should be called on a list of inputs. ", " (not a list of shapes)")
    if not call.built:
        _same_batches(call, shapes)
    known = [shape.dims[1:] for shape in shapes]
    if any(shape.open for shape in shapes):
        dims = _merge_open(call, shapes)
        output = Shape(dims, open=True)
    else:
        body = known[0]
        for index, other in enumerate(known[1:], start=1):
            body = _merge_two(call, shapes, body, other, index)
        output = Shape((_batch(shapes), *_guess(body, known)))
    if short_name(call.class_name) == "Subtract" and len(shapes) != 2 and not call.built:
        raise _refuse(
            call,
            "invalid-argument",
            f"Subtract takes exactly 2 tensors, but {{subject}} holds {len(shapes)}",
            f"A `Subtract` layer should be called on exactly 2 inputs. Received: input_shape={_listed(shapes)}",
        )
    return LayerResult(tensor(call, output))


@layer("keras.layers.Concatenate")
def concatenate(machine: Machine, call: LayerCall) -> LayerResult:
    """Joins tensors along ``axis``; all other sizes must be equal."""
    shapes = _shapes(call, "A `Concatenate` layer should be called on a list of at least 1 input. ", "")
    axis = read.size(machine, call.config, "axis")
    rank = next((len(shape.dims) for shape in shapes if not shape.open), None)
    if rank is not None:
        shapes = [at_rank(shape, rank) for shape in shapes]
    if not isinstance(axis, int):
        return LayerResult(tensor(call, Shape((ANY,) * (rank or 0), open=rank is None)))
    if rank is None:
        return LayerResult(tensor(call, _concatenate_open(shapes, axis)))
    for index, shape in enumerate(shapes):
        if len(shape.dims) != rank:
            raise _cannot_concatenate(call, shapes, axis, index, None)
    if axis >= rank and len(shapes) == 1:
        return LayerResult(tensor(call, shapes[0]))
    if not -rank <= axis < rank:
        wording = "list assignment index out of range" if axis < 0 else "list index out of range"
        raise _refuse(
            call,
            "axis-out-of-range",
            f"Concatenate works along axis {axis}, but the tensors in {{subject}} have {rank} axes",
            wording if rank and (axis < 0 or len(set(shapes)) == 1) else None,
            axis=axis,
        )
    position = axis % rank
    dims: list[Dim] = []
    for place in range(rank):
        sizes = [shape.dims[place] for shape in shapes]
        if place == position:
            dims.append(None if None in sizes else _sum(sizes))
            continue
        for index, size in enumerate(sizes):
            if not call.built and any(same(size, other) is False for other in sizes[:index]):
                raise _cannot_concatenate(call, shapes, axis, index, place)
        # Keras takes the first tensor's size; where that is unknown to us another may tell it.
        numbers = [size for size in sizes if isinstance(size, int)]
        dims.append(numbers[0] if isinstance(sizes[0], SymDim) and numbers else sizes[0])
    joined = [shape.dims[position] for shape in shapes]
    steps = (f"axis {axis}: {' + '.join(map(str, joined))} = {dims[position]}",)
    return LayerResult(tensor(call, Shape(tuple(dims))), steps=steps if isinstance(dims[position], int) else ())


@layer("keras.layers.Dot")
def dot(machine: Machine, call: LayerCall) -> LayerResult:
    """Sums products along an axis of each of two tensors."""
    shapes = _shapes(call, "A `Dot` layer should be called on a list of 2 inputs. ", "")
    if len(shapes) != 2:
        wording = f"A `Dot` layer should be called on a list of 2 inputs. Received: input_shape={_listed(shapes)}"
        sentence = f"Dot takes exactly 2 tensors, but {{subject}} holds {len(shapes)}"
        raise _refuse(call, "invalid-argument", sentence, wording)
    left, right = shapes
    one = read.size(machine, call.config, "axes")
    pair = (one, one) if one is not ANY else read.dims_of(machine, call.config.get("axes"))
    if left.open or right.open or pair is None or len(pair) != 2:
        raise NotKnown("the axes of Dot or the ranks of its tensors are not known")
    first, second = pair
    if not isinstance(first, int) or not isinstance(second, int):
        raise NotKnown("the axes of Dot are not known")
    if one is not ANY and first < 0 and left.dims and right.dims:
        first, second = first % len(left.dims), second % len(right.dims)
    if not -len(left.dims) <= first < len(left.dims) or not -len(right.dims) <= second < len(right.dims):
        sentence = f"Dot works along axes {first} and {second}, which the tensors in {{subject}} do not both have"
        raise _refuse(call, "axis-out-of-range", sentence, "tuple index out of range", axis=first)
    a, b = left.dims[first], right.dims[second]
    # Keras compares without making an exception for dynamic sizes.
    if not call.built and (same(a, b) is False or ((a is None) != (b is None) and not _symbolic(a, b))):
        raise _refuse(
            call,
            "merge-mismatch",
            f"Dot multiplies axis {first} of {left} with axis {second} of {right} in {{subject}}, "
            f"but their sizes are {a} and {b}",
            f"Incompatible input shapes: axis values {a} (at axis {first}) != {b} (at axis {second}). "
            f"Full input shapes: {left}, {right}",
            axis=first,
            details={"axes": (first, second), "sizes": (a, b)},
        )
    rest_left, rest_right = list(left.dims), list(right.dims)
    rest_left.pop(first)
    rest_right.pop(second)
    dims = (*rest_left, *rest_right[1:])
    return LayerResult(tensor(call, Shape(dims if len(dims) != 1 else (*dims, 1))))


def _shapes(call: LayerCall, wording: str, ending: str) -> list[Shape]:
    """The shapes of the list that a merging layer is called on."""
    nest = call.inputs
    if isinstance(nest, TensorSpec):
        if nest.shape.open and not nest.shape.dims:
            raise NotKnown("the tensors to merge are not known")
        raise _refuse(
            call,
            "invalid-argument",
            f"{short_name(call.class_name)} takes a list of tensors, "
            f"but {{subject}} is one tensor of shape {nest.shape}",
            f"{wording}Received: input_shape={nest.shape}{ending}" if not nest.shape.open else None,
        )
    if isinstance(nest, dict) or not nest or not all(isinstance(item, TensorSpec) for item in nest):
        raise NotKnown("the tensors to merge are not in a plain list")
    return [item.shape for item in nest if isinstance(item, TensorSpec)]


def _same_batches(call: LayerCall, shapes: Sequence[Shape]) -> None:
    batches = {shape.dims[0] for shape in shapes if not shape.open and shape.dims}
    numbers = sorted(size for size in batches if isinstance(size, int))
    if len(numbers) > 1:
        raise _refuse(
            call,
            "merge-mismatch",
            f"the tensors in {{subject}} have different batch sizes: {' and '.join(map(str, numbers))}",
            f"Cannot merge tensors with different batch sizes. Received tensors with shapes {_listed(shapes)}",
            axis=0,
        )


def _batch(shapes: Sequence[Shape]) -> Dim:
    sizes = {shape.dims[0] for shape in shapes if shape.dims} - {None}
    numbers = [size for size in sizes if isinstance(size, int)]
    if numbers:
        return numbers[0]
    return next(iter(sizes), None) if len(sizes) <= 1 else ANY


def _merge_two(
    call: LayerCall, shapes: Sequence[Shape], left: tuple[Dim, ...], right: tuple[Dim, ...], index: int
) -> tuple[Dim, ...]:
    longer, shorter = (right, left) if len(left) < len(right) else (left, right)
    if not shorter:
        return longer
    head = longer[: -len(shorter)]
    merged: list[Dim] = []
    for axis in range(-len(shorter), 0):
        size = _merge_sizes(longer[axis], shorter[axis])
        if size is False:
            raise _cannot_merge(call, shapes, longer, shorter, axis, index)
        merged.append(size)
    return (*head, *merged)


def _merge_sizes(a: Dim, b: Dim) -> Dim | bool:
    """The merged size; False when there is none.

    An unknown size may be 1, the other's, or dynamic: then Keras compares nothing with the result.
    """
    if a is None or b is None:
        return None
    if a == 1:
        return b
    if b == 1 or same(a, b):
        return a
    return False if isinstance(a, int) and isinstance(b, int) else ANY


def _guess(body: tuple[Dim, ...], known: Sequence[tuple[Dim, ...]]) -> tuple[Dim, ...]:
    """Fill in unknown sizes where an input says what they are, if they are not dynamic."""
    filled: list[Dim] = []
    for axis in range(-len(body), 0):
        size = body[axis]
        if size is ANY:
            found = {dims[axis] for dims in known if -axis <= len(dims) and isinstance(dims[axis], int)} - {1}
            size = found.pop() if len(found) == 1 else ANY
        filled.append(size)
    return tuple(filled)


def _merge_open(call: LayerCall, shapes: Sequence[Shape]) -> tuple[Dim, ...]:
    """The last axes of the result when some rank is not known."""
    known = [shape.dims[1:] for shape in shapes]
    dims: list[Dim] = []
    for axis in range(-1, -max(map(len, known)) - 1, -1):
        merged: Dim = 1
        for shape, sizes in zip(shapes, known, strict=True):
            size: Dim = sizes[axis] if -axis <= len(sizes) else ANY if shape.open else 1
            both = _merge_sizes(merged, size)
            if both is False:
                raise _refuse(
                    call,
                    "merge-mismatch",
                    f"the tensors in {{subject}} disagree on axis {axis}: {merged} and {size}",
                    None,
                    axis=axis,
                    details={"sizes": (merged, size)},
                )
            merged = both
        dims.insert(0, merged)
    filled = list(_guess(tuple(dims), known))
    while filled and filled[0] is ANY:
        filled.pop(0)
    return tuple(filled)


def _cannot_merge(
    call: LayerCall,
    shapes: Sequence[Shape],
    longer: tuple[Dim, ...],
    shorter: tuple[Dim, ...],
    axis: int,
    index: int,
) -> ShapeFailure:
    layer_class = short_name(call.class_name)
    culprits = (0 if index == 1 else index - 1, index)
    keras: str | None = None
    if dims_known((*longer, *shorter)):
        keras = f"Inputs have incompatible shapes. Received shapes {Shape(longer)} and {Shape(shorter)}"
    return _refuse(
        call,
        "merge-mismatch",
        f"{layer_class} cannot combine the tensors in {{subject}}: {' and '.join(map(str, shapes))} "
        f"differ on axis {axis}, {longer[axis]} against {shorter[axis]}",
        keras,
        axis=axis,
        details={"inputs": culprits, "sizes": (longer[axis], shorter[axis])},
    )


def _cannot_concatenate(
    call: LayerCall, shapes: Sequence[Shape], axis: int, index: int, place: int | None
) -> ShapeFailure:
    first = shapes[0]
    if place is None:
        what = f"{first} and {shapes[index]} have different numbers of axes"
    else:
        sizes = (first.dims[place], shapes[index].dims[place])
        what = f"{first} and {shapes[index]} differ on axis {place}, {sizes[0]} against {sizes[1]}"
    keras: str | None = None
    # An axis beyond the shorter tensors makes Keras fail in another way.
    reached = all(not shape.open and -len(shape.dims) <= axis < len(shape.dims) for shape in shapes)
    if reached and all(dims_known(shape.dims) for shape in shapes):
        keras = (
            "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
            f"Received: input_shape={_listed(shapes)}"
        )
    return _refuse(
        call,
        "concat-mismatch",
        f"the tensors in {{subject}} cannot be joined along axis {axis}: {what}",
        keras,
        axis=place,
        details={"inputs": (0, index), "concat_axis": axis},
    )


def _concatenate_open(shapes: Sequence[Shape], axis: int) -> Shape:
    """Only the last axes are known; what lies along ``axis`` adds up."""
    count = min(len(shape.dims) for shape in shapes)
    dims: list[Dim] = []
    for place in range(-count, 0):
        sizes = [shape.dims[place] for shape in shapes]
        if place == axis:
            dims.append(None if None in sizes else _sum(sizes))
        elif axis < 0:
            numbers = [size for size in sizes if isinstance(size, int)]
            dims.append(numbers[0] if numbers else ANY)
        else:
            dims.append(ANY)
    return Shape(tuple(dims), open=True)


def _sum(sizes: Sequence[Dim]) -> Dim:
    total: Dim = 0
    for size in sizes:
        total = dim.add(total, size)
    return total


def _symbolic(*sizes: Dim) -> bool:
    return any(isinstance(size, SymDim) for size in sizes)


def _listed(shapes: Sequence[Shape]) -> str:
    return f"[{', '.join(map(str, shapes))}]"


def _refuse(
    call: LayerCall,
    code: Code,
    sentence: str,
    keras: str | None,
    axis: int | None = None,
    details: dict[str, object] | None = None,
) -> ShapeFailure:
    shapes = () if isinstance(call.inputs, (TensorSpec, dict)) else call.inputs
    everything = {
        "layer": short_name(call.class_name),
        "shapes": [s.shape for s in shapes if isinstance(s, TensorSpec)],
    }
    return ShapeFailure(
        Failure(code, sentence, keras=keras, subject=0, axis=axis, details={**everything, **(details or {})})
    )
