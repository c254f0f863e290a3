"""Reading a layer's constructor arguments, which may be known, partly known or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from shapelens.library.machine import Machine
from shapelens.shapes.dims import ANY, Dim, SymDim
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import Const, Lib, Ref, SizeValue, TensorValue, TupleValue, Value

Config = Mapping[str, Value]


class Unsure(Enum):
    """The type of `UNSURE`: there is a value, but it is not known."""

    UNSURE = "unsure"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false")


UNSURE: Final = Unsure.UNSURE


class NumpyInt(int):
    """A NumPy integer: a number like any other, but no ``int`` to Keras where it asks for one."""


def plain(machine: Machine, value: Value | None) -> object:
    """``value`` as a Python literal (lists, tuples and dicts may contain `UNSURE`), or `UNSURE`.

    A symbolic size is its `SymDim`; an absent argument is None.
    """
    if value is None:
        return None
    if isinstance(value, Const):
        return NumpyInt(value.value) if value.numpy and isinstance(value.value, int) else value.value
    if isinstance(value, TupleValue):
        return tuple(plain(machine, item) for item in value.items)
    if isinstance(value, SizeValue):
        return value.dim
    if isinstance(value, Ref):
        target = machine.read(value)
        if isinstance(target, ListObject) and not target.open and target.type_name == "list":
            return [plain(machine, item) for item in target.items]
        if isinstance(target, DictObject) and not target.open:
            keys = [plain(machine, key) for key, _ in target.entries]
            if all(isinstance(key, (str, int)) for key in keys):
                items = zip(keys, target.entries, strict=True)
                return {key: plain(machine, entry[1]) for key, entry in items}
    return UNSURE


def size_of(machine: Machine, value: Value | None) -> Dim:
    """``value`` as a size: an int, a symbolic size, or `ANY` when it is not known (never `None`)."""
    if isinstance(value, Const):
        return int(value.value) if isinstance(value.value, int) else ANY
    if isinstance(value, SizeValue):
        return value.dim
    if isinstance(value, TensorValue) and isinstance(value.data, int) and value.spec.shape.rank == 0:
        return value.data
    return ANY


def size(machine: Machine, config: Config, name: str) -> Dim:
    """The argument ``name`` as a size."""
    return size_of(machine, config.get(name))


def dims_of(machine: Machine, value: Value | None) -> tuple[Dim, ...] | None:
    """A sequence of sizes whose length is known, or `None`. An item that is None stays dynamic."""
    items = items_of(machine, value)
    if items is None:
        return None
    return tuple(None if absent(item) else size_of(machine, item) for item in items)


def sizes(machine: Machine, config: Config, name: str, count: int) -> tuple[Dim, ...]:
    """An argument that is one size for all axes, or one for each: always ``count`` sizes."""
    value = config.get(name)
    single = size_of(machine, value)
    if single is not ANY:
        return (single,) * count
    many = dims_of(machine, value)
    if many is None or len(many) != count:
        return (ANY,) * count
    return tuple(ANY if dim is None else dim for dim in many)


def absent(value: Value | None) -> bool:
    """Whether an argument was not given, or given as None."""
    return value is None or (isinstance(value, Const) and value.value is None)


def flag(machine: Machine, config: Config, name: str) -> bool | None:
    """Whether the argument ``name`` is true; `None` when that cannot be told."""
    value = config.get(name)
    if value is None:
        return False
    if isinstance(value, Const):
        return bool(value.value)
    return machine.truth(value)


def text(config: Config, name: str) -> str | None:
    """The string argument ``name``, or `None` when it is not a known string."""
    value = config.get(name)
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


# Set where names of one's own may be known to Keras.
CUSTOM_OBJECTS = "custom objects"
# The global setting that layers take for their `data_format` when they are given none.
DATA_FORMAT = "image_data_format"


def channels_first(config: Config) -> bool | None:
    """Whether ``data_format`` puts channels before space; `None` when that cannot be told.

    When it is not given, Keras's own default, channels last, is assumed.
    """
    value = config.get("data_format")
    if absent(value):
        return False
    found = text(config, "data_format")
    return None if found is None else found.lower() == "channels_first"


def compute_dtype(config: Config) -> str | None:
    """The dtype that the layer computes in, and that most layers give their outputs."""
    value = config.get("dtype")
    if absent(value):
        return "float32"
    if isinstance(value, Lib):
        return value.name.rpartition(".")[2]
    name = text(config, "dtype")
    if name is not None and name.startswith("mixed_"):
        return name.removeprefix("mixed_")
    return name


def value_of(sizes: Dim | tuple[Dim, ...]) -> Value:
    """One size, or several, as the argument that stands for them."""
    if isinstance(sizes, tuple):
        return TupleValue(tuple(map(value_of, sizes)))
    return SizeValue(sizes) if isinstance(sizes, SymDim) else Const(sizes)


def is_int(value: object) -> bool:
    """Whether Python takes ``value`` for an int (a bool is one; a symbolic size stands for one)."""
    return isinstance(value, (int, SymDim))


def plain_text(value: Value | None) -> str | None:
    """A constant as text, or `None`."""
    return str(value.value) if isinstance(value, Const) else None


def items_of(machine: Machine, value: Value | None) -> tuple[Value, ...] | None:
    """The items of a tuple or list, if every one is known."""
    if isinstance(value, TupleValue):
        return value.items
    return machine.items(value) if value is not None and not isinstance(value, Const) else None
