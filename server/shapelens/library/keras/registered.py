"""Names that a program, or a module that is not seen, may have given to functions of its own.

Keras takes them wherever it takes the name of an activation, regularizer and so on (3.15.1).
"""

from __future__ import annotations

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.objects import DictObject
from shapelens.values.value import TRUE, Value

# The setting that says so.
REGISTERED = "names were registered"


@function(
    *(
        f"keras.{module}.{name}"
        for module in ("saving", "utils")
        for name in (
            "get_custom_objects",
            "register_keras_serializable",
            "custom_object_scope",
            "CustomObjectScope",
        )
    ),
    params="*args, **kwargs",
)
def registering(m: Machine, a: Arguments) -> Value:
    """``get_custom_objects().update(...)``, ``@register_keras_serializable()``, ``with custom_object_scope(...):``."""
    m.set_setting(REGISTERED, TRUE)
    return m.alloc(DictObject((), open=True))
