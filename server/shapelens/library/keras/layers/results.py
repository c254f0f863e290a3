"""Small helpers with which every family builds its answers."""

from __future__ import annotations

from shapelens.library.keras.layers.config import compute_dtype
from shapelens.library.keras.layers.naming import layer_name, short_name, snake_case
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult
from shapelens.shapes.dims import ANY, Dim, product
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import InputSpec, LayerObject
from shapelens.values.value import Const, Ref


def single(call: LayerCall) -> TensorSpec:
    """The one tensor that the layer is called on."""
    if isinstance(call.inputs, TensorSpec):
        return call.inputs
    raise NotKnown(f"{short_name(call.class_name)} was given a structure of tensors")


def tensor(call: LayerCall, shape: Shape) -> TensorSpec:
    """An output of the layer, in the dtype that it computes in."""
    return TensorSpec(shape, compute_dtype(call.config))


def kept_dtype(call: LayerCall, given: TensorSpec) -> str | None:
    """The dtype of an input after Keras has cast it: floats become the layer's dtype, others stay."""
    return compute_dtype(call.config) if is_float(given.dtype) else given.dtype


def is_float(dtype: str | None) -> bool:
    """Whether the dtype is a floating point one."""
    return dtype is not None and ("float" in dtype)


def same_shape(machine: Machine, call: LayerCall) -> LayerResult:
    """The rule of layers that change no shape and have no weights."""
    return LayerResult(tensor(call, single(call).shape))


def at_rank(shape: Shape, rank: int) -> Shape:
    """``shape`` as one of ``rank`` axes, when it is known to have no other rank."""
    if shape.open and len(shape.dims) <= rank:
        return Shape((ANY,) * (rank - len(shape.dims)) + shape.dims)
    return shape


def weights(*groups: tuple[Dim, ...]) -> int | None:
    """The number of weights in tensors of the given shapes; `None` when a size is not known."""
    total = 0
    for group in groups:
        size = product(group)
        if not isinstance(size, int):
            return None
        total += size
    return total


def summed(*counts: int | None) -> int | None:
    """The sum, `None` when a part is not known."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total


def axes_spec(ndim: int | None, min_ndim: int | None, *axes: tuple[int, Dim]) -> InputSpec:
    """An input spec that fixes the axes whose sizes are known."""
    fixed = tuple((axis, size) for axis, size in axes if isinstance(size, int))
    return InputSpec(ndim=ndim, min_ndim=min_ndim, axes=fixed)


def own_name(machine: Machine, call: LayerCall) -> str:
    """The layer's name, as Keras shows it in messages and in the paths of its weights."""
    target = machine.read(call.layer) if isinstance(call.layer, Ref) else None
    return layer_name(target) if isinstance(target, LayerObject) else snake_case(call.class_name)


def undefined(call: LayerCall, given: Shape, axis: int, keras: str) -> ShapeFailure:
    """The failure of a layer that needs a size which Keras does not know when it builds the layer."""
    layer = short_name(call.class_name)
    which = "last axis" if axis == -1 else f"axis {axis}"
    return ShapeFailure(
        Failure(
            "undefined-dimension",
            f"the {which} of {{subject}} is None, shape {given}, but {layer} must know it to make its weights",
            keras=keras,
            subject=0,
            found=given,
            axis=axis,
            details={"layer": layer, "axis": axis},
        )
    )


def undefined_weight(
    machine: Machine, call: LayerCall, given: Shape, axis: int, weight: tuple[Dim, ...], name: str
) -> ShapeFailure:
    """`undefined`, as it is raised by ``add_weight``."""
    path = f"{own_name(machine, call)}/{name}"
    return undefined(
        call,
        given,
        axis,
        "Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
        f"Received: shape={Shape(weight)} for variable path='{path}'",
    )


def refuse_float(call: LayerCall, name: str, times: int, before: tuple[Dim, ...] | None) -> None:
    """Raise for a size like ``64 / 2``, a float, which Keras finds out when it makes the weight.

    ``before`` are the other sizes of that weight, when the size is its last.
    """
    value = call.config.get(name)
    if call.built or not isinstance(value, Const) or not isinstance(value.value, float):
        return
    layer = short_name(call.class_name)
    keras: str | None = None
    if before is not None and dims_known(before):
        shown = value.value * times
        weight = ", ".join(map(str, (*before, shown)))
        kind = type(shown)
        keras = f"Cannot convert '({weight})' to a shape. Found invalid dimension '{shown}' of type '{kind}'. "
    raise ShapeFailure(
        Failure(
            "invalid-argument",
            f"`{name}` of {layer} is {value.value}, a float, but it must be an int",
            keras=keras,
            details={"layer": layer, "argument": name, "value": value.value},
        )
    )


def array_text(dims: tuple[Dim, ...]) -> str:
    """Sizes as NumPy prints an array of them, which Keras does in some messages: numbers are aligned."""
    width = 0 if None in dims else max((len(str(size)) for size in dims), default=0)
    return f"[{' '.join(str(size).rjust(width) for size in dims)}]"


def dims_known(dims: tuple[Dim, ...]) -> bool:
    """Whether messages can quote these sizes: each is an int or None."""
    return all(dim is None or isinstance(dim, int) for dim in dims)
