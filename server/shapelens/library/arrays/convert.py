"""Reading the arguments of array functions: arrays, sizes, shapes, axes, flags.

Each reader has an answer for "cannot tell": `None` for arrays, `ANY` for sizes, an open shape for
shapes, `UNSURE` for scalars whose absence means something else.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal, TypeAlias

from shapelens.library.arrays.alternatives import join_all
from shapelens.library.arrays.constants import DYNAMIC, MAX_ITEMS, Dynamic
from shapelens.library.arrays.dtypes import Dialect, default_dtype, is_integer, promote, scalar_type
from shapelens.library.arrays.failures import refusal
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim, SymDim
from shapelens.shapes.shape import UNKNOWN_SHAPE, UNKNOWN_SPEC, Shape, TensorSpec, of_rank
from shapelens.shapes.shape import join as join_shapes
from shapelens.values.objects import ARRAY_ATTRIBUTE, LibInstance, ListObject
from shapelens.values.value import Const, OneOf, Ref, SizeValue, TensorKind, TensorValue, TupleValue, Value


class Unsure(Enum):
    """An argument that is there, with a value that is not known."""

    UNSURE = "unsure"


UNSURE: Final = Unsure.UNSURE
Maybe: TypeAlias = "Literal[Unsure.UNSURE]"

# Deeper nested lists are not data.
MAX_DEPTH = 12


def as_spec(value: Value, machine: Machine, dialect: Dialect = "numpy") -> TensorValue | None:
    """``value`` as an array: numbers and nested sequences convert as ``np.asarray`` does.

    `None` for what is no array, for ragged lists, and for what is not known.
    """
    found = _convert(machine, value, dialect, MAX_DEPTH)
    if found is None or found.data is None or isinstance(value, TensorValue):
        return found
    return found if _count(found.spec.shape) <= MAX_ITEMS else _without_data(found)


def operand(machine: Machine, value: Value | None, dialect: Dialect = "numpy") -> TensorValue:
    """``value`` as an array; one of unknown shape when it cannot be told."""
    found = None if value is None else as_spec(value, machine, dialect)
    return TensorValue(UNKNOWN_SPEC, "numpy") if found is None else found


def kind_of(operands: tuple[TensorValue, ...] | list[TensorValue], dialect: Dialect) -> TensorKind:
    """The kind of a result: symbolic if an operand is."""
    kinds = {item.kind for item in operands}
    if "keras" in kinds:
        return "keras"
    return "numpy" if dialect == "numpy" else "tensor"


def items_of(machine: Machine, value: Value | None) -> tuple[Value, ...] | None:
    """The items of a tuple or list, all known; an array is no sequence here."""
    if isinstance(value, TupleValue):
        return value.items
    return machine.items(value) if isinstance(value, Ref) else None


def is_list(machine: Machine, value: Value) -> bool:
    """Whether this is surely a sequence, or an array with axes, and no single number."""
    if isinstance(value, TensorValue):
        return bool(value.spec.shape.dims)
    return items_of(machine, value) is not None


def is_none(value: Value | None) -> bool:
    """Whether an argument is absent or ``None`` for certain."""
    return value is None or (isinstance(value, Const) and value.value is None)


def as_dim(value: Value) -> Dim:
    """``value`` as a size; `ANY` when it cannot be told, `None` for one that Keras leaves open."""
    if isinstance(value, Const):
        if value.value is None:
            return None
        return int(value.value) if isinstance(value.value, int) else ANY
    if isinstance(value, SizeValue):
        return value.dim
    if isinstance(value, TensorValue) and value.data is not None:
        data = value.data
        while isinstance(data, tuple) and len(data) == 1:
            data = data[0]
        if isinstance(data, Dynamic):
            return None
        return data if isinstance(data, int | SymDim) and not isinstance(data, bool) else ANY
    if isinstance(value, OneOf):
        sizes = [as_dim(alternative) for alternative in value.values]
        joined = sizes[0]
        for size in sizes[1:]:
            joined = dim.join(joined, size)
        return joined
    return ANY


def as_shape(machine: Machine, value: Value | None) -> Shape:
    """``value`` as a shape argument: a size, or a sequence or array of sizes."""
    if isinstance(value, TensorValue):
        if value.spec.shape.rank == 0:
            return Shape((as_dim(value),))
        if value.spec.shape.rank == 1 and isinstance(value.data, tuple):
            return Shape(tuple(_entry(item) for item in value.data))
        length = value.spec.shape.axis(0)
        return of_rank(length) if value.spec.shape.rank == 1 and isinstance(length, int) else UNKNOWN_SHAPE
    if isinstance(value, OneOf):
        joined = as_shape(machine, value.values[0])
        for alternative in value.values[1:]:
            joined = join_shapes(joined, as_shape(machine, alternative))
        return joined
    if value is None or (not isinstance(value, TupleValue | Ref) and scalar_type(value) is not int):
        return UNKNOWN_SHAPE
    if not isinstance(value, TupleValue | Ref):
        return Shape((as_dim(value),))
    items = items_of(machine, value)
    return UNKNOWN_SHAPE if items is None else Shape(tuple(map(as_dim, items)))


def shape_argument(machine: Machine, value: Value | None) -> Shape:
    """As `as_shape`, for the shape that something gets; raises where an item is surely no size.

    Run (NumPy 2.4, TensorFlow 2.21, Keras 3.15.1): ``np.zeros((2, (4,)))``, ``x.reshape((x.shape, -1))``,
    ``tf.zeros((2, 4.0))``, ``keras.ops.zeros(("a", 2))`` all raise.
    """
    for index, item in enumerate(items_of(machine, value) or ()):
        wrong = no_size(machine, item)
        if wrong is not None:
            raise refusal(
                "invalid-argument",
                f"item {index} of the shape is {wrong}, and a shape is made of integers",
                subject=None,
            )
    return as_shape(machine, value)


def no_size(machine: Machine, item: Value) -> str | None:
    """What ``item`` is, if it is surely none that a shape can have."""
    if isinstance(item, Const) and isinstance(item.value, str | float):
        return repr(item.value)
    items = items_of(machine, item)
    return None if items is None else f"a sequence of {len(items)}"


def sizes_or_shape(machine: Machine, values: tuple[Value, ...]) -> Shape:
    """The shape given as one sequence or as separate sizes (``reshape(2, 3)``, ``reshape((2, 3))``)."""
    return shape_argument(machine, values[0] if len(values) == 1 else TupleValue(values))


def as_int(value: Value | None) -> int | None:
    """``value`` as a known int; `None` when it is not known (or absent)."""
    if value is None:
        return None
    size = as_dim(value)
    return size if isinstance(size, int) else None


def int_or(args: Arguments, name: str, default: int) -> int | Maybe:
    """The int argument ``name``."""
    value = args.get(name)
    if value is None:
        return default
    found = as_int(value)
    return UNSURE if found is None else found


def optional_int(args: Arguments, name: str) -> int | Maybe | None:
    """The argument ``name``, which is an int or ``None``."""
    value = args.get(name)
    if is_none(value):
        return None
    found = as_int(value)
    return UNSURE if found is None else found


def axes_of(machine: Machine, value: Value | None) -> tuple[int, ...] | Maybe | None:
    """An ``axis=`` argument: an int or several; `None` means "all" (absent or ``None``)."""
    if is_none(value) or value is None:
        return None
    single = as_int(value) if not isinstance(value, TupleValue | Ref) else None
    if single is not None:
        return (single,)
    if not isinstance(value, TupleValue | Ref | TensorValue):
        return UNSURE
    found = as_shape(machine, value)
    axes = tuple(d for d in found.dims if isinstance(d, int))
    return UNSURE if found.open or len(axes) != len(found.dims) else axes


def flag(args: Arguments, name: str, default: bool) -> bool | Maybe:
    """The bool argument ``name``."""
    value = args.get(name)
    if value is None:
        return default
    if isinstance(value, Const) and isinstance(value.value, bool | int | None):
        return bool(value.value)
    return UNSURE


def text_of(args: Arguments, name: str, default: str) -> str | Maybe:
    """The string argument ``name``."""
    value = args.get(name)
    if value is None:
        return default
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else UNSURE


def _convert(machine: Machine, value: Value, dialect: Dialect, depth: int) -> TensorValue | None:
    if isinstance(value, TensorValue):
        return value
    if isinstance(value, OneOf):
        found = [_convert(machine, alternative, dialect, depth) for alternative in value.values]
        tensors = [item for item in found if item is not None]
        joined = join_all(tensors) if tensors and len(tensors) == len(found) else None
        return joined if isinstance(joined, TensorValue) else None
    python_type = scalar_type(value)
    if python_type is not None:
        data: object = None
        if isinstance(value, Const):
            data = value.value
        elif isinstance(value, SizeValue):
            data = value.dim
        spec = TensorSpec(Shape(()), default_dtype(python_type, dialect))
        return TensorValue(spec, "numpy" if dialect == "numpy" else "tensor", data, origin=machine.site)
    obj = machine.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, LibInstance):
        array = dict(obj.attributes).get(ARRAY_ATTRIBUTE)
        return array if isinstance(array, TensorValue) else None
    if isinstance(obj, ListObject) and obj.open and obj.rest is not None and depth:
        return _stacked_alike(machine, obj, dialect, depth)
    items = items_of(machine, value)
    return None if items is None or depth == 0 else _stacked(machine, items, dialect, depth)


def _stacked_alike(machine: Machine, obj: ListObject, dialect: Dialect, depth: int) -> TensorValue | None:
    """The array of a list of which only what one item looks like is known, and perhaps how many there are."""
    assert obj.rest is not None
    row = _convert(machine, obj.rest, dialect, depth - 1)
    if row is None:
        return None
    shape = row.spec.shape
    outer = UNKNOWN_SHAPE if shape.open else Shape((obj.count, *shape.dims))
    kind: TensorKind = "keras" if row.kind == "keras" else "numpy" if dialect == "numpy" else "tensor"
    return TensorValue(TensorSpec(outer, row.spec.dtype), kind, labels=row.labels, origin=machine.site)


def _stacked(machine: Machine, items: tuple[Value, ...], dialect: Dialect, depth: int) -> TensorValue | None:
    kind: TensorKind = "numpy" if dialect == "numpy" else "tensor"
    if not items:
        empty = TensorSpec(Shape((0,)), default_dtype(float, dialect))
        return TensorValue(empty, kind, (), origin=machine.site)
    rows: list[TensorValue] = []
    for item in items:
        row = _convert(machine, item, dialect, depth - 1)
        if row is None:
            return None
        rows.append(row)
    shape = rows[0].spec.shape
    for row in rows[1:]:
        met = meet(shape, row.spec.shape)
        if met is None:
            return None
        shape = met
    dtypes = [row.spec.dtype for row in rows]
    dtype = dtypes[0] if len(set(dtypes)) == 1 else promote(dtypes, dialect)
    if dialect == "keras" and is_integer(dtype) and all(row.kind == "numpy" for row in rows):
        # `ops.convert_to_tensor([uint8_array])` is int32; a list of tensors keeps their dtype (Keras 3.15.1).
        dtype = "int32"
    if dialect != "numpy" and dtype is None and {"int32", "float32"} >= set(dtypes):
        dtype = "float32"
    data = None
    if len(rows) * _count(shape) <= MAX_ITEMS and all(row.data is not None for row in rows):
        data = tuple(row.data for row in rows)
    kinds = {row.kind for row in rows}
    if "keras" in kinds:
        kind = "keras"
    elif kinds & {"tensor", "variable"} and dialect != "numpy":
        kind = "tensor"
    outer = UNKNOWN_SHAPE if shape.open else Shape((len(rows), *shape.dims))
    return TensorValue(TensorSpec(outer, dtype), kind, data, origin=machine.site)


def meet(a: Shape, b: Shape) -> Shape | None:
    """The shape of what must be alike; `None` when it differs for certain."""
    if a.open or b.open:
        return UNKNOWN_SHAPE
    if len(a.dims) != len(b.dims):
        return None
    sizes: list[Dim] = []
    for left, right in zip(a.dims, b.dims, strict=True):
        if dim.same(left, right) is False:
            return None
        sizes.append(left if isinstance(left, int) else right)
    return Shape(tuple(sizes))


def is_ragged(machine: Machine, value: Value, depth: int = MAX_DEPTH) -> bool:
    """Whether ``value`` is a nested list whose rows differ in shape for certain: no array can be made of it."""
    items = None if isinstance(value, TensorValue) else items_of(machine, value)
    if items is None or depth == 0:
        return False
    shape: Shape | None = None
    for item in items:
        if isinstance(item, OneOf):
            continue
        row = _convert(machine, item, "numpy", depth - 1)
        if row is None:
            if is_ragged(machine, item, depth - 1):
                return True
            continue
        met = row.spec.shape if shape is None or shape.open else meet(shape, row.spec.shape)
        if met is None:
            return True
        shape = met if not met.open else shape
    return False


def _entry(item: object) -> Dim:
    if item is DYNAMIC:
        return None
    return item if isinstance(item, int | SymDim) and not isinstance(item, bool) else ANY


def _count(shape: Shape) -> int:
    size = shape.size()
    return size if isinstance(size, int) else MAX_ITEMS + 1


def _without_data(value: TensorValue) -> TensorValue:
    return TensorValue(value.spec, value.kind, labels=value.labels, origin=value.origin)
