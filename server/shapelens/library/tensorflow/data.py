"""``tf.data``: pipelines as the structure of one element and a count (TensorFlow 2.21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_dim,
    as_int,
    flag,
    is_none,
    items_of,
)
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute
from shapelens.library.tensorflow.elements import as_element, from_signature, from_types, iterated, mapped
from shapelens.shapes.dims import ANY, Dim, SymDim, add, ceildiv, floordiv, mul, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import (
    NONE,
    Const,
    DatasetValue,
    LibObject,
    Opaque,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

_DATASET = "tensorflow.Dataset"
_STATIC = "tensorflow.data.Dataset"


@array_rule(f"{_STATIC}.from_tensor_slices", params="tensors, name=None")
def from_tensor_slices(machine: Machine, args: Arguments) -> Value:
    """An element for each entry of the first axis, which all parts must share."""
    parts = as_element(machine, args.values["tensors"])
    sizes: list[tuple[Dim, Shape]] = []

    def row(part: TensorValue) -> Value:
        shape = part.spec.shape
        if shape.rank == 0:
            raise refusal(
                "rank-mismatch",
                "a scalar cannot be cut into elements",
                "Unbatching a tensor is only supported for rank >= 1",
                found=shape,
            )
        sizes.append((ANY if shape.open else shape.dims[0], shape))
        left = UNKNOWN_SHAPE if shape.open else Shape(shape.dims[1:])
        return tensor(machine, left, part.spec.dtype, "tensor", labels=part.labels)

    element = mapped(machine, parts, row)
    for size, shape in sizes[1:]:
        if same(sizes[0][0], size) is False:
            raise refusal(
                "sample-count",
                f"the parts have {sizes[0][0]} and {size} entries",
                f"Dimensions {sizes[0][0]} and {size} are not compatible",
                expected=sizes[0][1],
                found=shape,
                axis=0,
            )
    count = next((size for size, _ in sizes if isinstance(size, int)), sizes[0][0] if sizes else None)
    return DatasetValue(element, _count(count), origin=machine.site)


@array_rule(f"{_STATIC}.from_tensors", params="tensors, name=None")
def from_tensors(machine: Machine, args: Arguments) -> Value:
    """One element."""
    return DatasetValue(as_element(machine, args.values["tensors"]), 1, origin=machine.site)


@array_rule(
    f"{_STATIC}.from_generator",
    params="generator, output_types=None, output_shapes=None, args=None, output_signature=None, name=None",
)
def from_generator(machine: Machine, args: Arguments) -> Value:
    """Elements as the signature says."""
    if not is_none(args.get("output_signature")):
        return DatasetValue(from_signature(machine, args.values["output_signature"]), origin=machine.site)
    element = from_types(machine, args.get("output_types"), args.get("output_shapes"))
    return DatasetValue(element, origin=machine.site)


@array_rule(f"{_STATIC}.range", params="*args, output_type=None, name=None")
def range_rule(machine: Machine, args: Arguments) -> Value:
    """Numbers."""
    bounds = [as_int(value) for value in args.rest]
    known = [bound for bound in bounds if bound is not None]
    count = len(range(*known)) if len(known) == len(bounds) and 0 not in known[2:] else None
    element = tensor(machine, Shape(()), "int64" if args.get("output_type") is None else None, "tensor")
    return DatasetValue(element, count, origin=machine.site)


@array_rule(f"{_STATIC}.zip", params="*args, datasets=None, name=None")
def zip_rule(machine: Machine, args: Arguments) -> Value:
    """A tuple of elements, as long as the shortest."""
    given = args.get("datasets") or (args.rest[0] if len(args.rest) == 1 else TupleValue(args.rest))
    items = given.items if isinstance(given, TupleValue) else items_of(machine, given)
    if items is None or not all(isinstance(item, DatasetValue) for item in items):
        raise NotKnown("the datasets are not known")
    parts = [item for item in items if isinstance(item, DatasetValue)]
    counts = [part.cardinality for part in parts]
    finite = [count for count in counts if count != -1]
    count: int | SymDim | None = -1 if not finite else None
    if finite and all(isinstance(part, int) for part in finite):
        count = min(part for part in finite if isinstance(part, int))
    elif finite and all(part == finite[0] for part in finite):
        count = finite[0]
    return DatasetValue(
        TupleValue(tuple(part.element for part in parts)),
        count,
        min(part.batched for part in parts),
        origin=machine.site,
        batch_size=_common([part.batch_size for part in parts]),
    )


@array_rule(f"{_STATIC}.list_files", params="file_pattern, shuffle=None, seed=None, name=None")
@array_rule("tensorflow.data.TextLineDataset", "tensorflow.data.TFRecordDataset", params="filenames, *args, **kwargs")
def strings(machine: Machine, args: Arguments) -> Value:
    """Strings from files."""
    return DatasetValue(tensor(machine, Shape(()), "string", "tensor"), origin=machine.site)


@array_rule(f"{_DATASET}.batch", params="self, batch_size, drop_remainder=False, *args, **kwargs")
@array_rule(
    f"{_DATASET}.padded_batch",
    params="self, batch_size, padded_shapes=None, padding_values=None, drop_remainder=False, name=None",
)
def batch(machine: Machine, args: Arguments) -> Value:
    """A new first axis: dynamic unless the remainder is dropped."""
    source = dataset_of(args)
    size = as_dim(args.values["batch_size"])
    drop = flag(args, "drop_remainder", False)
    first: Dim = (ANY if isinstance(drop, Unsure) else size) if drop else None
    padded = "padded_shapes" in args.values or args.values.keys() & {"padding_values"}

    def grown(part: TensorValue) -> Value:
        shape = part.spec.shape
        left = UNKNOWN_SHAPE if shape.open else Shape((first, *shape.dims))
        if padded and shape.rank:
            left = Shape((first, *(ANY for _ in shape.dims)))
        return tensor(machine, left, part.spec.dtype, "tensor", labels=part.labels)

    element = mapped(machine, source.element, grown)
    count = source.cardinality
    if isinstance(size, int) and size > 0 and count not in (None, -1):
        steps = floordiv(count, size) if drop is True else ceildiv(count, size)
        count = _count(steps) if drop in (True, False) else None
    elif count != -1:
        count = None
    known = isinstance(size, int) and isinstance(source.cardinality, int)
    full = known and (source.cardinality == -1 or as_number(source.cardinality) >= as_number(size))
    return replace(
        source,
        element=element,
        cardinality=count,
        batched=source.batched + 1,
        batch_size=as_number(size) if full and first is None else None,
        origin=machine.site,
    )


@array_rule(f"{_DATASET}.unbatch", params="self, name=None")
def unbatch(machine: Machine, args: Arguments) -> Value:
    """Without the first axis."""
    source = dataset_of(args)

    firsts: list[Dim] = []

    def row(part: TensorValue) -> Value:
        shape = part.spec.shape
        firsts.append(shape.dims[0] if shape.rank else None)
        left = UNKNOWN_SHAPE if shape.open or not shape.dims else Shape(shape.dims[1:])
        return tensor(machine, left, part.spec.dtype, "tensor", labels=part.labels)

    element = mapped(machine, source.element, row)
    count: int | SymDim | None = None
    if source.cardinality == -1:
        count = -1
    elif source.cardinality is not None and firsts and isinstance(firsts[0], int):
        count = _count(mul(source.cardinality, firsts[0]))
    depth = max(0, source.batched - 1)
    return replace(source, element=element, cardinality=count, batched=depth, batch_size=None)


@array_rule(f"{_DATASET}.map", params="self, map_func, num_parallel_calls=None, deterministic=None, *args, **kwargs")
def map_rule(machine: Machine, args: Arguments) -> Value:
    """The user's function, called with one element."""
    source = dataset_of(args)
    element = _called(machine, args.values["map_func"], source.element)
    return replace(source, element=as_element(machine, element), origin=machine.site)


