"""``tf.io``: files, serialized examples, CSV (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_int, as_shape, flag, items_of, operand
from shapelens.library.arrays.dtypes import default_dtype, dtype_given, dtype_of, scalar_type
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import NONE, LibObject, Opaque, Ref, TensorValue, TupleValue, Unknown, Value


@array_rule(
    "tensorflow.image.decode_jpeg", "tensorflow.io.decode_jpeg",
    params="contents, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False, "
    "acceptable_fraction=1, dct_method='', name=None",
)  # fmt: skip
@array_rule(
    "tensorflow.io.decode_and_crop_jpeg", "tensorflow.image.decode_and_crop_jpeg",
    params="contents, crop_window, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False, "
    "acceptable_fraction=1, dct_method='', name=None",
)  # fmt: skip
@array_rule(
    "tensorflow.image.decode_png", "tensorflow.io.decode_png", params="contents, channels=0, dtype=None, name=None"
)
@array_rule("tensorflow.image.decode_bmp", "tensorflow.io.decode_bmp", params="contents, channels=0, name=None")
def decode_picture(machine: Machine, args: Arguments) -> Value:
    """An image of unknown height and width."""
    channels = 0 if args.get("channels") is None else as_int(args.get("channels"))
    dtype = dtype_given(args, "uint8", "tensorflow")
    return tensor(machine, Shape((ANY, ANY, channels or ANY)), dtype, "tensor")


@array_rule("tensorflow.image.decode_gif", "tensorflow.io.decode_gif", params="contents, name=None")
def decode_gif(machine: Machine, args: Arguments) -> Value:
    """The images of an animation."""
    return tensor(machine, Shape((ANY, ANY, ANY, 3)), "uint8", "tensor")


@array_rule(
    "tensorflow.image.decode_image",
    "tensorflow.io.decode_image",
    params="contents, channels=None, dtype=None, name=None, expand_animations=True",
)
def decode_image(machine: Machine, args: Arguments) -> Value:
    """An image, or the images of an animation: with ``expand_animations`` the rank is not known."""
    still = flag(args, "expand_animations", True) is False
    shape = Shape((ANY, ANY, as_int(args.get("channels")) or ANY)) if still else UNKNOWN_SHAPE
    return tensor(machine, shape, dtype_given(args, "uint8", "tensorflow"), "tensor")


@array_rule("tensorflow.io.read_file", params="filename, name=None")
@array_rule("tensorflow.io.serialize_tensor", params="tensor, name=None")
@array_rule(
    "tensorflow.io.encode_jpeg", "tensorflow.image.encode_jpeg", "tensorflow.io.encode_png",
    "tensorflow.image.encode_png", params="image, *args, **kwargs",
)  # fmt: skip
@array_rule("tensorflow.audio.encode_wav", params="audio, sample_rate, name=None")
def one_string(machine: Machine, args: Arguments) -> Value:
    """One string."""
    return tensor(machine, Shape(()), "string", "tensor")


@array_rule("tensorflow.io.encode_base64", params="input, pad=False, name=None")
@array_rule("tensorflow.io.decode_base64", params="input, name=None")
@array_rule(
    "tensorflow.io.decode_compressed", params="bytes, compression_type='', name=None", renamed={"bytes": "input"}
)
def strings(machine: Machine, args: Arguments) -> Value:
    """A string for each string."""
    source = operand(machine, args.get("input"), "tensorflow")
    return tensor(machine, source.spec.shape, "string", "tensor")


@array_rule(
    "tensorflow.io.decode_raw",
    params="input_bytes, out_type, little_endian=True, fixed_length=None, name=None",
)
def decode_raw(machine: Machine, args: Arguments) -> Value:
    """Numbers in a new last axis."""
    shape = operand(machine, args.get("input_bytes"), "tensorflow").spec.shape
    left = UNKNOWN_SHAPE if shape.open else Shape((*shape.dims, ANY))
    return tensor(machine, left, dtype_of(args.get("out_type"), "tensorflow"), "tensor")


@array_rule("tensorflow.io.parse_tensor", params="serialized, out_type, name=None")
def parse_tensor(machine: Machine, args: Arguments) -> Value:
    """A tensor of a known dtype."""
    return tensor(machine, UNKNOWN_SHAPE, dtype_of(args.get("out_type"), "tensorflow"), "tensor")


@array_rule("tensorflow.io.FixedLenFeature", params="shape, dtype, default_value=None")
@array_rule(
    "tensorflow.io.FixedLenSequenceFeature",
    params="shape, dtype, allow_missing=False, default_value=None",
)
def fixed_feature(machine: Machine, args: Arguments) -> Value:
    """A feature of a known shape; of a known shape in each step."""
    name = "FixedLenSequenceFeature" if "allow_missing" in args.values else "FixedLenFeature"
    return LibObject(f"tensorflow.io.{name}", tuple(args.values.items()), machine.site)


@array_rule("tensorflow.io.VarLenFeature", params="dtype")
def sparse_feature(machine: Machine, args: Arguments) -> Value:
    """A feature that is parsed to a sparse tensor."""
    return LibObject("tensorflow.io.VarLenFeature", tuple(args.values.items()), machine.site)


@array_rule("tensorflow.io.parse_single_example", params="serialized, features, example_names=None, name=None")
def parse_single_example(machine: Machine, args: Arguments) -> Value:
    """A tensor for each feature of one serialized string."""
    return _parsed_all(machine, args, Shape(()))


@array_rule("tensorflow.io.parse_example", params="serialized, features, example_names=None, name=None")
def parse_example(machine: Machine, args: Arguments) -> Value:
    """A tensor for each feature, behind the axes of the serialized strings."""
    return _parsed_all(machine, args, operand(machine, args.get("serialized"), "tensorflow").spec.shape)


def _parsed_all(machine: Machine, args: Arguments, front: Shape) -> Value:
    features = args.get("features")
    obj = machine.read(features) if isinstance(features, Ref) else None
    if not isinstance(obj, DictObject) or obj.open:
        raise NotKnown("the features are not known")
    entries = tuple((key, _parsed(machine, feature, front)) for key, feature in obj.entries)
    return machine.alloc(DictObject(entries))


def _parsed(machine: Machine, feature: Value, front: Shape) -> Value:
    if not isinstance(feature, LibObject):
        return Unknown("the feature is not known")
    kind = feature.class_name.rpartition(".")[2]
    if kind not in ("FixedLenFeature", "FixedLenSequenceFeature"):
        return Unknown("sparse and ragged features have no fixed shape")
    sizes = as_shape(machine, feature.get("shape"))
    step: tuple[Dim, ...] = () if kind == "FixedLenFeature" else (ANY,)
    shape = UNKNOWN_SHAPE if sizes.open or front.open else Shape((*front.dims, *step, *sizes.dims))
    return tensor(machine, shape, dtype_of(feature.get("dtype"), "tensorflow"), "tensor")


@array_rule(
    "tensorflow.io.decode_csv",
    params="records, record_defaults, field_delim=',', use_quote_delim=True, na_value='', select_cols=None, name=None",
)
def decode_csv(machine: Machine, args: Arguments) -> Value:
    """A tensor for each column."""
    columns = items_of(machine, args.get("record_defaults"))
    if columns is None:
        raise NotKnown("the columns are not known")
    shape = operand(machine, args.get("records"), "tensorflow").spec.shape
    made = tuple(tensor(machine, shape, _column_dtype(machine, column), "tensor") for column in columns)
    return machine.alloc(ListObject(made))


def _column_dtype(machine: Machine, default: Value) -> str | None:
    named = dtype_of(default, "tensorflow")
    if named is not None and scalar_type(default) is not str:
        return named
    items = items_of(machine, default)
    if items is not None and len(items) == 1:
        return default_dtype(scalar_type(items[0]), "tensorflow")
    if isinstance(default, TensorValue):
        return default.spec.dtype
    return default_dtype(scalar_type(default), "tensorflow")


@array_rule("tensorflow.io.matching_files", params="pattern, name=None")
def matching_files(machine: Machine, args: Arguments) -> Value:
    """Names of files."""
    return tensor(machine, Shape((ANY,)), "string", "tensor")


@array_rule("tensorflow.io.gfile.exists", "tensorflow.io.gfile.isdir", params="path")
def exists(machine: Machine, args: Arguments) -> Value:
    """One bool."""
    return Opaque("bool")


@array_rule("tensorflow.io.gfile.listdir", params="path")
@array_rule("tensorflow.io.gfile.glob", params="pattern")
def names(machine: Machine, args: Arguments) -> Value:
    """Names of files."""
    return machine.alloc(ListObject((), open=True, rest=Opaque("str")))


@array_rule("tensorflow.io.gfile.join", params="path, *paths")
def joined(machine: Machine, args: Arguments) -> Value:
    """A path."""
    return Opaque("str")


@array_rule(
    "tensorflow.io.gfile.makedirs", "tensorflow.io.gfile.mkdir", "tensorflow.io.gfile.remove",
    "tensorflow.io.gfile.rmtree", "tensorflow.io.write_file", "tensorflow.io.gfile.copy",
    "tensorflow.io.gfile.rename", params="*args, **kwargs",
)  # fmt: skip
def nothing(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE


@array_rule("tensorflow.audio.decode_wav", params="contents, desired_channels=-1, desired_samples=-1, name=None")
def decode_wav(machine: Machine, args: Arguments) -> Value:
    """Samples by channels, and the rate."""
    channels, samples = as_int(args.get("desired_channels")), as_int(args.get("desired_samples"))
    sizes: tuple[Dim, Dim] = (
        samples if samples and samples > 0 else ANY,
        channels if channels and channels > 0 else ANY,
    )
    audio = tensor(machine, Shape(sizes), "float32", "tensor")
    return TupleValue((audio, tensor(machine, Shape(()), "int32", "tensor")), ("audio", "sample_rate"))
