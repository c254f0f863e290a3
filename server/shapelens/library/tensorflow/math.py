"""Elementwise functions, reductions and products of TensorFlow 2.21.

Which functions are elementwise was found by calling them: see `elementwise_table`.
"""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_int,
    axes_of,
    flag,
    is_none,
    items_of,
    kind_of,
    operand,
    optional_int,
)
from shapelens.library.arrays.dtypes import Dialect, is_float, promote
from shapelens.library.arrays.einsum import einsum_shape
from shapelens.library.arrays.elementwise import broadcast_shapes, combine, dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.matmul import matmul_shape, tensordot_shape
from shapelens.library.arrays.reducing import BOOL, INDEX, SAME, TOTAL, reduce, reduced
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.numpy.linalg import contraction_axes
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.elementwise_table import ELEMENTWISE
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import Const, TupleValue, Value

# How small constants are folded.
_FOLDED = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "truediv": "/", "floordiv": "//",
    "floor_divide": "//", "true_divide": "/", "floormod": "%", "mod": "%", "pow": "**", "power": "**",
}  # fmt: skip
_NO_OPERANDS = frozenset(("name", "dtype", "threshold", "alpha", "negative_slope", "approximate", "beta"))
_REDUCTIONS = {
    "reduce_sum": (TOTAL, "sum"), "reduce_mean": (SAME, ""), "reduce_max": (SAME, "max"),
    "reduce_min": (SAME, "min"), "reduce_prod": (TOTAL, "prod"), "reduce_std": (SAME, ""),
    "reduce_variance": (SAME, ""), "reduce_any": (BOOL, "any"), "reduce_all": (BOOL, "all"),
    "reduce_logsumexp": (SAME, ""), "reduce_euclidean_norm": (SAME, ""), "count_nonzero": (INDEX, ""),
}  # fmt: skip


def _register_elementwise(name: str, arity: int, source: str) -> None:
    short = name.rpartition(".")[2]
    dialect: Dialect = "tensorflow"

    def rule(machine: Machine, args: Arguments) -> Value:
        values = [*args.rest, *(value for key, value in args.extra.items() if key not in _NO_OPERANDS)]
        if arity == 1:
            return _one(machine, values[0] if values else None, source, dialect)
        left, right = (*values, None, None)[:2]
        if short in _FOLDED:
            return combine(machine, _FOLDED[short], left, right, dialect)
        return _two(machine, left, right, source, dialect)

    array_rule(name, params="*args, **kwargs")(rule)


def _one(machine: Machine, value: Value | None, source: str, dialect: Dialect) -> Value:
    found = operand(machine, value, dialect)
    dtype = found.spec.dtype
    if source == "bool":
        dtype = "bool"
    elif source != "same" and dtype is not None and not is_float(dtype):
        dtype = None if source == "float64" or dtype not in ("bool", "int32") else "float32"
    elif not is_float(dtype) and dtype != "int32":
        dtype = None
    return tensor(machine, found.spec.shape, dtype, kind_of([found], dialect))


def _two(machine: Machine, left: Value | None, right: Value | None, source: str, dialect: Dialect) -> Value:
    a, b = operand(machine, left, dialect), operand(machine, right, dialect)
    shape = broadcast_shapes(a, b, dialect)
    dtype: str | None = "bool" if source == "bool" else None
    if source == "same":
        known = promote((dtype_like(left, a), dtype_like(right, b)), dialect)
        dtype = known if is_float(known) or known == "int32" else None
    return tensor(machine, shape, dtype, kind_of([a, b], dialect))


for _name, (_arity, _source) in ELEMENTWISE.items():
    _register_elementwise(_name, _arity, _source)


