"""Checks, contexts, and functions that fit nowhere else (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.attributes import shape_value
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    as_dim,
    as_int,
    as_shape,
    as_spec,
    is_none,
    items_of,
    kind_of,
    meet,
    operand,
)
from shapelens.library.arrays.dtypes import dtype_given, dtype_of, numpy_promote
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, add, floordiv, mul, product, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec, of_rank
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import NONE, Const, LibObject, Opaque, TensorKind, TensorValue, TupleValue, Value

_CHECKS = (
    "equal", "greater", "greater_equal", "less", "less_equal", "near", "negative", "non_negative",
    "non_positive", "none_equal", "positive", "integer", "proper_iterable", "rank", "rank_at_least",
    "rank_in", "same_float_dtype", "scalar", "shapes", "type",
)  # fmt: skip


@array_rule(
    "tensorflow.print", "tensorflow.Assert", "tensorflow.debugging.Assert", "tensorflow.get_logger",
    *(f"tensorflow.debugging.assert_{name}" for name in _CHECKS),
    "tensorflow.assert_equal", "tensorflow.assert_greater", "tensorflow.assert_less", "tensorflow.assert_rank",
    "tensorflow.debugging.enable_check_numerics", "tensorflow.debugging.set_log_device_placement",
    "tensorflow.debugging.disable_check_numerics", 
    "tensorflow.group", "tensorflow.no_op", params="*args, **kwargs",
)  # fmt: skip
def nothing(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE


@array_rule(
    "tensorflow.name_scope", "tensorflow.device", "tensorflow.control_dependencies", "tensorflow.init_scope",
    "tensorflow.variable_creator_scope", "tensorflow.variable_scope", params="*args, **kwargs",
)  # fmt: skip
def context(machine: Machine, args: Arguments) -> Value:
    """A context manager."""
    return LibObject("tensorflow.name_scope", (), machine.site)


@array_rule("tensorflow.ensure_shape", params="x, shape, name=None")
def ensure_shape(machine: Machine, args: Arguments) -> Value:
    """The tensor, whose sizes are now known to be these."""
    source, wanted = source_of(machine, args, "x", "tensorflow"), as_shape(machine, args.get("shape"))
    shape = source.spec.shape
    kind = kind_of([source], "tensorflow")
    if wanted.open:
        return tensor(machine, shape, source.spec.dtype, kind)
    unlike = not shape.open and (
        len(shape.dims) != len(wanted.dims)
        or any(b is not None and same(a, b) is False for a, b in zip(shape.dims, wanted.dims, strict=True))
    )
    if unlike:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} of shape {shape} does not have the shape {wanted}",
            None,
            found=shape,
            expected=wanted,
        )
    known = (ANY,) * len(wanted.dims) if shape.open else shape.dims
    left = Shape(tuple(a if isinstance(a, int) or b is None else b for a, b in zip(known, wanted.dims, strict=True)))
    return tensor(machine, left, source.spec.dtype, kind)


@array_rule("tensorflow.is_tensor", params="x")
def is_tensor(machine: Machine, args: Arguments) -> Value:
    """Whether this is a tensor of TensorFlow."""
    value = args.get("x")
    if isinstance(value, TensorValue):
        return Const(value.kind in ("tensor", "variable"))
    return Const(False) if isinstance(value, Const | TupleValue) else Opaque("bool")


@array_rule("tensorflow.get_static_value", params="tensor, partial=False")
def static_value(machine: Machine, args: Arguments) -> Value:
    """The content as an array; ``None`` in a graph."""
    raise NotKnown("whether the content is known depends on how the program runs")


@array_rule("tensorflow.broadcast_static_shape", params="shape_x, shape_y")
def broadcast_static_shape(machine: Machine, args: Arguments) -> Value:
    """The shape that both broadcast to."""
    return shape_value(_met(machine, args))


@array_rule("tensorflow.broadcast_dynamic_shape", params="shape_x, shape_y")
def broadcast_dynamic_shape(machine: Machine, args: Arguments) -> Value:
    """The shape that both broadcast to, as a vector."""
    shape = _met(machine, args)
    data = shape.dims if shape.known else None
    return tensor(machine, of_rank(1) if shape.open else Shape((len(shape.dims),)), "int32", "tensor", data)


def _met(machine: Machine, args: Arguments) -> Shape:
    met = broadcast(as_shape(machine, args.get("shape_x")), as_shape(machine, args.get("shape_y")))
    if isinstance(met, Clash):
        raise refusal("broadcast-mismatch", "the two shapes do not broadcast", None, axis=met.axis)
    return met


@array_rule("tensorflow.unique_with_counts", params="x, out_idx=None, name=None")
def unique_with_counts(machine: Machine, args: Arguments) -> Value:
    """Distinct values, places, and counts."""
    source = source_of(machine, args, "x", "tensorflow")
    dtype = "int32" if args.get("out_idx") is None else dtype_of(args.get("out_idx"), "tensorflow")
    values = tensor(machine, of_rank(1), source.spec.dtype, "tensor")
    places = tensor(machine, source.spec.shape, dtype, "tensor")
    return TupleValue((values, places, tensor(machine, of_rank(1), dtype, "tensor")), ("y", "idx", "count"))


@array_rule("tensorflow.searchsorted", params="sorted_sequence, values, side='left', out_type=None, name=None")
def searchsorted(machine: Machine, args: Arguments) -> Value:
    """A place for each value."""
    source = source_of(machine, args, "values", "tensorflow")
    dtype = "int32" if args.get("out_type") is None else dtype_of(args.get("out_type"), "tensorflow")
    return tensor(machine, source.spec.shape, dtype, "tensor")


@array_rule("tensorflow.bitcast", params="input, type, name=None")
def bitcast(machine: Machine, args: Arguments) -> Value:
    """The same bits in another dtype: the last axis may come or go."""
    source = source_of(machine, args, "input", "tensorflow")
    dtype = dtype_of(args.get("type"), "tensorflow")
    sizes = [numpy_promote([d]) for d in (source.spec.dtype, dtype)]
    same_width = None not in sizes and sizes[0] is not None and sizes[0][-2:] == str(sizes[1])[-2:]
    return tensor(machine, source.spec.shape if same_width else UNKNOWN_SHAPE, dtype, "tensor")


@array_rule("tensorflow.histogram_fixed_width", params="values, value_range, nbins=100, dtype=None, name=None")
def histogram(machine: Machine, args: Arguments) -> Value:
    """A count for each bin."""
    bins = args.get("nbins")
    dtype = dtype_given(args, "int32", "tensorflow")
    return tensor(machine, Shape((100 if bins is None else as_dim(bins),)), dtype, "tensor")


@array_rule("tensorflow.histogram_fixed_width_bins", params="values, value_range, nbins=100, dtype=None, name=None")
def histogram_bins(machine: Machine, args: Arguments) -> Value:
    """The bin of each value."""
    source = source_of(machine, args, "values", "tensorflow")
    return tensor(machine, source.spec.shape, dtype_given(args, "int32", "tensorflow"), "tensor")


@array_rule(
    "tensorflow.math.bincount",
    params="arr, weights=None, minlength=None, maxlength=None, dtype=None, name=None, axis=None, binary_output=False",
)
def bincount(machine: Machine, args: Arguments) -> Value:
    """Counts: how many depends on the contents."""
    dtype = dtype_given(args, "int32", "tensorflow") if is_none(args.get("weights")) else None
    return tensor(machine, of_rank(1) if is_none(args.get("axis")) else UNKNOWN_SHAPE, dtype, "tensor")


@array_rule("tensorflow.math.in_top_k", "tensorflow.nn.in_top_k", params="targets, predictions, k, name=None")
def in_top_k(machine: Machine, args: Arguments) -> Value:
    """A bool for each target."""
    source = source_of(machine, args, "targets", "tensorflow")
    return tensor(machine, source.spec.shape, "bool", kind_of([source], "tensorflow"))


@array_rule("tensorflow.math.invert_permutation", params="x, name=None")
def invert_permutation(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "x", "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, "tensor")


@array_rule("tensorflow.math.scalar_mul", "tensorflow.scalar_mul", params="scalar, x, name=None")
def scalar_mul(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "x", "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.math.zero_fraction", "tensorflow.nn.zero_fraction", params="value, name=None")
def zero_fraction(machine: Machine, args: Arguments) -> Value:
    """One number."""
    return tensor(machine, Shape(()), "float32", "tensor")


@array_rule("tensorflow.dynamic_partition", params="data, partitions, num_partitions, name=None")
def dynamic_partition(machine: Machine, args: Arguments) -> Value:
    """Parts of sizes that depend on the contents."""
    data, where = source_of(machine, args, "data", "tensorflow"), source_of(machine, args, "partitions", "tensorflow")
    shape, rank = data.spec.shape, where.spec.shape.rank
    row = UNKNOWN_SHAPE if shape.open or rank is None else Shape((ANY, *shape.dims[rank:]))
    part = tensor(machine, row, data.spec.dtype, "tensor")
    count = as_int(args.get("num_partitions"))
    if count is None or not 0 < count <= 4096:
        return machine.alloc(ListObject((), open=True, rest=part))
    return machine.alloc(ListObject((part,) * count))


@array_rule("tensorflow.unravel_index", params="indices, dims, name=None")
def unravel_index(machine: Machine, args: Arguments) -> Value:
    """The places along each axis, in a first axis."""
    source, dims = source_of(machine, args, "indices", "tensorflow"), args.get("dims")
    sizes = None if dims is None else as_spec(dims, machine, "tensorflow")
    count: Dim = sizes.spec.shape.dims[0] if sizes is not None and sizes.spec.shape.rank == 1 else ANY
    shape = source.spec.shape
    left = UNKNOWN_SHAPE if shape.open else Shape((count, product(shape.dims)) if shape.dims else (count,))
    return tensor(machine, left, source.spec.dtype, "tensor")


@array_rule(
    "tensorflow.space_to_batch", "tensorflow.space_to_batch_nd", params="input, block_shape, paddings, name=None"
)
def space_to_batch(machine: Machine, args: Arguments) -> Value:
    """Blocks into the batch."""
    return _blocks(machine, args, args.get("paddings"), 1)


@array_rule("tensorflow.batch_to_space", params="input, block_shape, crops, name=None")
def batch_to_space(machine: Machine, args: Arguments) -> Value:
    """The batch into blocks."""
    return _blocks(machine, args, args.get("crops"), -1)


def _blocks(machine: Machine, args: Arguments, edges: Value | None, way: int) -> Value:
    source = source_of(machine, args, "input", "tensorflow")
    shape, block = source.spec.shape, as_shape(machine, args.get("block_shape"))
    pairs = [as_shape(machine, item) for item in (() if edges is None else items_of(machine, edges) or ())]
    count = len(block.dims)
    if not block.known or shape.open or len(shape.dims) <= count or len(pairs) != count:
        return tensor(machine, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), source.spec.dtype, "tensor")
    batch = shape.dims[0]
    sizes: list[Dim] = []
    for axis, (size, pair) in enumerate(zip(block.dims, pairs, strict=True), 1):
        edge = add(pair.dims[0], pair.dims[-1]) if pair.dims else ANY
        if way > 0:
            batch = mul(batch, size)
            sizes.append(floordiv(add(shape.dims[axis], edge), size))
        else:
            batch = floordiv(batch, size)
            sizes.append(add(mul(shape.dims[axis], size), mul(edge, -1)))
    left = Shape((batch, *sizes, *shape.dims[count + 1 :]))
    return tensor(machine, left, source.spec.dtype, "tensor")


@array_rule("tensorflow.placeholder", params="dtype, shape=None, name=None")
def placeholder(machine: Machine, args: Arguments) -> Value:
    """TensorFlow 1's input: a tensor of a declared shape."""
    return _declared(machine, args, "tensor")


