"""Making tensors: ``tf.constant``, ``tf.zeros``, ``tf.Variable``, ``tf.random`` ... (TensorFlow 2.21)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.constants import is_small, size_entry, tensor
from shapelens.library.arrays.convert import (
    as_dim,
    as_int,
    as_shape,
    as_spec,
    is_none,
    is_ragged,
    kind_of,
    operand,
    shape_argument,
)
from shapelens.library.arrays.creating import even_steps, filled, folded, full_dtype, identity, one_hot_shape, range_of
from shapelens.library.arrays.dtypes import Dialect, dtype_given, dtype_of, is_integer
from shapelens.library.arrays.failures import comma_text, ragged_refusal, refusal
from shapelens.library.arrays.index import SURE_PER_CLASS
from shapelens.library.arrays.reshaping import reshaped
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SHAPE, UNKNOWN_SPEC, Shape
from shapelens.values.value import NONE, Lib, LibObject, TensorValue, Value


@array_rule("tensorflow.constant", params="value, dtype=None, shape=None, name='Const'")
@array_rule(
    "tensorflow.convert_to_tensor",
    params="value, dtype=None, dtype_hint=None, name=None, preferred_dtype=None",
)
def constant(machine: Machine, args: Arguments) -> Value:
    """A tensor of numbers, nested sequences or arrays."""
    made = converted(machine, args.get("value"), args.get("dtype"))
    if is_none(args.get("shape")):
        return made
    wanted = shape_argument(machine, args.get("shape"))
    if made.spec.shape.rank == 0:
        return tensor(machine, wanted, made.spec.dtype, "tensor")
    return tensor(machine, reshaped(made.spec.shape, wanted, "tensorflow"), made.spec.dtype, "tensor")


@array_rule(
    "tensorflow.Variable",
    "tensorflow.compat.v1.Variable",
    params="initial_value=None, trainable=None, validate_shape=True, caching_device=None, name=None, *args, "
    "dtype=None, shape=None, **kwargs",
)
def variable(machine: Machine, args: Arguments) -> Value:
    """``tf.Variable``."""
    made = converted(machine, args.get("initial_value"), args.get("dtype"))
    shape = made.spec.shape if is_none(args.get("shape")) else shape_argument(machine, args.get("shape"))
    return tensor(machine, shape, made.spec.dtype, "variable")


def converted(
    machine: Machine, value: Value | None, dtype: Value | None, dialect: Dialect = "tensorflow"
) -> TensorValue:
    """``value`` as a tensor, as TensorFlow (or ``keras.ops``) converts it."""
    found = None if value is None else as_spec(value, machine, dialect)
    if found is None and value is not None and is_ragged(machine, value):
        raise ragged_refusal("tensorflow")
    if found is None:
        found = TensorValue(UNKNOWN_SPEC, "tensor")
    kind = "keras" if found.kind == "keras" else "tensor"
    made = tensor(machine, found.spec.shape, found.spec.dtype, "tensor", found.data, found.labels)
    if kind == "keras":
        made = replace(made, kind="keras", data=None)
    if is_none(dtype):
        return made
    result = folded(replace(made, kind="variable"), dtype_of(dtype, "tensorflow"))
    return replace(result, kind=made.kind) if isinstance(result, TensorValue) else made


@array_rule("tensorflow.zeros", "tensorflow.ones", params="shape, dtype=None, name=None, layout=None")
def zeros(machine: Machine, args: Arguments) -> Value:
    """A new tensor of a given shape, float32 unless told otherwise."""
    dtype = dtype_given(args, "float32", "tensorflow")
    return filled(machine, shape_argument(machine, args.get("shape")), dtype, "tensorflow")


@array_rule("tensorflow.fill", params="dims, value, name=None, layout=None")
def fill(machine: Machine, args: Arguments) -> Value:
    """``tf.fill``."""
    dtype = full_dtype(args.get("value"), "tensorflow")
    return filled(machine, shape_argument(machine, args.get("dims")), dtype, "tensorflow")


@array_rule("tensorflow.zeros_like", "tensorflow.ones_like", params="input, dtype=None, name=None, layout=None")
def zeros_like(machine: Machine, args: Arguments) -> Value:
    """A new tensor like another."""
    source = source_of(machine, args, "input", "tensorflow")
    dtype = dtype_given(args, source.spec.dtype, "tensorflow")
    return tensor(machine, source.spec.shape, dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.range", params="start, stop=None, step=None, dtype=None, name='range', limit=None, delta=None")
def range_rule(machine: Machine, args: Arguments) -> Value:
    """``tf.range``."""
    renamed = {"limit": "stop", "delta": "step"}
    values = {renamed.get(name, name): value for name, value in args.values.items()}
    return range_of(machine, Arguments(values), "tensorflow")


@array_rule("tensorflow.linspace", params="start, stop, num, name=None, axis=0")
def linspace(machine: Machine, args: Arguments) -> Value:
    """``tf.linspace``: a new axis of numbers between both ends; whole ends give float64."""
    start = args.get("start")
    a, b = operand(machine, start, "tensorflow"), operand(machine, args.get("stop"), "tensorflow")
    ends, count, axis = _broadcast_or_unknown(a.spec.shape, b.spec.shape), as_dim(args.values["num"]), args.get("axis")
    place = 0 if axis is None else as_int(axis)
    shape = UNKNOWN_SHAPE
    if not ends.open and place is not None and -len(ends.dims) - 1 <= place <= len(ends.dims):
        place %= len(ends.dims) + 1
        shape = Shape((*ends.dims[:place], count, *ends.dims[place:]))
    dtype = "float64" if is_integer(a.spec.dtype) else a.spec.dtype
    return tensor(machine, shape, dtype, "tensor", even_steps(args, dtype))


@array_rule(
    "tensorflow.eye",
    "tensorflow.linalg.eye",
    params="num_rows, num_columns=None, batch_shape=None, dtype=None, name=None",
)
def eye(machine: Machine, args: Arguments) -> Value:
    """``tf.eye``."""
    shape = identity(args.get("num_rows"), args.get("num_columns"))
    if not is_none(args.get("batch_shape")):
        batch = as_shape(machine, args.get("batch_shape"))
        shape = Shape((*batch.dims, *shape.dims), batch.open)
    return filled(machine, shape, dtype_given(args, "float32", "tensorflow"), "tensorflow")


@array_rule(
    "tensorflow.one_hot",
    params="indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None",
)
def one_hot(machine: Machine, args: Arguments) -> Value:
    """``tf.one_hot``: a new axis of ``depth``."""
    source = source_of(machine, args, "indices", "tensorflow")
    depth = args.get("depth")
    axis = -1 if is_none(args.get("axis")) else as_int(args.get("axis"))
    shape = one_hot_shape(source.spec.shape, ANY if depth is None else as_dim(depth), axis)
    plain = is_none(args.get("on_value")) and is_none(args.get("off_value"))
    dtype = dtype_given(args, "float32" if plain else None, "tensorflow")
    return tensor(machine, shape, dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.shape", "tensorflow.shape_n", params="input, out_type=None, name=None")
def shape_rule(machine: Machine, args: Arguments) -> Value:
    """``tf.shape(x)``: a vector of sizes, kept as contents."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = source.spec.shape
    data = None
    if not shape.open and is_small(Shape((len(shape.dims),))):
        data = tuple(map(size_entry, shape.dims))
    length = ANY if shape.open else len(shape.dims)
    dtype = dtype_given(Arguments({"dtype": args.values["out_type"]} if "out_type" in args.values else {}), "int32")
    return tensor(machine, Shape((length,)), dtype, "tensor", data)


