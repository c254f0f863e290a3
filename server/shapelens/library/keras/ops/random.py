"""``keras.random`` and ``keras.initializers`` (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, as_int, kind_of, operand, shape_argument
from shapelens.library.arrays.creating import filled
from shapelens.library.arrays.dtypes import dtype_given, is_float, is_integer
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.index import SURE_PER_CLASS
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import LibObject, TensorValue, Value

_CLASSES = (
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform", "Ones",
    "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros",
)  # fmt: skip

# Other names of the same classes.
_ALIASES = {
    "IdentityInitializer": "Identity", "OrthogonalInitializer": "Orthogonal", "constant": "Constant",
    "glorot_normal": "GlorotNormal", "glorot_uniform": "GlorotUniform", "he_normal": "HeNormal",
    "he_uniform": "HeUniform", "identity": "Identity", "lecun_normal": "LecunNormal",
    "lecun_uniform": "LecunUniform", "ones": "Ones", "orthogonal": "Orthogonal", "random_normal": "RandomNormal",
    "random_uniform": "RandomUniform", "truncated_normal": "TruncatedNormal",
    "variance_scaling": "VarianceScaling", "zeros": "Zeros",
}  # fmt: skip


@keras_rule("keras.random.normal", "keras.random.truncated_normal", params=
            "shape, mean=0.0, stddev=1.0, dtype=None, seed=None")  # fmt: skip
@keras_rule("keras.random.uniform", params="shape, minval=0.0, maxval=1.0, dtype=None, seed=None")
def floats(machine: Machine, args: Arguments) -> Value:
    """Numbers of a given shape, over which parameters that are tensors are spread."""
    shape = shape_argument(machine, args.get("shape"))
    dtype = dtype_given(args, "float32", "keras")
    if dtype is not None and not is_float(dtype):
        raise refusal("invalid-argument", f"`dtype` must be a floating one, not {dtype}", None, subject="dtype")
    for name in ("mean", "stddev", "minval", "maxval"):
        if name in args.values:
            met = broadcast(shape, operand(machine, args.get(name), "keras").spec.shape)
            shape = UNKNOWN_SHAPE if isinstance(met, Clash) else met
    return filled(machine, shape, dtype, "keras")


@keras_rule("keras.random.randint", params="shape, minval, maxval, dtype='int32', seed=None")
def randint(machine: Machine, args: Arguments) -> Value:
    """Integers, which may be labels."""
    top, shape = as_int(args.get("maxval")), shape_argument(machine, args.get("shape"))
    dtype = dtype_given(args, "int32", "keras")
    if dtype is not None and not is_integer(dtype):
        raise refusal("invalid-argument", f"`dtype` must be an integer one, not {dtype}", None, subject="dtype")
    size = shape.size()
    sure = as_int(args.get("minval")) == 0 and top is not None and isinstance(size, int)
    labels = top if sure and top and isinstance(size, int) and size >= SURE_PER_CLASS * top else None
    return filled(machine, shape, dtype, "keras", labels)


@keras_rule("keras.random.gamma", params="shape, alpha, dtype=None, seed=None")
@keras_rule("keras.random.beta", params="shape, alpha, beta, dtype=None, seed=None")
@keras_rule("keras.random.binomial", params="shape, counts, probabilities, dtype=None, seed=None")
def draws(machine: Machine, args: Arguments) -> Value:
    """Draws of a given shape."""
    return filled(machine, shape_argument(machine, args.get("shape")), dtype_given(args, "float32", "keras"), "keras")


@keras_rule("keras.random.categorical", params="logits, num_samples, dtype='int32', seed=None")
def categorical(machine: Machine, args: Arguments) -> Value:
    """Classes drawn for each row."""
    source, count = source_of(machine, args, "logits", "keras"), args.get("num_samples")
    shape = source.spec.shape
    _check_eager(source)
    if shape.rank not in (None, 2):
        raise refusal("rank-mismatch", f"the logits must be a matrix, not {shape}", None, found=shape)
    wanted = Shape((shape.dims[0] if shape.rank else ANY, ANY if count is None else as_dim(count)))
    return tensor(machine, wanted, dtype_given(args, "int32", "keras"), kind_of([source], "keras"))


@keras_rule("keras.random.shuffle", params="x, axis=0, seed=None")
@keras_rule("keras.random.dropout", params="inputs, rate, noise_shape=None, seed=None")
def same_shape(machine: Machine, args: Arguments) -> Value:
    """The same shape and dtype."""
    source = source_of(machine, args, "x" if "x" in args.values else "inputs", "keras")
    _check_eager(source)
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "keras"), labels=source.labels)


def _check_eager(source: TensorValue) -> None:
    if source.kind == "keras":
        raise refusal(
            "invalid-argument",
            "{subject} is symbolic: `keras.random` takes tensors with values, inside of a layer's `call`",
            "A KerasTensor cannot be used as input to a TensorFlow function.",
            found=source.spec.shape,
        )


@keras_rule(*(f"keras.initializers.{name}.__call__" for name in _CLASSES), params="self, shape, dtype=None")
def initialized(machine: Machine, args: Arguments) -> Value:
    """A tensor of the shape that an initializer is called with."""
    return filled(machine, shape_argument(machine, args.get("shape")), dtype_given(args, "float32", "keras"), "keras")


def _register_alias(name: str, of: str) -> None:
    @function(f"keras.initializers.{name}", params="*args, **kwargs")
    def rule(machine: Machine, args: Arguments) -> Value:
        config = (*((str(place), value) for place, value in enumerate(args.rest)), *args.extra.items())
        return LibObject(f"keras.initializers.{of}", config, machine.site)


for _alias, _class in _ALIASES.items():
    _register_alias(_alias, _class)


@keras_rule("keras.initializers.Identity.__call__", params="self, shape, dtype=None")
@keras_rule("keras.initializers.Orthogonal.__call__", params="self, shape, dtype=None")
def matrix(machine: Machine, args: Arguments) -> Value:
    """Initializers that make matrices."""
    shape = shape_argument(machine, args.get("shape"))
    made = args.get("self")
    exact = isinstance(made, LibObject) and made.class_name.endswith(".Identity")
    if not shape.open and (len(shape.dims) != 2 if exact else len(shape.dims) < 2):
        words = (
            f"Identity matrix initializer can only be used for 2D matrices. Received: shape={shape} of rank "
            f"{len(shape.dims)}."
            if exact
            else f"The tensor to initialize must be at least two-dimensional. Received: shape={shape} of rank "
            f"{len(shape.dims)}."
        )
        raise refusal("rank-mismatch", f"this initializer makes matrices, not {shape}", words, subject=0, found=shape)
    dtype = dtype_given(args, "float32", "keras")
    return filled(machine, shape, dtype, "keras")