@array_rule("tensorflow.get_variable", params="name, shape=None, dtype=None, *args, **kwargs")
def get_variable(machine: Machine, args: Arguments) -> Value:
    """TensorFlow 1's variable of a declared shape."""
    return _declared(machine, args, "variable")


def _declared(machine: Machine, args: Arguments, kind: TensorKind) -> Value:
    shape = UNKNOWN_SHAPE if is_none(args.get("shape")) else as_shape(machine, args.get("shape"))
    return TensorValue(TensorSpec(shape, dtype_given(args, "float32", "tensorflow")), kind, origin=machine.site)


@array_rule("tensorflow.edit_distance", params="hypothesis, truth, normalize=True, name='edit_distance'")
@array_rule("tensorflow.dynamic_stitch", params="indices, data, name=None")
def by_contents(machine: Machine, args: Arguments) -> Value:
    """Depends on the contents."""
    raise NotKnown("what this function gives depends on contents")


@array_rule("tensorflow.nn.l2_loss", params="t, name=None")
def l2_loss(machine: Machine, args: Arguments) -> Value:
    """One number."""
    return tensor(machine, Shape(()), source_of(machine, args, "t", "tensorflow").spec.dtype, "tensor")


@array_rule(
    "tensorflow.nn.compute_average_loss",
    params="per_example_loss, sample_weight=None, global_batch_size=None",
    renamed={"per_example_loss": "t"},
)
@array_rule(
    "tensorflow.nn.scale_regularization_loss", params="regularization_loss", renamed={"regularization_loss": "t"}
)
def average_loss(machine: Machine, args: Arguments) -> Value:
    """One number."""
    found = operand(machine, args.get("t"), "tensorflow")
    return tensor(machine, Shape(()), found.spec.dtype, "tensor")