@array_rule("tensorflow.rank", params="input, name=None")
def rank_rule(machine: Machine, args: Arguments) -> Value:
    """``tf.rank(x)``."""
    rank = source_of(machine, args, "input", "tensorflow").spec.shape.rank
    return tensor(machine, Shape(()), "int32", "tensor", rank)


@array_rule("tensorflow.size", params="input, out_type=None, name=None")
def size_rule(machine: Machine, args: Arguments) -> Value:
    """``tf.size(x)``."""
    size = source_of(machine, args, "input", "tensorflow").spec.shape.size()
    return tensor(machine, Shape(()), "int32", "tensor", size_entry(size))


# Random numbers: where the shape stands, and what else has a shape.

_UNIFORM = "shape, minval=0, maxval=None, dtype=None, seed=None, name=None"
_NORMAL = "shape, mean=0.0, stddev=1.0, dtype=None, seed=None, name=None"


@array_rule("tensorflow.random.uniform", params=_UNIFORM)
@array_rule("tensorflow.random.Generator.uniform", params="self, shape, minval=0, maxval=None, dtype=None, name=None")
@array_rule(
    "tensorflow.random.stateless_uniform",
    params="shape, seed, minval=0, maxval=None, dtype=None, name=None, alg=''",
)
@array_rule("keras.backend.random_uniform", params="shape, minval=0.0, maxval=1.0, dtype=None, seed=None")
def uniform(machine: Machine, args: Arguments) -> Value:
    """Uniform numbers; integers from 0 may be labels."""
    top = as_int(args.get("maxval"))
    whole = is_integer(dtype_of(args.get("dtype"), "tensorflow"))
    dtype = dtype_given(args, "float32", "tensorflow")
    shape = shape_argument(machine, args.get("shape"))
    size = shape.size()
    from_zero = "minval" not in args.values or as_int(args.get("minval")) == 0
    labels = None
    if whole and from_zero and top is not None and isinstance(size, int) and size >= SURE_PER_CLASS * top > 0:
        labels = top
    if "minval" in args.values and not whole:
        limits = _limits(machine, args, ("minval", "maxval"))
        shape = _broadcast_or_unknown(shape, limits)
    return filled(machine, shape, dtype, "tensorflow", labels)


