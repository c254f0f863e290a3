"""Dtype names, and which dtype an operation on several has (NumPy 2.4, TensorFlow 2.21, Keras 3.15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy

from shapelens.library.registry import Arguments
from shapelens.values.value import Const, Lib, LibObject, OneOf, Opaque, SizeValue, Value

Dialect: TypeAlias = Literal["numpy", "tensorflow", "keras"]

# A dtype's name, or the Python type of a scalar without a dtype of its own, or `None`: not known.
DTypeLike: TypeAlias = "str | type | None"

FLOATS = ("bfloat16", "float16", "float32", "float64")
_INTEGERS = ("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
NAMES = frozenset((*FLOATS, *_INTEGERS, "complex64", "complex128", "string", "str", "object"))
_PYTHON: dict[str, type] = {"bool": bool, "int": int, "float": float, "complex": complex, "str": str}
_NUMPY_OF_PYTHON = {bool: "bool", int: "int64", float: "float64", complex: "complex128", str: "str"}
_TENSOR_OF_PYTHON = {bool: "bool", int: "int32", float: "float32", complex: "complex128", str: "string"}
_CONTAINERS = frozenset(f"builtins.{name}" for name in ("list", "dict", "tuple", "set", "object"))
_ALIASES = {
    "bool_": "bool", "float_": "float64", "double": "float64", "single": "float32", "half": "float16",
    "int_": "int64", "intp": "int64", "longlong": "int64", "intc": "int32", "short": "int16",
    "byte": "int8", "ubyte": "uint8", "uint": "uint64", "object_": "object", "str_": "str", "str": "str",
    "complex": "complex128", "complex_": "complex128", "floating": "float64",
}  # fmt: skip


def dtype_of(value: Value | None, dialect: Dialect = "numpy") -> str | None:
    """The dtype that a ``dtype=`` argument names; `None` when it is absent or not known."""
    if isinstance(value, Const) and isinstance(value.value, str):
        return dtype_named(value.value, dialect)
    if isinstance(value, Lib):
        if value.name in _CONTAINERS and dialect == "numpy":
            return "object"
        return dtype_named(value.name.rpartition(".")[2], dialect)
    if isinstance(value, LibObject) and value.class_name == "numpy.dtype":
        return dtype_of(value.get("dtype"), dialect)
    return None


def dtype_given(args: Arguments, default: str | None, dialect: Dialect = "numpy") -> str | None:
    """The ``dtype`` argument, or ``default`` when it is absent or ``None``."""
    value = args.get("dtype")
    if value is None or (isinstance(value, Const) and value.value is None):
        return default
    return dtype_of(value, dialect)


def dtype_named(name: str, dialect: Dialect = "numpy") -> str | None:
    """The canonical name of a dtype spelled ``name``."""
    if name in ("float", "int"):
        return (_NUMPY_OF_PYTHON if dialect == "numpy" else _TENSOR_OF_PYTHON)[_PYTHON[name]]
    name = _ALIASES.get(name, name)
    if name in NAMES:
        return name
    if dialect != "numpy":
        return None
    try:
        found = numpy.dtype(name)
    except (TypeError, ValueError, SyntaxError):
        return None
    return "str" if found.kind == "U" else found.name if found.name in NAMES else None


def scalar_type(value: Value) -> type | None:
    """The Python type of a scalar that adapts to its partner's dtype."""
    if isinstance(value, Const) and isinstance(value.value, bool | int | float | complex | str):
        return type(value.value)
    if isinstance(value, SizeValue):
        return int
    if isinstance(value, OneOf):
        types = {scalar_type(alternative) for alternative in value.values}
        return types.pop() if len(types) == 1 else None
    return _PYTHON.get(value.type_name) if isinstance(value, Opaque) else None


def default_dtype(python_type: type | None, dialect: Dialect) -> str | None:
    """The dtype that a Python scalar gets when nothing else decides."""
    table = _NUMPY_OF_PYTHON if dialect == "numpy" else _TENSOR_OF_PYTHON
    return table.get(python_type) if python_type is not None else None


def is_float(dtype: str | None) -> bool:
    """Whether this is certainly a floating dtype."""
    return dtype in FLOATS


def is_integer(dtype: str | None) -> bool:
    """Whether this is certainly an integer dtype."""
    return dtype in _INTEGERS and dtype != "bool"


def item_bytes(dtype: str | None) -> int | None:
    """How many bytes an element of this dtype takes."""
    if dtype is None or dtype in ("string", "str", "object", "bfloat16"):
        return None
    return numpy.dtype(dtype).itemsize


def promote(dtypes: Sequence[DTypeLike], dialect: Dialect) -> str | None:
    """The dtype of a result of operands of these dtypes; `None` when it cannot be told."""
    if not dtypes or any(dtype is None for dtype in dtypes):
        return None
    if dialect == "numpy":
        return numpy_promote(dtypes)
    if dialect == "keras":
        return _keras_promote(dtypes)
    strong = [dtype for dtype in dtypes if isinstance(dtype, str)]
    if strong:
        return strong[0] if len(set(strong)) == 1 else None
    kinds = {dtype for dtype in dtypes if isinstance(dtype, type)}
    return default_dtype(max(kinds, key=[bool, int, float, complex, str].index), "tensorflow")


def numpy_promote(dtypes: Sequence[DTypeLike]) -> str | None:
    """NumPy's promotion, asked of NumPy."""
    operands: list[Any] = []
    for dtype in dtypes:
        if isinstance(dtype, type) and dtype is not str:
            operands.append(dtype(0))
        elif dtype in ("string", "str", "object", "bfloat16") or dtype is str or dtype is None:
            return "str" if all(other in ("str", str) for other in dtypes) else None
        else:
            operands.append(numpy.dtype(dtype))
    try:
        return str(numpy.result_type(*operands).name)
    except (TypeError, ValueError, OverflowError):
        return None


def ufunc_dtype(ufunc: numpy.ufunc, dtypes: Sequence[DTypeLike]) -> str | None:
    """The dtype of the first output of a NumPy ufunc, asked of NumPy."""
    operands: list[Any] = []
    for dtype in dtypes:
        if dtype is None or dtype in ("string", "str", "object", "bfloat16", str):
            return None
        weak = isinstance(dtype, type) and dtype is not bool
        operands.append(dtype if weak else numpy.dtype(dtype))
    if all(isinstance(operand, type) for operand in operands):
        operands = [numpy.dtype(operand) for operand in operands]
    try:
        resolved = ufunc.resolve_dtypes((*operands, *[None] * ufunc.nout))
    except (TypeError, ValueError):
        return None
    return str(resolved[ufunc.nin].name)


def _keras_promote(dtypes: Sequence[DTypeLike]) -> str | None:
    strong = [dtype for dtype in dtypes if isinstance(dtype, str)]
    weak = {dtype for dtype in dtypes if isinstance(dtype, type)}
    if any(dtype not in FLOATS and dtype not in _INTEGERS for dtype in strong) or weak - {bool, int, float}:
        return strong[0] if strong and len(set(strong)) == 1 and not weak else None
    floats = sorted({dtype for dtype in strong if dtype in FLOATS}, key=FLOATS.index)
    if floats:
        return "float32" if floats == ["bfloat16", "float16"] else floats[-1]
    if float in weak:
        return "float32"
    if int in weak and all(dtype == "bool" for dtype in strong):
        return "int32"
    if not strong:
        return "bool"
    found = numpy_promote(strong)
    return "float32" if found in FLOATS else found
