"""``keras.ops``: creation, reductions, products (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_dim,
    as_int,
    as_shape,
    flag,
    is_none,
    kind_of,
    operand,
    optional_int,
)
from shapelens.library.arrays.creating import filled, full_dtype, identity, one_hot_shape, range_of, spaced
from shapelens.library.arrays.dtypes import dtype_given, is_float, promote
from shapelens.library.arrays.einsum import einsum_shape
from shapelens.library.arrays.elementwise import dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.matmul import dot, inner_shape, matmul, tensordot_shape
from shapelens.library.arrays.reducing import BOOL, FLOAT, INDEX, SAME, TOTAL, reduce
from shapelens.library.arrays.reshaping import flattened
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule
from shapelens.library.machine import Machine
from shapelens.library.numpy.linalg import contraction_axes
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.creation import converted
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, Opaque, TensorValue, TupleValue, Value

_REDUCTIONS = {
    "sum": TOTAL, "prod": TOTAL, "mean": FLOAT, "std": FLOAT, "var": FLOAT, "median": FLOAT, "max": SAME,
    "min": SAME, "amax": SAME, "amin": SAME, "any": BOOL, "all": BOOL, "argmax": INDEX, "argmin": INDEX,
    "logsumexp": FLOAT, "count_nonzero": INDEX, "norm": FLOAT, "nansum": TOTAL, "nanmean": FLOAT,
    "nanmax": SAME, "nanmin": SAME, "nanstd": FLOAT, "nanvar": FLOAT, "average": FLOAT, "ptp": SAME,
}  # fmt: skip


def _register_reduction(name: str, how: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "x", "keras")
        if how == INDEX and source.spec.shape.rank == 0 and is_none(args.get("axis")):
            return tensor(machine, Shape(()), "int32", kind_of([source], "keras"))
        return reduce(machine, args, "keras", how, source="x")

    tail = {"norm": "ord=None, axis=None, keepdims=False", "average": "axis=None, weights=None"}
    keras_rule(name, params=f"x, {tail.get(name, 'axis=None, keepdims=False, initial=None')}")(rule)


for _name, _how in _REDUCTIONS.items():
    _register_reduction(_name, _how)


@keras_rule("array", "convert_to_tensor", params="x, dtype=None, sparse=None, ragged=None")
def convert(machine: Machine, args: Arguments) -> Value:
    """A tensor of what is given."""
    return converted(machine, args.get("x"), args.get("dtype"))


@keras_rule("convert_to_numpy", params="x")
def convert_to_numpy(machine: Machine, args: Arguments) -> Value:
    """An array."""
    source = source_of(machine, args, "x", "keras")
    return TensorValue(source.spec, "numpy", source.data, labels=source.labels, origin=machine.site)


@keras_rule("zeros", "ones", "empty", params="shape, dtype=None")
def zeros(machine: Machine, args: Arguments) -> Value:
    """A new tensor of a given shape."""
    return filled(machine, as_shape(machine, args.get("shape")), dtype_given(args, "float32", "keras"), "keras")


@keras_rule("full", params="shape, fill_value, dtype=None")
def full(machine: Machine, args: Arguments) -> Value:
    """``ops.full``."""
    default = "float32" if is_float(full_dtype(args.get("fill_value"), "keras")) else None
    return filled(machine, as_shape(machine, args.get("shape")), dtype_given(args, default, "keras"), "keras")


@keras_rule("zeros_like", "ones_like", "empty_like", params="x, dtype=None")
@keras_rule("full_like", params="x, fill_value, dtype=None")
def zeros_like(machine: Machine, args: Arguments) -> Value:
    """A new tensor like another."""
    source = source_of(machine, args, "x", "keras")
    dtype = dtype_given(args, source.spec.dtype, "keras")
    return tensor(machine, source.spec.shape, dtype, kind_of([source], "keras"))


@keras_rule("arange", params="start, stop=None, step=None, dtype=None")
def arange(machine: Machine, args: Arguments) -> Value:
    """``ops.arange``."""
    return range_of(machine, args, "keras")


@keras_rule("linspace", params="start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0")
@keras_rule("logspace", params="start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0")
def linspace(machine: Machine, args: Arguments) -> Value:
    """Evenly spaced numbers."""
    made = spaced(machine, args.get("start"), args.get("stop"), args.get("num"), None, "keras")
    plain = flag(args, "retstep", False) is False and "axis" not in args.values
    dtype = dtype_given(args, "float32" if made.spec.shape.rank == 1 else None, "keras")
    return tensor(machine, made.spec.shape if plain else UNKNOWN_SHAPE, dtype, made.kind)


@keras_rule("eye", "tri", params="N, M=None, k=0, dtype=None")
@keras_rule("identity", params="N, dtype=None")
def eye(machine: Machine, args: Arguments) -> Value:
    """Identity and triangular matrices."""
    dtype = dtype_given(args, "float32", "keras")
    return filled(machine, identity(args.get("N"), args.get("M")), dtype, "keras")


@keras_rule("one_hot", params="x, num_classes, axis=-1, dtype=None, sparse=False")
def one_hot(machine: Machine, args: Arguments) -> Value:
    """``ops.one_hot``: a new axis of classes."""
    source = source_of(machine, args, "x", "keras")
    depth = args.get("num_classes")
    axis = -1 if args.get("axis") is None else as_int(args.get("axis"))
    shape = one_hot_shape(source.spec.shape, ANY if depth is None else as_dim(depth), axis)
    return tensor(machine, shape, dtype_given(args, "float32", "keras"), kind_of([source], "keras"))


@keras_rule("multi_hot", params="inputs, num_classes=None, axis=-1, dtype=None, sparse=False, **kwargs")
def multi_hot(machine: Machine, args: Arguments) -> Value:
    """``ops.multi_hot``: the last axis becomes one of classes."""
    source = source_of(machine, args, "inputs", "keras")
    count = args.get("num_classes")
    shape, depth = source.spec.shape, ANY if count is None else as_dim(count)
    if "axis" in args.values or shape.open:
        left = UNKNOWN_SHAPE
    else:
        left = Shape((*shape.dims[:-1], depth)) if len(shape.dims) > 1 else Shape((depth,))
    return tensor(machine, left, None, kind_of([source], "keras"))


@keras_rule("dot", params="x1, x2")
def dot_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.dot``."""
    return dot(machine, args.get("x1"), args.get("x2"), "keras")