@array_rule("tensorflow.random.normal", "tensorflow.random.truncated_normal", params=_NORMAL)
@array_rule(
    "tensorflow.random.Generator.normal",
    "tensorflow.random.Generator.truncated_normal",
    params="self, shape, mean=0.0, stddev=1.0, dtype=None, name=None",
)
@array_rule(
    "tensorflow.random.stateless_normal",
    "tensorflow.random.stateless_truncated_normal",
    params="shape, seed, mean=0.0, stddev=1.0, dtype=None, name=None, alg=''",
)
@array_rule(
    "keras.backend.random_normal",
    "keras.backend.truncated_normal",
    params="shape, mean=0.0, stddev=1.0, dtype=None, seed=None",
)
@array_rule("keras.backend.random_bernoulli", params="shape, p=0.0, dtype=None, seed=None")
def normal(machine: Machine, args: Arguments) -> Value:
    """Normal numbers, spread over the shapes of mean and deviation."""
    shape = _broadcast_or_unknown(
        shape_argument(machine, args.get("shape")), _limits(machine, args, ("mean", "stddev"))
    )
    return filled(machine, shape, dtype_given(args, "float32", "tensorflow"), "tensorflow")


@array_rule("tensorflow.random.stateless_gamma", params="shape, seed, alpha, beta=None, dtype=None, name=None")
@array_rule("tensorflow.random.stateless_poisson", params="shape, seed, lam, dtype=None, name=None")
def stateless_gamma(machine: Machine, args: Arguments) -> Value:
    """Draws of a given shape, to which the parameters broadcast."""
    dtype = dtype_given(args, "float32" if "alpha" in args.values else "int32", "tensorflow")
    return filled(machine, shape_argument(machine, args.get("shape")), dtype, "tensorflow")


@array_rule(
    "tensorflow.random.stateless_binomial",
    params="shape, seed, counts, probs, output_dtype=None, name=None",
    renamed={"output_dtype": "dtype"},
)
@array_rule("tensorflow.random.Generator.binomial", params="self, shape, counts, probs, dtype=None, name=None")
def binomial(machine: Machine, args: Arguments) -> Value:
    """Draws of a given shape."""
    return filled(
        machine, shape_argument(machine, args.get("shape")), dtype_given(args, "int32", "tensorflow"), "tensorflow"
    )


