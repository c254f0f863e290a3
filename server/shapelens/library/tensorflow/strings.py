"""``tf.strings``, and what gives ragged or sparse tensors (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import axes_of, flag, items_of, kind_of, operand
from shapelens.library.arrays.dtypes import dtype_of
from shapelens.library.arrays.elementwise import broadcast_shapes
from shapelens.library.arrays.reducing import reduced
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import TensorValue, Value

# Functions of each string: their parameters, and the dtype of what they give.
_EACH = {
    "lower": ("input, encoding='', name=None", "string"),
    "upper": ("input, encoding='', name=None", "string"),
    "strip": ("input, name=None", "string"),
    "regex_replace": ("input, pattern, rewrite, replace_global=True, name=None", "string"),
    "regex_full_match": ("input, pattern, name=None", "bool"),
    "length": ("input, unit='BYTE', name=None", "int32"),
    "as_string": ("input, precision=-1, scientific=False, shortest=False, width=-1, fill='', name=None", "string"),
    "to_hash_bucket": ("input, num_buckets, name=None", "int64"),
    "to_hash_bucket_fast": ("input, num_buckets, name=None", "int64"),
    "to_hash_bucket_strong": ("input, num_buckets, key, name=None", "int64"),
    "unicode_script": ("input, name=None", "int32"),
    "unicode_transcode": (
        "input, input_encoding, output_encoding, errors='replace', replacement_char=65533, "
        "replace_control_characters=False, name=None",
        "string",
    ),
}
_RAGGED = (
    "strings.split", "strings.bytes_split", "strings.unicode_split", "strings.unicode_split_with_offsets",
    "strings.unicode_decode", "strings.unicode_decode_with_offsets", "strings.ngrams", "ragged.constant",
    "ragged.range", "ragged.stack", "ragged.boolean_mask", "ragged.map_flat_values", "ragged.cross",
    "RaggedTensor.from_row_splits", "RaggedTensor.from_row_lengths", "RaggedTensor.from_tensor",
    "RaggedTensor.from_value_rowids", "RaggedTensor.from_row_starts", "RaggedTensor.from_nested_row_splits",
)  # fmt: skip
_SPARSE = (
    "SparseTensor", "sparse.SparseTensor", "sparse.from_dense", "sparse.to_dense", "sparse.add",
    "sparse.concat", "sparse.reorder", "sparse.reshape", "sparse.slice", "sparse.transpose", "sparse.split",
    "sparse.retain", "sparse.map_values", "sparse.eye", "sparse.softmax", "sparse.expand_dims",
    "sparse.maximum", "sparse.minimum", "sparse.reduce_sum", "sparse.reduce_max", "sparse.cross",
    "sparse.sparse_dense_matmul", "sparse.to_indicator", "sparse.fill_empty_rows", "sparse.bincount",
    "sparse.mask", "sets.intersection", "sets.union", "sets.difference", "IndexedSlices",
    "nn.embedding_lookup_sparse", "nn.safe_embedding_lookup_sparse", "nn.ctc_greedy_decoder",
    "nn.ctc_beam_search_decoder",
)  # fmt: skip


def _register_each(name: str, params: str, dtype: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "input", "tensorflow")
        return tensor(machine, source.spec.shape, dtype, kind_of([source], "tensorflow"))

    names = [f"tensorflow.strings.{name}"]
    if name == "as_string":
        names.append("tensorflow.as_string")
    array_rule(*names, params=params)(rule)


for _name, (_params, _dtype) in _EACH.items():
    _register_each(_name, _params, _dtype)


@array_rule("tensorflow.strings.to_number", params="input, out_type=None, name=None")
def to_number(machine: Machine, args: Arguments) -> Value:
    """A number for each string."""
    source = source_of(machine, args, "input", "tensorflow")
    wanted = args.get("out_type")
    dtype = "float32" if wanted is None else dtype_of(wanted, "tensorflow")
    return tensor(machine, source.spec.shape, dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.strings.substr", params="input, pos, len, unit='BYTE', name=None")
def substr(machine: Machine, args: Arguments) -> Value:
    """A part of each string."""
    source, place = source_of(machine, args, "input", "tensorflow"), source_of(machine, args, "pos", "tensorflow")
    shape = source.spec.shape
    if place.spec.shape.rank != 0:
        shape = broadcast_shapes(source, place, "tensorflow")
    return tensor(machine, shape, "string", "tensor")


@array_rule("tensorflow.strings.join", params="inputs, separator='', name=None")
def join(machine: Machine, args: Arguments) -> Value:
    """Joined element by element: scalars go with everything."""
    items = items_of(machine, args.get("inputs"))
    if items is None:
        return tensor(machine, UNKNOWN_SHAPE, "string", "tensor")
    parts = [operand(machine, item, "tensorflow") for item in items]
    known = [part.spec.shape for part in parts if part.spec.shape.rank != 0]
    shape = known[0] if known else Shape(())
    if any(other.open for other in known) or any(len(other.dims) != len(shape.dims) for other in known):
        shape = UNKNOWN_SHAPE
    return tensor(machine, shape, "string", "tensor")


@array_rule("tensorflow.strings.format", params="template, inputs, placeholder='{}', summarize=3, name=None")
def formatted(machine: Machine, args: Arguments) -> Value:
    """One string."""
    return tensor(machine, Shape(()), "string", "tensor")


@array_rule("tensorflow.strings.reduce_join", params="inputs, axis=None, keepdims=False, separator='', name=None")
def reduce_join(machine: Machine, args: Arguments) -> Value:
    """Joined along axes."""
    source = source_of(machine, args, "inputs", "tensorflow")
    keepdims = flag(args, "keepdims", False)
    shape = reduced(source.spec.shape, axes_of(machine, args.get("axis")), keepdims, "tensorflow")
    return tensor(machine, shape, "string", "tensor")


@array_rule("tensorflow.strings.unicode_encode", params="input, output_encoding, *args, **kwargs")
def unicode_encode(machine: Machine, args: Arguments) -> Value:
    """A string for each row of code points."""
    source = args.get("input")
    if not isinstance(source, TensorValue) or not source.spec.shape.rank:
        return tensor(machine, UNKNOWN_SHAPE, "string", "tensor")
    return tensor(machine, Shape(source.spec.shape.dims[:-1]), "string", "tensor")


@array_rule(*(f"tensorflow.{name}" for name in _RAGGED), params="*args, **kwargs")
def ragged(machine: Machine, args: Arguments) -> Value:
    """A ragged tensor."""
    raise NotKnown("a ragged tensor's rows differ in length, which is not followed")


@array_rule(*(f"tensorflow.{name}" for name in _SPARSE), params="*args, **kwargs")
def sparse(machine: Machine, args: Arguments) -> Value:
    """A sparse tensor, or what is made from one."""
    raise NotKnown("sparse tensors are not followed")
