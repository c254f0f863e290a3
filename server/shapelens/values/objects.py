"""Objects on the interpreter's heap: what a `Ref` refers to. Immutable; a change replaces the object."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.names import AutoName, NameBase, NameCount, NameEpoch, NameTotal
from shapelens.values.value import Code, Lib, Ref, TensorValue, Value


@dataclass(frozen=True, slots=True)
class ListObject:
    """A list, set or deque, or an iterator over one.

    ``open``: there may be more items, each like ``rest``, ``count`` in all.
    """

    items: tuple[Value, ...] = ()
    open: bool = False
    rest: Value | None = None
    type_name: Literal["list", "set", "deque", "iterator"] = "list"
    count: Dim = ANY

    @property
    def length(self) -> Dim:
        """The number of items, as far as it is known."""
        return self.count if self.open else len(self.items)


@dataclass(frozen=True, slots=True)
class DictObject:
    """A dict, in insertion order. ``open``: there may be more entries. ``factory`` makes what is missing.

    ``owner`` is the object whose ``__dict__`` it is. ``perhaps`` are keys among the entries that may be missing, since
    only some paths set them: whoever reads one reads that value, or the program ends.
    """

    entries: tuple[tuple[Value, Value], ...] = ()
    open: bool = False
    factory: Value | None = None
    owner: Ref | None = None
    perhaps: tuple[Value, ...] = ()

    def get(self, key: Value) -> Value | None:
        """The value at ``key``, if it is there (see ``perhaps``)."""
        for known, value in self.entries:
            if known == key:
                return value
        return None

    def with_entry(self, key: Value, value: Value) -> DictObject:
        """The dict after ``d[key] = value``."""
        entries = {**dict(self.entries), key: value}
        return replace(self, entries=tuple(entries.items()), perhaps=tuple(k for k in self.perhaps if k != key))

    def without(self, key: Value) -> DictObject:
        """The dict after ``del d[key]``."""
        kept = tuple(entry for entry in self.entries if entry[0] != key)
        return replace(self, entries=kept, perhaps=tuple(k for k in self.perhaps if k != key))


@dataclass(frozen=True, slots=True)
class ModuleObject:
    """A module of the user's, interpreted: its globals are cells of the store under ``name``."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class ClassObject:
    """A class of the user's. ``bases`` are `Ref` (user's classes) or `Lib` (library classes)."""

    name: str
    code: Code
    bases: tuple[Value, ...]
    attributes: tuple[tuple[str, Value], ...] = ()
    keyword_fields: tuple[str, ...] = ()  # dataclass and named-tuple fields, in order


@dataclass(frozen=True, slots=True)
class InstanceObject:
    """An instance of a user's class; ``layer`` is its Keras side when the class is a Layer or Model.

    ``open``: there may be more attributes. ``perhaps`` are names among them that only some paths set.
    """

    cls: Ref
    attributes: tuple[tuple[str, Value], ...] = ()
    layer: LayerState | None = None
    model: ModelState | None = None
    origin: Span | None = None
    open: bool = False
    perhaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What a layer accepts for one input, as Keras's own ``InputSpec``."""

    ndim: int | None = None
    min_ndim: int | None = None
    max_ndim: int | None = None
    axes: tuple[tuple[int, int], ...] = ()
    shape: tuple[int | None, ...] | None = None
    allow_last_axis_squeeze: bool = False


@dataclass(frozen=True, slots=True)
class LayerState:
    """What a layer learns when it is built. ``params``: number of weights, `None` when unknown.

    ``input_specs`` are what later calls are checked against (one, or one for each input).
    ``made`` and ``name`` are the constructor's place and the ``name=`` argument, ``auto`` what Keras makes up.
    ``inputs``/``outputs`` are those of the last call. ``built_on`` are the inputs of the first, which built
    it, where that call had nothing but inputs.
    """

    name: str | None = None
    auto: AutoName | None = None
    made: Span | None = None
    built: bool = False
    params: int | None = None
    input_specs: tuple[InputSpec, ...] = ()
    inputs: SpecNest | None = None
    outputs: SpecNest | None = None
    built_on: SpecNest | None = None
    # Tensors of the last symbolic call: `layer.input`, `layer.output`.
    input_value: Value | None = None
    output_value: Value | None = None