@array_rule("tensorflow.random.split", params="seed, num=2, alg='auto_select'")
def split_seed(machine: Machine, args: Arguments) -> Value:
    """Two numbers for each new seed."""
    count = args.get("num")
    return tensor(machine, Shape((2 if count is None else as_dim(count), 2)), None, "tensor")


@array_rule("tensorflow.random.gamma", params="shape, alpha, beta=None, dtype=None, seed=None, name=None")
@array_rule("tensorflow.random.poisson", params="shape, lam, dtype=None, seed=None, name=None")
def gamma(machine: Machine, args: Arguments) -> Value:
    """Draws for each parameter: the parameter's axes come last."""
    sizes = shape_argument(machine, args.get("shape"))
    rate = operand(machine, args.get("alpha") or args.get("lam"), "tensorflow").spec.shape
    shape = UNKNOWN_SHAPE if sizes.open or rate.open or "beta" in args.values else Shape((*sizes.dims, *rate.dims))
    return tensor(machine, shape, dtype_given(args, "float32", "tensorflow"), "tensor")


@array_rule(
    "tensorflow.random.categorical",
    params="logits, num_samples, dtype=None, seed=None, name=None",
)
def categorical(machine: Machine, args: Arguments) -> Value:
    """Classes drawn for each row."""
    source = source_of(machine, args, "logits", "tensorflow")
    count = args.get("num_samples")
    if source.spec.shape.rank not in (None, 2):
        raise refusal(
            "rank-mismatch",
            f"the logits must be a matrix, and {{subject}} has the shape {source.spec.shape}",
            None,
            found=source.spec.shape,
        )
    rows = source.spec.shape.axis(0) if source.spec.shape.rank else ANY
    shape = Shape((rows, ANY if count is None else as_dim(count)))
    return tensor(machine, shape, dtype_given(args, None, "tensorflow"), kind_of([source], "tensorflow"))


@array_rule("tensorflow.random.stateless_categorical", params="logits, num_samples, seed, dtype=None, name=None")
def stateless_categorical(machine: Machine, args: Arguments) -> Value:
    """Classes drawn for each row."""
    return categorical(machine, Arguments({"dtype": Lib("tensorflow.int64"), **args.values}))


@array_rule("tensorflow.random.shuffle", params="value, seed=None, name=None")
def shuffle(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "value", "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"), labels=source.labels)


@array_rule("tensorflow.random.set_seed", "keras.utils.set_random_seed", params="seed")
def set_seed(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE


@array_rule(
    "tensorflow.random.Generator.from_seed",
    "tensorflow.random.Generator.from_non_deterministic_state",
    "tensorflow.random.get_global_generator",
    params="*args, **kwargs",
)
def generator(machine: Machine, args: Arguments) -> Value:
    """A random generator."""
    return LibObject("tensorflow.random.Generator", origin=machine.site)


@array_rule("tensorflow.broadcast_to", params="input, shape, name=None")
def broadcast_to(machine: Machine, args: Arguments) -> Value:
    """``tf.broadcast_to``."""
    source = source_of(machine, args, "input", "tensorflow")
    target = shape_argument(machine, args.get("shape"))
    met = broadcast(source.spec.shape, target)
    longer = not source.spec.shape.open and not target.open and len(source.spec.shape.dims) > len(target.dims)
    if isinstance(met, Clash) or longer:
        raise refusal(
            "broadcast-mismatch",
            f"{{subject}} of shape {comma_text(source.spec.shape.dims)} cannot be broadcast to {target}",
            None,
            expected=target,
            found=source.spec.shape,
        )
    return tensor(machine, target, source.spec.dtype, kind_of([source], "tensorflow"))


def _limits(machine: Machine, args: Arguments, names: tuple[str, ...]) -> Shape:
    shape = Shape(())
    for name in names:
        if args.get(name) is not None and not is_none(args.get(name)):
            shape = _broadcast_or_unknown(shape, operand(machine, args.get(name), "tensorflow").spec.shape)
    return shape


def _broadcast_or_unknown(left: Shape, right: Shape) -> Shape:
    met = broadcast(left, right)
    return UNKNOWN_SHAPE if isinstance(met, Clash) else met