@keras_rule("matmul", params="x1, x2")
def matmul_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.matmul``."""
    return matmul(machine, args.get("x1"), args.get("x2"), "keras")


@keras_rule("inner", params="x1, x2")
def inner(machine: Machine, args: Arguments) -> Value:
    """``ops.inner``."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    dtype = promote((a.spec.dtype, b.spec.dtype), "keras")
    return tensor(machine, inner_shape(a.spec.shape, b.spec.shape), dtype, kind_of([a, b], "keras"))


@keras_rule("outer", params="x1, x2")
def outer(machine: Machine, args: Arguments) -> Value:
    """``ops.outer``: of the flattened tensors."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    dtype = promote((a.spec.dtype, b.spec.dtype), "keras")
    shape = Shape((a.spec.shape.size(), b.spec.shape.size()))
    return tensor(machine, shape, dtype, kind_of([a, b], "keras"))


@keras_rule("tensordot", params="x1, x2, axes=2")
def tensordot(machine: Machine, args: Arguments) -> Value:
    """``ops.tensordot``."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    shape = tensordot_shape(a.spec.shape, b.spec.shape, contraction_axes(machine, args.get("axes")), "keras")
    return tensor(machine, shape, promote((a.spec.dtype, b.spec.dtype), "keras"), kind_of([a, b], "keras"))


@keras_rule("einsum", params="subscripts, *operands, **kwargs")
def einsum(machine: Machine, args: Arguments) -> Value:
    """``ops.einsum``."""
    equation = args.get("subscripts")
    parts = [operand(machine, value, "keras") for value in args.rest]
    dtype = promote([part.spec.dtype for part in parts], "keras")
    kind = kind_of(parts, "keras")
    if not isinstance(equation, Const) or not isinstance(equation.value, str):
        return tensor(machine, UNKNOWN_SHAPE, dtype, kind)
    shapes = [part.spec.shape for part in parts]
    return tensor(machine, einsum_shape(equation.value, shapes, checked=kind != "keras"), dtype, kind)


@keras_rule("clip", params="x, x_min, x_max")
def clip(machine: Machine, args: Arguments) -> Value:
    """``ops.clip``."""
    source = source_of(machine, args, "x", "keras")
    limits = [operand(machine, args.get(name), "keras") for name in ("x_min", "x_max")]
    plain = all(limit.spec.shape.rank == 0 for limit in limits)
    likes = [
        dtype_like(args.get(name), part) for name, part in zip(("x", "x_min", "x_max"), (source, *limits), strict=True)
    ]
    dtype = promote(likes, "keras")
    kind = kind_of([source], "keras")
    return tensor(machine, source.spec.shape if plain else UNKNOWN_SHAPE, dtype if is_float(dtype) else None, kind)