@array_rule(
    "tensorflow.nn.weighted_cross_entropy_with_logits",
    params="labels, logits, pos_weight, name=None",
)
@array_rule(
    "tensorflow.nn.log_poisson_loss",
    params="targets, log_input, compute_full_loss=False, name=None",
    renamed={"log_input": "logits", "targets": "labels"},
)
def loss_each(machine: Machine, args: Arguments) -> Value:
    """A loss for each element."""
    source = source_of(machine, args, "logits", "tensorflow")
    labels = source_of(machine, args, "labels", "tensorflow").spec.shape
    shape = meet(source.spec.shape, labels) or UNKNOWN_SHAPE
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.nn.crelu", params="features, axis=-1, name=None")
def crelu(machine: Machine, args: Arguments) -> Value:
    """Twice as many features."""
    source = source_of(machine, args, "features", "tensorflow")
    shape, axis = source.spec.shape, -1 if args.get("axis") is None else as_int(args.get("axis"))
    if axis is None or not -len(shape.dims) <= axis < (0 if shape.open else len(shape.dims)):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, "tensor")
    place = axis % len(shape.dims)
    return tensor(machine, shape.replace(place, mul(shape.dims[place], 2)), source.spec.dtype, "tensor")


@array_rule(
    "tensorflow.nn.ctc_loss",
    params="labels, logits, label_length, logit_length, logits_time_major=True, unique=None, blank_index=None, "
    "name=None",
)
def ctc_loss(machine: Machine, args: Arguments) -> Value:
    """A loss for each sequence."""
    shape = source_of(machine, args, "logits", "tensorflow").spec.shape
    first = args.get("logits_time_major")
    axis = 1 if first is None or first == Const(True) else 0 if first == Const(False) else None
    size = shape.dims[axis] if axis is not None and shape.rank == 3 else ANY
    return tensor(machine, Shape((size,)), "float32", "tensor")
