"""``os.environ``, as far as it says which Keras a program means."""

from __future__ import annotations

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.value import NONE, Const, Unknown, Value

# TensorFlow 2.16 and later then take `tf_keras` for `tf.keras` (read in tensorflow/python/util/lazy_loader).
ENVIRONMENT = "environment: "
LEGACY = Const("TF_USE_LEGACY_KERAS")


@function("os.environ.__setitem__", "os.putenv", params="key, value")
def set_variable(m: Machine, a: Arguments) -> Value:
    """``os.environ["TF_USE_LEGACY_KERAS"] = "1"``."""
    _heed(m, a)
    key = a.values["key"]
    if isinstance(key, Const):
        m.set_setting(f"{ENVIRONMENT}{key.value!s}", a.values["value"])
    return NONE


@function("os.environ.setdefault", params="key, value")
def set_default(m: Machine, a: Arguments) -> Value:
    """As above; what it returns depends on the environment."""
    _heed(m, a)
    return Unknown("the environment is not known")


@function("os.environ.get", "os.getenv", params="key, default=None")
def get_variable(m: Machine, a: Arguments) -> Value:
    """What the program set, or else the default that it names: as for the arguments of its command line."""
    key, default = a.values["key"], a.get("default")
    given = m.setting(f"{ENVIRONMENT}{key.value!s}") if isinstance(key, Const) else None
    if given is not None:
        return given
    return default if isinstance(default, Const) and default != NONE else Unknown("the environment is not known")


def _heed(m: Machine, a: Arguments) -> None:
    if a.values["key"] == LEGACY and a.values["value"] in (Const("1"), Const("true"), Const("True")):
        m.use_keras(2)