@array_rule(f"{_DATASET}.flat_map", params="self, map_func, name=None")
@array_rule(f"{_DATASET}.interleave", params="self, map_func, *args, **kwargs")
def flat_map(machine: Machine, args: Arguments) -> Value:
    """The elements of the datasets that the user's function gives."""
    source = dataset_of(args)
    inner = _called(machine, args.values["map_func"], source.element)
    if not isinstance(inner, DatasetValue):
        return replace(source, element=Unknown("what the function gives is not known"), cardinality=None)
    return replace(inner, cardinality=None, origin=machine.site, batch_size=None)


@array_rule(f"{_DATASET}.filter", params="self, predicate, name=None")
@array_rule(f"{_DATASET}.take_while", params="self, predicate, name=None")
def filter_rule(machine: Machine, args: Arguments) -> Value:
    """Fewer elements of the same structure."""
    return replace(dataset_of(args), cardinality=None)


@array_rule(f"{_DATASET}.shuffle", f"{_DATASET}.prefetch", f"{_DATASET}.cache", params="self, *args, **kwargs")
@array_rule(f"{_DATASET}.with_options", f"{_DATASET}.ignore_errors", params="self, *args, **kwargs")
def unchanged(machine: Machine, args: Arguments) -> Value:
    """The same elements."""
    return replace(dataset_of(args), origin=machine.site)


