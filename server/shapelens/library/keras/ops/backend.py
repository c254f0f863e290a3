"""``keras.backend``: the old functions, as TensorFlow's Keras still has them (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays import axes as on_axes
from shapelens.library.arrays.attributes import shape_value
from shapelens.library.arrays.constants import is_small, size_entry, tensor
from shapelens.library.arrays.convert import (
    UNSURE,
    Unsure,
    as_dim,
    as_int,
    as_shape,
    axes_of,
    int_or,
    items_of,
    kind_of,
    operand,
    shape_argument,
)
from shapelens.library.arrays.creating import filled, identity, one_hot_shape, range_of
from shapelens.library.arrays.dtypes import dtype_given
from shapelens.library.arrays.elementwise import broadcast_shapes, combine
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.joining import concatenate, stack
from shapelens.library.arrays.reducing import BOOL, INDEX, SAME, reduce
from shapelens.library.arrays.repeating import tiled
from shapelens.library.arrays.reshaping import reshaped
from shapelens.library.arrays.rules import array_rule, like, source_of
from shapelens.library.keras.layers.config import DATA_FORMAT
from shapelens.library.keras.ops.activations_keras2 import check_softmax
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.creation import converted
from shapelens.shapes.dims import ANY, mul, product
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import NONE, Const, Opaque, Unknown, Value

_K = "keras.backend"
_UNARY = (
    "abs", "cos", "elu", "exp", "hard_sigmoid", "log", "round", "sigmoid", "sign", "sin", "softplus",
    "softsign", "sqrt", "square", "tanh", "relu", "stop_gradient", "cast_to_floatx", "identity",
)  # fmt: skip
_BINARY = {"maximum": "maximum", "minimum": "minimum", "pow": "**"}
_COMPARISONS = {
    "equal": "==",
    "not_equal": "!=",
    "greater": ">",
    "greater_equal": ">=",
    "less": "<",
    "less_equal": "<=",
}
_REDUCTIONS = {
    "sum": SAME, "mean": SAME, "max": SAME, "min": SAME, "prod": SAME, "std": SAME, "var": SAME,
    "any": BOOL, "all": BOOL, "logsumexp": SAME,
}  # fmt: skip


@array_rule(*(f"{_K}.{name}" for name in _UNARY), params="x, *args, **kwargs")
@array_rule(f"{_K}.clip", params="x, min_value, max_value")
@array_rule(f"{_K}.dropout", params="x, level, noise_shape=None, seed=None")
def same_shape(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "x", "tensorflow")
    dtype = source.spec.dtype if source.spec.dtype == "float32" else None
    return tensor(machine, source.spec.shape, dtype, kind_of([source], "tensorflow"))


@array_rule(f"{_K}.cumsum", f"{_K}.cumprod", params="x, axis=0")
def cumulated(machine: Machine, args: Arguments) -> Value:
    """The same shape; a graph does not look at the axis."""
    source = source_of(machine, args, "x", "tensorflow")
    return like(machine, source, source.spec.shape, "tensorflow") if source.kind == "keras" else along(machine, args)


@array_rule(f"{_K}.l2_normalize", params="x, axis=None")
@array_rule(f"{_K}.reverse", params="x, axes", renamed={"axes": "axis"})
def along(machine: Machine, args: Arguments) -> Value:
    """The same shape, along axes that there must be."""
    source = source_of(machine, args, "x", "tensorflow")
    shape, axes = source.spec.shape, axes_of(machine, args.get("axis"))
    if axes is not None and not isinstance(axes, Unsure) and not shape.open:
        for axis in axes:
            on_axes.normal_axis(axis, shape, "tensorflow")
    return like(machine, source, shape, "tensorflow")


@array_rule(f"{_K}.softmax", params="x, axis=-1")
def softmax(machine: Machine, args: Arguments) -> Value:
    """``K.softmax``: the same shape."""
    source = source_of(machine, args, "x", "tensorflow")
    check_softmax(source, as_int(args.get("axis")) if "axis" in args.values else -1)
    return like(machine, source, source.spec.shape, "tensorflow")


def _register_binary(name: str, op: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        left, right = args.get("x"), args.get("a" if name == "pow" else "y")
        # The operators compare unequal shapes to False, these functions refuse them.
        broadcast_shapes(operand(machine, left, "tensorflow"), operand(machine, right, "tensorflow"), "tensorflow")
        return combine(machine, op, left, right, "tensorflow")

    array_rule(f"{_K}.{name}", params="x, y" if name != "pow" else "x, a")(rule)


for _name, _op in {**_BINARY, **_COMPARISONS}.items():
    _register_binary(_name, _op)


def _register_reduction(name: str, how: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        return reduce(machine, args, "tensorflow", how, source="x")

    array_rule(f"{_K}.{name}", params="x, axis=None, keepdims=False")(rule)


for _name, _how in _REDUCTIONS.items():
    _register_reduction(_name, _how)


@array_rule(f"{_K}.argmax", f"{_K}.argmin", params="x, axis=-1")
def argmax(machine: Machine, args: Arguments) -> Value:
    """``K.argmax``: along the last axis unless told otherwise."""
    source = source_of(machine, args, "x", "tensorflow")
    if source.kind == "keras" and source.spec.shape.rank == 1:
        # A graph does not look at the axis of a vector.
        return tensor(machine, Shape(()), "int64", "keras")
    given = args if "axis" in args.values else Arguments({**args.values, "axis": Const(-1)})
    return reduce(machine, given, "tensorflow", INDEX, source="x")


@array_rule(f"{_K}.int_shape", params="x")
def int_shape(machine: Machine, args: Arguments) -> Value:
    """``K.int_shape(x)``: a tuple with ``None`` for dynamic sizes."""
    return shape_value(source_of(machine, args, "x", "tensorflow").spec.shape)


@array_rule(f"{_K}.shape", params="x")
def shape_rule(machine: Machine, args: Arguments) -> Value:
    """``K.shape(x)``: a vector of sizes, kept as contents."""
    shape = source_of(machine, args, "x", "tensorflow").spec.shape
    known = not shape.open and is_small(Shape((len(shape.dims),)))
    data = tuple(map(size_entry, shape.dims)) if known else None
    return tensor(machine, Shape((ANY if shape.open else len(shape.dims),)), "int32", "tensor", data)


@array_rule(f"{_K}.ndim", params="x")
def ndim(machine: Machine, args: Arguments) -> Value:
    """``K.ndim(x)``."""
    rank = source_of(machine, args, "x", "tensorflow").spec.shape.rank
    return Opaque("int") if rank is None else Const(rank)


@array_rule(f"{_K}.dtype", params="x")
def dtype(machine: Machine, args: Arguments) -> Value:
    """``K.dtype(x)``, a text."""
    known = source_of(machine, args, "x", "tensorflow").spec.dtype
    return Opaque("str") if known is None else Const(known)


@array_rule(f"{_K}.constant", params="value, dtype=None, shape=None, name=None")
@array_rule(f"{_K}.variable", params="value, dtype=None, name=None, constraint=None")
def constant(machine: Machine, args: Arguments) -> Value:
    """A tensor, float32 unless told otherwise."""
    made = converted(machine, args.get("value"), args.get("dtype"))
    shape = made.spec.shape if args.get("shape") is None else shape_argument(machine, args.get("shape"))
    return tensor(machine, shape, dtype_given(args, "float32", "tensorflow"), "tensor")


@array_rule(f"{_K}.zeros", f"{_K}.ones", params="shape, dtype=None, name=None")
def zeros(machine: Machine, args: Arguments) -> Value:
    """A new tensor of a given shape."""
    return filled(
        machine,
        shape_argument(machine, args.get("shape")),
        dtype_given(args, "float32", "tensorflow"),
        "tensorflow",
    )


@array_rule(f"{_K}.zeros_like", f"{_K}.ones_like", params="x, dtype=None, name=None")
def zeros_like(machine: Machine, args: Arguments) -> Value:
    """A new tensor like another."""
    source = source_of(machine, args, "x", "tensorflow")
    dtype = dtype_given(args, source.spec.dtype, "tensorflow")
    return tensor(machine, source.spec.shape, dtype, kind_of([source], "tensorflow"))


@array_rule(f"{_K}.eye", params="size, dtype=None, name=None")
def eye(machine: Machine, args: Arguments) -> Value:
    """``K.eye``."""
    return filled(machine, identity(args.get("size"), None), dtype_given(args, "float32", "tensorflow"), "tensorflow")


@array_rule(f"{_K}.arange", params="start, stop=None, step=1, dtype='int32'")
def arange(machine: Machine, args: Arguments) -> Value:
    """``K.arange``."""
    return range_of(machine, args, "tensorflow")


@array_rule(f"{_K}.reshape", params="x, shape")
def reshape(machine: Machine, args: Arguments) -> Value:
    """``K.reshape``."""
    source = source_of(machine, args, "x", "tensorflow")
    return like(
        machine,
        source,
        reshaped(source.spec.shape, shape_argument(machine, args.get("shape")), "tensorflow"),
        "tensorflow",
    )


@array_rule(f"{_K}.flatten", params="x")
def flatten(machine: Machine, args: Arguments) -> Value:
    """``K.flatten``: everything in one axis, the batch too."""
    source = source_of(machine, args, "x", "tensorflow")
    return like(machine, source, Shape((source.spec.shape.size(),)), "tensorflow")


@array_rule(f"{_K}.batch_flatten", params="x")
def batch_flatten(machine: Machine, args: Arguments) -> Value:
    """``K.batch_flatten``: everything but the first axis in one."""
    source = source_of(machine, args, "x", "tensorflow")
    shape = source.spec.shape
    # A scalar becomes (1, 1).
    first = shape.dims[0] if shape.dims else 1
    left = of_rank(2) if shape.open else Shape((first, product(shape.dims[1:])))
    return like(machine, source, left, "tensorflow")


@array_rule(f"{_K}.expand_dims", params="x, axis=-1")
def expand_dims(machine: Machine, args: Arguments) -> Value:
    """``K.expand_dims``."""
    source = source_of(machine, args, "x", "tensorflow")
    axis = int_or(args, "axis", -1)
    axes = UNSURE if isinstance(axis, Unsure) else (axis,)
    return like(machine, source, on_axes.expanded(source.spec.shape, axes, "tensorflow"), "tensorflow")


@array_rule(f"{_K}.squeeze", params="x, axis")
def squeeze(machine: Machine, args: Arguments) -> Value:
    """``K.squeeze``."""
    source = source_of(machine, args, "x", "tensorflow")
    axes = axes_of(machine, args.get("axis"))
    return like(machine, source, on_axes.squeezed(source.spec.shape, axes, "tensorflow"), "tensorflow")


@array_rule(f"{_K}.transpose", params="x")
@array_rule(f"{_K}.permute_dimensions", params="x, pattern")
def transpose(machine: Machine, args: Arguments) -> Value:
    """``K.transpose``, ``K.permute_dimensions``."""
    source = source_of(machine, args, "x", "tensorflow")
    perm = axes_of(machine, args.get("pattern"))
    rank = source.spec.shape.rank
    if source.kind == "keras" and isinstance(perm, tuple) and len(set(perm)) < len(perm) == rank:
        # Of a symbolic tensor an axis may be taken twice (Keras 2.15.0).
        return like(machine, source, of_rank(rank), "tensorflow")
    return like(machine, source, on_axes.transposed(source.spec.shape, perm, "tensorflow"), "tensorflow")


@array_rule(f"{_K}.concatenate", params="tensors, axis=-1")
def concatenate_rule(machine: Machine, args: Arguments) -> Value:
    """``K.concatenate``: along the last axis unless told otherwise."""
    axis, parts = int_or(args, "axis", -1), items_of(machine, args.get("tensors"))
    first = operand(machine, parts[0], "tensorflow") if parts else None
    if first is not None and parts is not None and len(parts) == 1:
        # A single tensor is given back, whatever the axis.
        return like(machine, first, first.spec.shape, "tensorflow")
    found = (operand(machine, part, "tensorflow") for part in parts or ())
    # They have one rank, or do not fit.
    rank = next((tensor.spec.shape.rank for tensor in found if tensor is not None and tensor.spec.shape.rank), None)
    if not isinstance(axis, Unsure) and axis < 0 and rank:
        # Any negative number is counted round and round.
        axis %= rank
    return concatenate(machine, args.get("tensors"), axis, "tensorflow")


@array_rule(f"{_K}.stack", params="x, axis=0")
def stack_rule(machine: Machine, args: Arguments) -> Value:
    """``K.stack``."""
    return stack(machine, args.get("x"), int_or(args, "axis", 0), "tensorflow")


@array_rule(f"{_K}.tile", params="x, n")
def tile(machine: Machine, args: Arguments) -> Value:
    """``K.tile``."""
    source, times = source_of(machine, args, "x", "tensorflow"), as_shape(machine, args.get("n"))
    shape = source.spec.shape
    if not times.open and not shape.open and len(times.dims) != len(shape.dims):
        raise refusal(
            "rank-mismatch",
            f"{{subject}} has {len(shape.dims)} axes, and {len(times.dims)} are told",
            None,
            found=shape,
        )
    return like(machine, source, tiled(shape, times), "tensorflow")


@array_rule(f"{_K}.repeat", params="x, n")
def repeat(machine: Machine, args: Arguments) -> Value:
    """``K.repeat``: a new second axis."""
    source = source_of(machine, args, "x", "tensorflow")
    shape = source.spec.shape
    if shape.rank not in (None, 2):
        raise refusal("rank-mismatch", f"{{subject}} must have 2 axes, not {shape}", None, found=shape)
    left = Shape((shape.dims[0], as_dim(args.values["n"]), shape.dims[1])) if shape.rank == 2 else of_rank(3)
    return like(machine, source, left, "tensorflow")


@array_rule(f"{_K}.repeat_elements", params="x, rep, axis")
def repeat_elements(machine: Machine, args: Arguments) -> Value:
    """``K.repeat_elements``."""
    source = source_of(machine, args, "x", "tensorflow")
    axis, shape = as_int(args.get("axis")), source.spec.shape
    if axis is None or shape.open:
        return like(machine, source, UNKNOWN_SHAPE, "tensorflow")
    on_axes.normal_axis(axis, shape, "tensorflow")
    return like(machine, source, shape.replace(axis, mul(shape.dims[axis], as_dim(args.values["rep"]))), "tensorflow")


@array_rule(f"{_K}.map_fn", f"{_K}.rnn", f"{_K}.gradients", f"{_K}.function", params="*args, **kwargs")
def unfollowed(machine: Machine, args: Arguments) -> Value:
    """Not followed."""
    parts = [operand(machine, value, "tensorflow") for value in args.rest[:2]]
    return tensor(machine, UNKNOWN_SHAPE, None, kind_of(parts, "tensorflow"))


@array_rule(f"{_K}.gather", params="reference, indices")
def gather(machine: Machine, args: Arguments) -> Value:
    """``K.gather``: rows."""
    source, index = (
        source_of(machine, args, "reference", "tensorflow"),
        source_of(machine, args, "indices", "tensorflow"),
    )
    shape, places = source.spec.shape, index.spec.shape
    known = not shape.open and not places.open and len(shape.dims) > 0
    left = Shape((*places.dims, *shape.dims[1:])) if known else UNKNOWN_SHAPE
    return tensor(machine, left, source.spec.dtype, kind_of([source, index], "tensorflow"))


@array_rule(f"{_K}.one_hot", params="indices, num_classes")
def one_hot(machine: Machine, args: Arguments) -> Value:
    """``K.one_hot``."""
    source = source_of(machine, args, "indices", "tensorflow")
    shape = one_hot_shape(source.spec.shape, as_dim(args.values["num_classes"]), -1)
    return tensor(machine, shape, "float32", kind_of([source], "tensorflow"))


@array_rule(f"{_K}.get_value", f"{_K}.eval", params="x")
def get_value(machine: Machine, args: Arguments) -> Value:
    """The value as an array."""
    source = source_of(machine, args, "x", "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, "numpy", source.data)


@array_rule(f"{_K}.floatx", params="")
def floatx(machine: Machine, args: Arguments) -> Value:
    """``"float32"`` unless it was changed."""
    return Const("float32")


@array_rule(f"{_K}.image_data_format", "keras.config.image_data_format", params="")
def image_data_format(machine: Machine, args: Arguments) -> Value:
    """``"channels_last"`` unless it was changed."""
    return machine.setting(DATA_FORMAT) or Const("channels_last")


@array_rule(f"{_K}.set_image_data_format", "keras.config.set_image_data_format", params="data_format")
def set_image_data_format(machine: Machine, args: Arguments) -> Value:
    """What layers that are made from now on take for their ``data_format``."""
    machine.set_setting(DATA_FORMAT, args.values["data_format"])
    return NONE


@array_rule(f"{_K}.image_dim_ordering", params="")
def image_dim_ordering(machine: Machine, args: Arguments) -> Value:
    """The same under its name of Keras 1."""
    found = machine.setting(DATA_FORMAT) or Const("channels_last")
    names = {"channels_first": "th", "channels_last": "tf"}
    return Const(names.get(str(found.value))) if isinstance(found, Const) else found


@array_rule(f"{_K}.set_image_dim_ordering", params="dim_ordering")
def set_image_dim_ordering(machine: Machine, args: Arguments) -> Value:
    """The same under its name of Keras 1."""
    given = args.values["dim_ordering"]
    known = {"th": Const("channels_first"), "tf": Const("channels_last")}
    named = known.get(given.value) if isinstance(given, Const) and isinstance(given.value, str) else None
    machine.set_setting(DATA_FORMAT, named or Unknown("the data format is not known"))
    return NONE


@array_rule(f"{_K}.epsilon", "keras.config.epsilon", params="")
def epsilon(machine: Machine, args: Arguments) -> Value:
    """``1e-07`` unless it was changed."""
    return Const(1e-07)


@array_rule(
    f"{_K}.set_value", f"{_K}.set_floatx",
    f"{_K}.set_learning_phase", params="*args, **kwargs",
)  # fmt: skip
def nothing(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE
