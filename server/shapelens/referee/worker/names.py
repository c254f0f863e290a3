"""Which public objects may be named in a question.

A name is walked through public modules only, from ``keras``, ``tensorflow`` or ``numpy``. What it ends in
must be a function, a class or a constant in a namespace of things that compute with tensors. So nothing is
reachable that reads files, runs code that it is given, or changes how the process works. Beside these there are
Python's operators, for operands of which one is a tensor, and methods of tensors, layers and models.
"""

from __future__ import annotations

import importlib
import inspect
import operator
import re
import types
from collections.abc import Callable
from typing import Any

from .libraries import Libraries
from .outcome import is_tensor
from .refused import Refused

# Namespaces whose functions and classes compute; ``""`` is the package itself.
NAMESPACES = {
    "keras": {
        *("activations", "applications", "backend", "constraints", "dtype_policies", "initializers", "layers"),
        *("losses", "metrics", "ops", "optimizers", "preprocessing", "random", "regularizers", "utils"),
    },
    "tensorflow": {
        *("", "bitwise", "dtypes", "image", "linalg", "math", "nn", "quantization", "ragged", "random", "sets"),
        *("signal", "sparse", "strings"),
    },
    "numpy": {"", "fft", "lib.stride_tricks", "linalg", "random"},
}
# What Keras has at its top is of all kinds: these make or describe tensors.
KERAS_TOP = {"DTypePolicy", "Input", "InputSpec", "KerasTensor", "Model", "Sequential", "Variable"}
# Functions that act on the process, on files, or make objects from their description. These are known by name: what
# a function does shows only when it has done it, and then the worker is another one. `guard` stops those that touch
# files, whatever they are called; tests/referee/acting.py calls all that may be named and finds no other that acts.
ACTS = re.compile(
    r"(set_(?!diag)|setbuf|seterr|reset_(?!shape)|seed|clear|enable|disable|[Rr]egister|deserialize|serialize|"
    r"from_config|load|save|get_(custom|file|registered|state|logger|global)|print|plot|show|test|legacy|manual|"
    r"custom_object|py_f|numpy_function|init_scope|function$|control_dep|import_|variable_creator|"
    r"from(file|txt|string|regex|pyfunc)|genfrom|memmap|source|info|lookfor|include|(get_)?default_session|"
    r".*_from_directory|.*_to_dot|unpack_x|DataSource|Module$|Graph$|GradientTape|TFSMLayer|TorchModuleWrapper|"
    r"FlaxLayer|JaxLayer|decode_predictions|download)",
)
# The functions of Python's operators in the module ``operator``, except those that need no tensor.
OPERATORS = {
    f"operator.{name}"
    for name in (
        *(
            "add",
            "and_",
            "eq",
            "floordiv",
            "ge",
            "getitem",
            "gt",
            "invert",
            "le",
            "lshift",
            "lt",
            "matmul",
            "mod",
            "mul",
        ),
        *("ne", "neg", "or_", "pos", "pow", "rshift", "setitem", "sub", "truediv", "xor"),
        *("iadd", "iand", "ifloordiv", "ilshift", "imatmul", "imod", "imul", "ior", "ipow", "irshift", "isub"),
        *("itruediv", "ixor"),
    )
}
# Classes of tensors, whose methods compute, and those of layers and models, of which these do.
TENSOR_CLASSES = {"numpy.ndarray", "tensorflow.Tensor", "tensorflow.Variable", "keras.KerasTensor"}
LAYER_CLASSES = {"keras.layers.Layer", "keras.Model", "keras.Sequential"}
LAYER_METHODS = {
    *("add", "build", "compile", "compute_output_shape", "count_params", "get_layer", "get_weights", "input"),
    *("output", "pop", "set_weights"),
}
LIBRARIES = {"keras", "tf_keras", "tensorflow", "numpy"}
# ``numpy.newaxis`` is `None`.
MISSING = object()