@array_rule(f"{_DATASET}.apply", params="self, transformation_func")
def apply(machine: Machine, args: Arguments) -> Value:
    """What the function makes of the dataset."""
    return machine.call(args.values["transformation_func"], (args.values["self"],), {})


@array_rule(f"{_DATASET}.repeat", params="self, count=None, name=None")
def repeat(machine: Machine, args: Arguments) -> Value:
    """Again and again."""
    source = dataset_of(args)
    times = -1 if is_none(args.get("count")) else as_int(args.get("count"))
    count: int | SymDim | None = None
    if times is not None and times < 0:
        count = -1 if source.cardinality != 0 else 0
    elif times is not None and source.cardinality is not None:
        count = -1 if source.cardinality == -1 else _count(mul(source.cardinality, times))
    return replace(source, cardinality=count, origin=machine.site)


@array_rule(f"{_DATASET}.take", params="self, count, name=None")
def take(machine: Machine, args: Arguments) -> Value:
    """The first elements."""
    source = dataset_of(args)
    wanted, count = as_int(args.get("count")), source.cardinality
    if wanted == -1:
        return source
    left: int | None = None
    if wanted is not None and isinstance(count, int):
        left = wanted if count == -1 else min(wanted, count)
    return replace(source, cardinality=left, origin=machine.site)


@array_rule(f"{_DATASET}.skip", params="self, count, name=None")
def skip(machine: Machine, args: Arguments) -> Value:
    """Without the first elements."""
    source = dataset_of(args)
    wanted, count = as_int(args.get("count")), source.cardinality
    left: int | None = None
    if wanted is not None and isinstance(count, int):
        left = -1 if count == -1 and wanted >= 0 else 0 if wanted < 0 else max(0, count - wanted)
    return replace(source, cardinality=left, origin=machine.site)


@array_rule(f"{_DATASET}.shard", params="self, num_shards, index, name=None")
def shard(machine: Machine, args: Arguments) -> Value:
    """Some of the elements."""
    return replace(dataset_of(args), cardinality=None, origin=machine.site)


@array_rule(f"{_DATASET}.concatenate", params="self, dataset, name=None")
def concatenate(machine: Machine, args: Arguments) -> Value:
    """One after the other."""
    first, second = dataset_of(args), args.get("dataset")
    if not isinstance(second, DatasetValue):
        return replace(first, cardinality=None)
    counts = (first.cardinality, second.cardinality)
    total: int | SymDim | None = None
    if -1 in counts:
        total = -1
    elif counts[0] is not None and counts[1] is not None:
        total = _count(add(counts[0], counts[1]))
    return replace(first, cardinality=total, origin=machine.site)


