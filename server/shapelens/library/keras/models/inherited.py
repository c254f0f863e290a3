"""Classes of the user's that inherit from a layer of Keras's own: the layer that is inside of each instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from shapelens.library.keras.models.layers import construct, is_library_layer
from shapelens.library.machine import Machine
from shapelens.values.objects import LAYER_BASE, ClassObject, InstanceObject
from shapelens.values.value import Lib, Ref, Value

# The attribute of an instance that holds that layer.
INNER = "\0layer"
# Methods that decide the output's shape, and that a class which overrides them decides for itself.
DECISIVE = ("call", "convolution_op", "compute_output_shape")


def make_inner(m: Machine, ref: Ref, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> None:
    """Make the layer for an instance whose ``super().__init__(...)`` is called with these arguments."""
    obj = m.read(ref)
    base = _library_base(m, obj.cls) if isinstance(obj, InstanceObject) else None
    # Quietly: the instance has a name, the layer inside takes none.
    with m.quiet():
        made = None if base is None else construct(m, base, args, kwargs)
    if isinstance(obj, InstanceObject) and isinstance(made, Ref):
        others = tuple(pair for pair in obj.attributes if pair[0] != INNER)
        m.write(ref, replace(obj, attributes=((INNER, made), *others)))


def inner_layer(obj: InstanceObject) -> Ref | None:
    """The layer inside of an instance."""
    found = dict(obj.attributes).get(INNER)
    return found if isinstance(found, Ref) else None


def called_layer(m: Machine, obj: InstanceObject) -> Ref | None:
    """The layer inside of an instance, where a call of the instance is a call of that layer."""
    inner = inner_layer(obj)
    own = {name for cls in _classes(m, obj.cls) for name, _ in cls.attributes}
    return None if inner is None or own.intersection(DECISIVE) else inner


def _classes(m: Machine, cls: Value, depth: int = 0) -> Iterator[ClassObject]:
    obj = m.read(cls) if isinstance(cls, Ref) and depth < MAX_BASES else None
    if isinstance(obj, ClassObject):
        yield obj
        for base in obj.bases:
            yield from _classes(m, base, depth + 1)


MAX_BASES = 16


def _library_base(m: Machine, cls: Value) -> str | None:
    for found in _classes(m, cls):
        for base in found.bases:
            if isinstance(base, Lib) and base != LAYER_BASE and is_library_layer(m, base.name):
                return base.name
    return None