def _register_special(name: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        return _one(machine, args.get("x"), "same", "tensorflow")

    array_rule(f"tensorflow.math.special.{name}", params="x, name=None")(rule)


for _name in (
    "dawsn", "expint", "fresnel_cos", "fresnel_sin", "spence", "bessel_i0", "bessel_i0e", "bessel_i1",
    "bessel_i1e", "bessel_j0", "bessel_j1", "bessel_k0", "bessel_k0e", "bessel_k1", "bessel_k1e", "bessel_y0",
    "bessel_y1",
):  # fmt: skip
    _register_special(_name)


def _register_reduction(name: str, how: str, fold: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        return reduce(machine, args, "tensorflow", how, fold, source="input_tensor")

    names = [f"tensorflow.math.{name}"]
    if name not in ("count_nonzero", "reduce_std", "reduce_variance", "reduce_euclidean_norm"):
        names.append(f"tensorflow.{name}")
    if how == INDEX:
        params = "input, axis=None, keepdims=False, dtype=None, name=None"
        array_rule(*names, params=params, renamed={"input": "input_tensor"})(rule)
    else:
        array_rule(*names, params="input_tensor, axis=None, keepdims=False, name=None")(rule)


for _name, (_how, _fold) in _REDUCTIONS.items():
    _register_reduction(_name, _how, _fold)


@array_rule(
    "tensorflow.argmax",
    "tensorflow.argmin",
    "tensorflow.math.argmax",
    "tensorflow.math.argmin",
    params="input, axis=None, output_type=None, name=None",
)
def argmax(machine: Machine, args: Arguments) -> Value:
    """``tf.argmax``: along the first axis unless told otherwise."""
    source = source_of(machine, args, "input", "tensorflow")
    axes = (0,) if is_none(args.get("axis")) else axes_of(machine, args.get("axis"))
    shape = source.spec.shape
    if not isinstance(axes, Unsure) and axes and not shape.open and len(shape.dims):
        words = f"Expected dimension in the range [-{len(shape.dims)}, {len(shape.dims)}), but got {axes[0]}"
        normal_axis(axes[0], shape, "tensorflow", words)
    dtype = "int64" if args.get("output_type") is None else None
    left = UNKNOWN_SHAPE if shape.rank == 0 else reduced(shape, axes, False, "tensorflow")
    return tensor(machine, left, dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.argsort", params="values, axis=-1, direction='ASCENDING', stable=False, name=None")
def argsort(machine: Machine, args: Arguments) -> Value:
    """``tf.argsort``."""
    source = source_of(machine, args, "values", "tensorflow")
    return tensor(machine, source.spec.shape, "int32", kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.cumsum",
    "tensorflow.math.cumsum",
    params="x, axis=0, exclusive=False, reverse=False, name=None",
)
@array_rule("tensorflow.math.cumprod", params="x, axis=0, exclusive=False, reverse=False, name=None")
@array_rule(
    "tensorflow.nn.softmax",
    "tensorflow.nn.log_softmax",
    "tensorflow.math.softmax",
    "tensorflow.math.log_softmax",
    params="logits, axis=None, name=None",
    renamed={"logits": "x"},
)
@array_rule(
    "tensorflow.math.l2_normalize",
    "tensorflow.nn.l2_normalize",
    "tensorflow.linalg.l2_normalize",
    params="x, axis=None, epsilon=1e-12, name=None, dim=None",
    renamed={"dim": "axis"},
)
@array_rule("tensorflow.clip_by_norm", params="t, clip_norm, axes=None, name=None", renamed={"t": "x"})
@array_rule(
    "tensorflow.math.cumulative_logsumexp",
    params="x, axis=0, exclusive=False, reverse=False, name=None",
)
@array_rule("tensorflow.nn.dropout", params="x, rate, noise_shape=None, seed=None, name=None")
def along_axis(machine: Machine, args: Arguments) -> Value:
    """Functions along an axis that keep the shape."""
    given = args.get("x")
    source = operand(machine, given, "tensorflow")
    axis = optional_int(args, "axis")
    if isinstance(axis, int) and not source.spec.shape.open and len(source.spec.shape.dims):
        normal_axis(axis, source.spec.shape, "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.nn.softmax_cross_entropy_with_logits", params="labels, logits, axis=-1, name=None")
@array_rule("tensorflow.nn.sparse_softmax_cross_entropy_with_logits", params="labels, logits, name=None")
def cross_entropy(machine: Machine, args: Arguments) -> Value:
    """A loss for each row."""
    source = source_of(machine, args, "logits", "tensorflow")
    shape = source.spec.shape
    left = Shape(shape.dims[:-1]) if shape.rank else UNKNOWN_SHAPE
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.nn.sigmoid_cross_entropy_with_logits", params="labels=None, logits=None, name=None")
def sigmoid_cross_entropy(machine: Machine, args: Arguments) -> Value:
    """A loss for each element."""
    source = source_of(machine, args, "logits", "tensorflow")
    labels = source_of(machine, args, "labels", "tensorflow").spec.shape
    shape = source.spec.shape
    if not labels.open and not shape.open:
        unlike = len(labels.dims) != len(shape.dims) or any(
            same(a, b) is False for a, b in zip(labels.dims, shape.dims, strict=True)
        )
        if unlike:
            raise refusal(
                "target-mismatch",
                f"labels of shape {labels} and logits of shape {shape} must have the same shape",
                f"`logits` and `labels` must have the same shape, received ({shape} vs {labels})."
                if labels.known and shape.known
                else None,
                expected=shape,
                found=labels,
            )
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.clip_by_value", params="t, clip_value_min, clip_value_max, name=None")
def clip_by_value(machine: Machine, args: Arguments) -> Value:
    """``tf.clip_by_value``."""
    source = source_of(machine, args, "t", "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.add_n", "tensorflow.math.add_n", params="inputs, name=None")
@array_rule("tensorflow.math.accumulate_n", params="inputs, *args, **kwargs")
def add_n(machine: Machine, args: Arguments) -> Value:
    """The sum of tensors of one shape."""
    items = items_of(machine, args.get("inputs"))
    if not items:
        return tensor(machine, UNKNOWN_SHAPE, None, "tensor")
    parts = [operand(machine, item, "tensorflow") for item in items]
    first = parts[0].spec.shape
    for part in parts[1:]:
        shape = part.spec.shape
        unlike = (
            not first.open
            and not shape.open
            and (
                len(first.dims) != len(shape.dims)
                or any(same(a, b) is False for a, b in zip(first.dims, shape.dims, strict=True))
            )
        )
        if unlike:
            raise refusal(
                "broadcast-mismatch",
                f"tensors of shapes {first} and {shape} cannot be added by add_n",
                None,
                expected=first,
                found=shape,
            )
    closed = [part.spec.shape for part in parts if not part.spec.shape.open]
    if closed:
        # A graph takes each size from whichever tensor tells it.
        unseen: tuple[Dim, ...] = () if len(closed) == len(parts) else (ANY,)
        first = Shape(tuple(_told((*sizes, *unseen)) for sizes in zip(*(shape.dims for shape in closed), strict=True)))
    return tensor(machine, first, parts[0].spec.dtype, kind_of(parts, "tensorflow"))


def _told(sizes: tuple[Dim, ...]) -> Dim:
    known = next((size for size in sizes if isinstance(size, int)), None)
    return known if known is not None or set(sizes) == {None} else ANY


@array_rule(
    "tensorflow.matmul",
    "tensorflow.linalg.matmul",
    params="a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, *args, **kwargs",
)
def matmul(machine: Machine, args: Arguments) -> Value:
    """``tf.matmul``, with transposition."""
    a, b = source_of(machine, args, "a", "tensorflow"), source_of(machine, args, "b", "tensorflow")
    left, right = a.spec.shape, b.spec.shape
    for name, side in (("a", "left"), ("b", "right")):
        turned = [flag(args, f"transpose_{name}", False), flag(args, f"adjoint_{name}", False)]
        if any(isinstance(turn, Unsure) for turn in turned):
            return tensor(machine, UNKNOWN_SHAPE, a.spec.dtype, kind_of([a, b], "tensorflow"))
        if any(turned):
            left = _turned(left) if side == "left" else left
            right = _turned(right) if side == "right" else right
    try:
        shape = matmul_shape(left, right, "tensorflow")
    except ShapeFailure as failure:
        if (left, right) == (a.spec.shape, b.spec.shape):
            raise
        # TensorFlow's words show the shapes before they are transposed.
        raise ShapeFailure(replace(failure.failure, keras=None)) from None
    likes = [dtype_like(args.get("a"), a), dtype_like(args.get("b"), b)]
    dtype = promote(likes, "tensorflow")
    return tensor(machine, shape, dtype, kind_of([a, b], "tensorflow"))


@array_rule("tensorflow.linalg.matvec", params="a, b, transpose_a=False, *args, **kwargs")
def matvec(machine: Machine, args: Arguments) -> Value:
    """``tf.linalg.matvec``."""
    a, b = source_of(machine, args, "a", "tensorflow"), source_of(machine, args, "b", "tensorflow")
    if b.spec.shape.open or a.spec.shape.open or flag(args, "transpose_a", False) is not False:
        return tensor(machine, UNKNOWN_SHAPE, None, "tensor")
    shape = matmul_shape(a.spec.shape, Shape((*b.spec.shape.dims, 1)), "tensorflow")
    return tensor(machine, Shape(shape.dims[:-1]), a.spec.dtype, kind_of([a, b], "tensorflow"))


@array_rule("tensorflow.tensordot", "tensorflow.linalg.tensordot", params="a, b, axes, name=None")
def tensordot(machine: Machine, args: Arguments) -> Value:
    """``tf.tensordot``."""
    a, b = source_of(machine, args, "a", "tensorflow"), source_of(machine, args, "b", "tensorflow")
    shape = tensordot_shape(a.spec.shape, b.spec.shape, contraction_axes(machine, args.get("axes")), "tensorflow")
    return tensor(machine, shape, promote((a.spec.dtype, b.spec.dtype), "tensorflow"), kind_of([a, b], "tensorflow"))


@array_rule("tensorflow.einsum", "tensorflow.linalg.einsum", params="equation, *inputs, **kwargs")
def einsum(machine: Machine, args: Arguments) -> Value:
    """``tf.einsum``."""
    equation = args.get("equation")
    parts = [operand(machine, value, "tensorflow") for value in args.rest]
    dtype = promote([part.spec.dtype for part in parts], "tensorflow")
    kind = kind_of(parts, "tensorflow")
    if not isinstance(equation, Const) or not isinstance(equation.value, str):
        return tensor(machine, UNKNOWN_SHAPE, dtype, kind)
    shape = einsum_shape(equation.value, [part.spec.shape for part in parts], ones_broadcast=False)
    return tensor(machine, shape, dtype, kind)


@array_rule(
    "tensorflow.norm",
    "tensorflow.linalg.norm",
    params="tensor, ord='euclidean', axis=None, keepdims=None, name=None",
)
def norm(machine: Machine, args: Arguments) -> Value:
    """``tf.norm``."""
    source = source_of(machine, args, "tensor", "tensorflow")
    axes, keepdims = axes_of(machine, args.get("axis")), flag(args, "keepdims", False)
    shape = reduced(source.spec.shape, axes, keepdims, "tensorflow")
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.nn.moments", params="x, axes, shift=None, keepdims=False, name=None")
def moments(machine: Machine, args: Arguments) -> Value:
    """Mean and variance."""
    source = source_of(machine, args, "x", "tensorflow")
    shape = reduced(source.spec.shape, axes_of(machine, args.get("axes")), flag(args, "keepdims", False), "tensorflow")
    part = tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))
    return TupleValue((part, part))


@array_rule(
    "tensorflow.math.top_k",
    "tensorflow.nn.top_k",
    params="input, k=1, sorted=True, index_type=None, name=None",
)
def top_k(machine: Machine, args: Arguments) -> Value:
    """The largest values and their places."""
    source = source_of(machine, args, "input", "tensorflow")
    count = 1 if args.get("k") is None else as_int(args.get("k"))
    shape = source.spec.shape
    if shape.open or not shape.dims:
        left = UNKNOWN_SHAPE
    else:
        last = shape.dims[-1]
        if count is not None and isinstance(last, int) and last < count:
            raise refusal(
                "axis-out-of-range",
                f"the last axis of {{subject}} has {last} entries, fewer than k = {count}",
                f"input must have at least k columns. Had {last}, needed {count}",
                found=shape,
                axis=-1,
            )
        left = shape.replace(-1, count) if count is not None else Shape((*shape.dims[:-1], *of_rank(1).dims))
    kind = kind_of([source], "tensorflow")
    return TupleValue(
        (tensor(machine, left, source.spec.dtype, kind), tensor(machine, left, "int32", kind)),
        ("values", "indices"),
    )


@array_rule("tensorflow.math.confusion_matrix", params="labels, predictions, num_classes=None, *args, **kwargs")
def confusion_matrix(machine: Machine, args: Arguments) -> Value:
    """A square matrix of counts."""
    count = as_int(args.get("num_classes"))
    return tensor(machine, of_rank(2) if count is None else Shape((count, count)), None, "tensor")


def _turned(shape: Shape) -> Shape:
    if len(shape.dims) < 2:
        return UNKNOWN_SHAPE
    return Shape((*shape.dims[:-2], shape.dims[-1], shape.dims[-2]), shape.open)