@dataclass(frozen=True, slots=True)
class LayerObject:
    """A library layer: its canonical class name, and its bound constructor arguments with defaults."""

    class_name: str
    config: tuple[tuple[str, Value], ...]
    state: LayerState = field(default_factory=LayerState)

    def get(self, name: str) -> Value | None:
        """The constructor argument ``name`` (default included), if the class has it."""
        for known, value in self.config:
            if known == name:
                return value
        return None


@dataclass(frozen=True, slots=True)
class NodeObject:
    """One symbolic call of a layer, model or operation: how a `KerasTensor` came about.

    ``layer`` is the callee (`Ref` to a layer, model or instance; a `Lib` for an operation).
    ``args`` and ``kwargs`` are the call's arguments, ``inputs`` the symbolic tensors among them.
    """

    layer: Value
    inputs: tuple[Value, ...]
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]
    outputs: Value
    site: Span | None = None


@dataclass(frozen=True, slots=True)
class CompileState:
    """``model.compile``: its arguments as given, and where."""

    arguments: tuple[tuple[str, Value], ...]
    site: Span | None = None

    def get(self, name: str) -> Value | None:
        """The argument ``name``, if it was given."""
        return dict(self.arguments).get(name)


@dataclass(frozen=True, slots=True)
class ModelState:
    """The model side shared by Sequential, functional and subclassed models.

    ``inputs`` and ``outputs``: of an instance of a user's class that is a functional model.
    """

    compiled: CompileState | None = None
    inputs: Value | None = None
    outputs: Value | None = None


@dataclass(frozen=True, slots=True)
class SequentialObject:
    """A ``keras.Sequential``. ``declared``: the batch shape that its first layer declares, if any.

    ``outputs`` are the tensors after each layer once it is built (symbolic, ``inputs`` first);
    ``lost`` says why the list of layers is no longer known.
    """

    layers: tuple[Value, ...] = ()
    inputs: Value | None = None
    outputs: tuple[Value, ...] = ()
    declared: TensorSpec | None = None
    state: LayerState = field(default_factory=LayerState)
    model: ModelState = field(default_factory=ModelState)
    lost: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkUse:
    """How a network of ``keras.applications`` was made: what tells its layers when someone asks for them.

    ``variant`` and ``head`` select its table; ``classes`` and ``activation`` are those of its top;
    ``source`` is the tensor that its first layer is called on. ``names`` are the first made-up names of
    each kind within.
    """

    network: str
    variant: str
    head: str
    classes: Dim
    activation: Value
    source: TensorValue
    names: tuple[AutoName, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionalObject:
    """A ``keras.Model(inputs, outputs)``: nests of symbolic tensors. ``class_name`` for applications.

    ``network``: its layers are parts of this object (see `models/parts.py`).
    ``opaque_layers``: its layers are not known at all. ``arguments``: how an application was called.
    """

    inputs: Value
    outputs: Value
    state: LayerState = field(default_factory=LayerState)
    model: ModelState = field(default_factory=ModelState)
    class_name: str = "keras.Model"
    opaque_layers: bool = False
    network: NetworkUse | None = None
    arguments: tuple[tuple[str, Value], ...] = ()


# The attribute of a `LibInstance` that holds the array which it converts to (a frame, an image).
ARRAY_ATTRIBUTE = "__array__"


@dataclass(frozen=True, slots=True)
class LibInstance:
    """A library object with state that changes (a tokenizer, a scaler, a data frame)."""

    class_name: str
    attributes: tuple[tuple[str, Value], ...] = ()
    origin: Span | None = None


HEAP_OBJECTS = (
    ListObject,
    DictObject,
    ModuleObject,
    ClassObject,
    InstanceObject,
    LayerObject,
    NodeObject,
    SequentialObject,
    FunctionalObject,
    LibInstance,
    NameCount,
    NameTotal,
    NameEpoch,
    NameBase,
)
HeapObject: TypeAlias = (
    ListObject
    | DictObject
    | ModuleObject
    | ClassObject
    | InstanceObject
    | LayerObject
    | NodeObject
    | SequentialObject
    | FunctionalObject
    | LibInstance
    | NameCount
    | NameTotal
    | NameEpoch
    | NameBase
)

LAYER_BASE = Lib("keras.layers.Layer")
MODEL_BASE = Lib("keras.Model")
INPUT_LAYER = "keras.layers.InputLayer"