@keras_rule("cumsum", "cumprod", params="x, axis=None, dtype=None")
def cumulative(machine: Machine, args: Arguments) -> Value:
    """Running sums and products: flat without an axis."""
    source = source_of(machine, args, "x", "keras")
    axis, shape = optional_int(args, "axis"), source.spec.shape
    if axis is None:
        shape = flattened(shape)
    elif isinstance(axis, Unsure):
        shape = UNKNOWN_SHAPE
    elif not shape.open:
        normal_axis(axis, shape, "keras")
    known = source.spec.dtype if is_float(source.spec.dtype) else None
    return tensor(machine, shape, dtype_given(args, known, "keras"), kind_of([source], "keras"))


@keras_rule("softmax", "log_softmax", "sparsemax", params="x, axis=-1")
@keras_rule("normalize", params="x, axis=-1, order=2, epsilon=None")
@keras_rule("layer_normalization", "rms_normalization", params="x, *args, **kwargs")
@keras_rule("nan_to_num", params="x, nan=0.0, posinf=None, neginf=None")
@keras_rule("copy", "tril", "triu", params="x, k=0")
@keras_rule("threshold", params="x, threshold, default_value")
@keras_rule("batch_normalization", params="x, mean, variance, axis, offset=None, scale=None, epsilon=0.001")
def same_shape(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "x", "keras")
    dtype = source.spec.dtype if source.spec.dtype == "float32" else None
    return tensor(machine, source.spec.shape, dtype, kind_of([source], "keras"))


@keras_rule("argsort", params="x, axis=-1")
def argsort(machine: Machine, args: Arguments) -> Value:
    """``ops.argsort``."""
    source = source_of(machine, args, "x", "keras")
    axis = -1 if "axis" not in args.values else optional_int(args, "axis")
    shape = source.spec.shape if isinstance(axis, int) else UNKNOWN_SHAPE if axis else flattened(source.spec.shape)
    return tensor(machine, shape, "int32", kind_of([source], "keras"))


@keras_rule("meshgrid", params="*x, indexing='xy'")
def meshgrid(machine: Machine, args: Arguments) -> Value:
    """``ops.meshgrid``: one grid for each vector."""
    parts = [operand(machine, value, "keras") for value in args.rest]
    sizes: list[Dim] = [part.spec.shape.size() for part in parts]
    indexing = args.get("indexing")
    if len(sizes) > 1 and (indexing is None or indexing == Const("xy")):
        sizes[0], sizes[1] = sizes[1], sizes[0]
    elif indexing is not None and indexing != Const("ij"):
        sizes = [ANY] * len(sizes)
    kind = kind_of(parts, "keras")
    return TupleValue(tuple(tensor(machine, Shape(tuple(sizes)), part.spec.dtype, kind) for part in parts))


@keras_rule("categorical_crossentropy", params="target, output, from_logits=False, axis=-1")
@keras_rule("sparse_categorical_crossentropy", params="target, output, from_logits=False, axis=-1")
def cross_entropy(machine: Machine, args: Arguments) -> Value:
    """A loss for each sample."""
    source, target = source_of(machine, args, "output", "keras"), source_of(machine, args, "target", "keras")
    shape = source.spec.shape
    plain = shape.rank and "axis" not in args.values
    left = Shape(shape.dims[:-1]) if plain else UNKNOWN_SHAPE
    return tensor(machine, left, source.spec.dtype, kind_of([source, target], "keras"))


@keras_rule("binary_crossentropy", params="target, output, from_logits=False")
def binary_crossentropy(machine: Machine, args: Arguments) -> Value:
    """A loss for each element; target and output have one shape."""
    source, target = source_of(machine, args, "output", "keras"), source_of(machine, args, "target", "keras")
    a, b = target.spec.shape, source.spec.shape
    unlike = (
        not a.open
        and not b.open
        and (len(a.dims) != len(b.dims) or any(same(x, y) is False for x, y in zip(a.dims, b.dims, strict=True)))
    )
    if unlike:
        raise refusal(
            "target-mismatch",
            f"target of shape {a} and output of shape {b} must have the same shape",
            None,
            expected=b,
            found=a,
        )
    return tensor(machine, b, source.spec.dtype, kind_of([source, target], "keras"))


@keras_rule("dtype", params="x")
def dtype_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.dtype(x)``: a string."""
    found = source_of(machine, args, "x", "keras").spec.dtype
    return Opaque("str") if found is None else Const(found)


@keras_rule("map", "vectorized_map", "scan", "while_loop", "fori_loop", "cond", "switch", params="*args, **kwargs")
def unfollowed(machine: Machine, args: Arguments) -> Value:
    """Depends on the user's function."""
    raise NotKnown("what this function gives is not followed")