class Names:
    """Finds objects by name in the libraries that are there."""

    def __init__(self, libraries: Libraries) -> None:
        self._libraries = libraries
        self._found: dict[str, Any] = {}

    def find(self, name: str) -> Any:
        """The object; raises `Refused` for a name that is not public, and for one that is not there."""
        if name not in self._found:
            self._found[name] = self._walk(name)
        return self._found[name]

    def _walk(self, name: str) -> Any:
        root, *parts = name.split(".")
        check_name(name)
        if name in OPERATORS:
            return self._operator(getattr(operator, parts[0]))
        if is_method(name):
            return self._method(name)
        roots = self._libraries.roots(root)
        if not roots:
            raise Refused(f"{root} is not installed")
        candidates = (_reached(module, parts) for module in roots)
        found = next((found for found in candidates if found is not MISSING), MISSING)
        if found is MISSING:
            raise Refused(f"{name} does not exist in {self._libraries.version_of(root)}")
        if isinstance(found, types.ModuleType):
            raise Refused(f"{name} is a module")
        if callable(found) and not _of_a_library(found):
            raise Refused(f"{name} is not the library's own")
        return found

    def _operator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """An operator that takes tensors, or the item of a structure of them; what Python has of its own it refuses."""

        def apply(*operands: Any) -> Any:
            flat = [item for operand in operands for item in (operand if type(operand) in (list, tuple) else [operand])]
            if not any(is_tensor(self._libraries, item) for item in flat):
                raise Refused("no operand is a tensor")
            if function is operator.setitem and type(operands[0]) is not self._libraries.numpy.ndarray:
                # An array is the question's own; anything else may be the library's.
                raise Refused("what is changed is no array")
            return function(*operands)

        return apply

    def _method(self, name: str) -> Callable[..., Any]:
        """A method, or an attribute: then without arguments."""
        owner, _, attribute = name.rpartition(".")

        def apply(value: Any, *args: Any, **kwargs: Any) -> Any:
            keras = self._libraries.keras
            right = (
                isinstance(value, keras.layers.Layer) if owner in LAYER_CLASSES else is_tensor(self._libraries, value)
            )
            if not right or not hasattr(type(value), attribute):
                raise Refused(f"{name} is no method of this object")
            found = getattr(value, attribute)
            if callable(found):
                return found(*args, **kwargs)
            if args or kwargs:
                raise Refused(f"{name} is no function")
            return found

        return apply


def is_method(name: str) -> bool:
    """Whether this is the name of a method or an attribute of tensors, layers or models."""
    return name.rpartition(".")[0] in TENSOR_CLASSES | LAYER_CLASSES


def _reached(found: Any, parts: list[str]) -> Any:
    """What the parts lead to, through modules of the libraries; `MISSING` where they lead to nothing."""
    for index, part in enumerate(parts):
        if not isinstance(found, types.ModuleType) or found.__name__.split(".")[0] not in LIBRARIES:
            raise Refused(f"{'.'.join(parts)} is not reached through public modules")
        module = found
        found = getattr(module, part, MISSING)
        if found is MISSING and index < len(parts) - 1:
            found = _submodule(module, part)
        if found is MISSING:
            return MISSING
    return found


def check_name(name: str) -> None:
    """Raise `Refused` unless this may be the name of something that computes."""
    if name in OPERATORS:
        return
    root, *parts = name.split(".")
    if root not in NAMESPACES or not parts:
        raise Refused(f"{name} is no name of Keras, TensorFlow or NumPy")
    if not all(part.isidentifier() and not part.startswith("_") and part != "src" for part in parts):
        raise Refused(f"{name} is not public")
    if is_method(name):
        owner, _, attribute = name.rpartition(".")
        if ACTS.match(attribute) if owner in TENSOR_CLASSES else attribute not in LAYER_METHODS:
            raise Refused(f"{name} does more than compute")
        return
    namespace = ".".join(parts[:-1]) if root == "numpy" else parts[0] if len(parts) > 1 else ""
    at_top = root == "keras" and not namespace
    if (parts[0] not in KERAS_TOP) if at_top else (namespace not in NAMESPACES[root]):
        raise Refused(f"{name} is not about shapes")
    if ACTS.match(parts[-1]):
        raise Refused(f"{name} does more than compute")


def _submodule(module: types.ModuleType, part: str) -> Any:
    try:
        return importlib.import_module(f"{module.__name__}.{part}")
    except ImportError:
        return MISSING


def _of_a_library(found: Any) -> bool:
    home = getattr(inspect.unwrap(found), "__module__", None) or type(found).__module__
    return home.split(".")[0] in {*LIBRARIES, "builtins"}