@array_rule(f"{_DATASET}.enumerate", params="self, start=0, name=None")
def enumerate_rule(machine: Machine, args: Arguments) -> Value:
    """Numbered elements."""
    source = dataset_of(args)
    number = tensor(machine, Shape(()), "int64", "tensor")
    return replace(source, element=TupleValue((number, source.element)), origin=machine.site)


@array_rule(f"{_DATASET}.window", params="self, size, shift=None, stride=1, drop_remainder=False, name=None")
def window(machine: Machine, args: Arguments) -> Value:
    """Datasets of neighbouring elements."""
    source = dataset_of(args)
    size = as_int(args.get("size"))
    drop = flag(args, "drop_remainder", False)
    count = size if drop is True else None
    inside = mapped(machine, source.element, lambda part: DatasetValue(part, count, source.batched))
    return DatasetValue(inside, None, source.batched, origin=machine.site)


@array_rule(f"{_DATASET}.as_numpy_iterator", params="self")
def as_numpy_iterator(machine: Machine, args: Arguments) -> Value:
    """The elements as arrays."""
    source = dataset_of(args)
    element = mapped(machine, iterated(machine, source), lambda part: replace(part, kind="numpy"))
    return replace(source, element=element, kind="iterator", origin=machine.site)


@array_rule(f"{_DATASET}.cardinality", params="self")
@array_rule("tensorflow.data.experimental.cardinality", params="dataset", renamed={"dataset": "self"})
def cardinality(machine: Machine, args: Arguments) -> Value:
    """How many elements there are: -1 infinitely, -2 not known to TensorFlow."""
    count = dataset_of(args).cardinality
    return tensor(machine, Shape(()), "int64", "tensor", count)


@array_rule(f"{_DATASET}.__len__", params="self")
def length(machine: Machine, args: Arguments) -> Value:
    """``len(dataset)``."""
    count = dataset_of(args).cardinality
    return Const(count) if isinstance(count, int) and count >= 0 else Opaque("int")


@array_rule(f"{_DATASET}.reduce", f"{_DATASET}.scan", params="self, *args, **kwargs")
@array_rule(f"{_DATASET}.group_by_window", f"{_DATASET}.bucket_by_sequence_length", params="self, *args, **kwargs")
@array_rule(f"{_DATASET}.ragged_batch", f"{_DATASET}.snapshot", params="self, *args, **kwargs")
def unfollowed(machine: Machine, args: Arguments) -> Value:
    """Not followed."""
    raise NotKnown("this transformation of a dataset is not followed")


@array_rule(f"{_DATASET}.save", params="self, *args, **kwargs")
def save(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE


@attribute(f"{_DATASET}.element_spec")
def element_spec(machine: Machine, value: Value) -> Value:
    """The structure of an element, as ``tf.TensorSpec``."""
    if not isinstance(value, DatasetValue):
        raise NotKnown("it is not known to be a dataset")

    def spec(part: TensorValue) -> Value:
        shape = machine.attribute(part, "shape")
        dtype = NONE if part.spec.dtype is None else Const(part.spec.dtype)
        return LibObject("tensorflow.TensorSpec", (("shape", shape), ("dtype", dtype)), machine.site)

    return mapped(machine, value.element, spec)


def dataset_of(args: Arguments) -> DatasetValue:
    """The dataset that a method is called on."""
    source = args.get("self")
    if not isinstance(source, DatasetValue):
        raise NotKnown("it is not known to be a dataset")
    return source


def as_number(value: Dim) -> int:
    """A known size (0 where it is not)."""
    return value if isinstance(value, int) else 0


def _called(machine: Machine, function: Value, element: Value) -> Value:
    args = element.items if isinstance(element, TupleValue) else (element,)
    return machine.call(function, args, {})


def _count(size: Dim) -> int | SymDim | None:
    return None if size is None or (isinstance(size, SymDim) and not size.terms) else size


def _common(sizes: Sequence[int | None]) -> int | None:
    return sizes[0] if len(set(sizes)) == 1 else None
