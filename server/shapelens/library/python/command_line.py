"""``argparse``: what a program gets when it is run without arguments (Python 3.11)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.objects import LibInstance, ListObject
from shapelens.values.value import FALSE, NONE, TRUE, Const, Ref, TupleValue, Unknown, Value

_PARSER = "argparse.ArgumentParser"
_NAMESPACE = "argparse.Namespace"
GIVEN = "it is given on the command line"


@function(_PARSER, params="*args, **kwargs")
def parser(m: Machine, a: Arguments) -> Value:
    """A parser; its attributes are the defaults of what was added to it."""
    return m.alloc(LibInstance(_PARSER, (), m.site))


@function(f"{_PARSER}.add_argument_group", f"{_PARSER}.add_mutually_exclusive_group", params="self, *args, **kwargs")
def group(m: Machine, a: Arguments) -> Value:
    """What is added to a group is added to the parser."""
    return a.values["self"]


@function(f"{_PARSER}.add_argument", params="self, *names, **options")
def add_argument(m: Machine, a: Arguments) -> Value:
    """One more argument, with its default."""
    names = [name.value for name in a.rest if isinstance(name, Const) and isinstance(name.value, str)]
    if len(names) != len(a.rest) or not names:
        raise NotKnown("the argument's name is not known")
    named = a.extra.get("dest")
    long = next((name for name in names if name.startswith("--")), names[0])
    name = named.value if isinstance(named, Const) and isinstance(named.value, str) else long.lstrip("-")
    _remember(m, a.values["self"], {name.replace("-", "_"): _default(m, a, not long.startswith("-"))})
    return NONE


def _default(m: Machine, a: Arguments, positional: bool) -> Value:
    action = a.extra.get("action")
    given = a.extra.get("default")
    if (positional and given is None) or a.extra.get("required") == TRUE or not isinstance(action, Const | None):
        return Unknown(GIVEN)
    if given is None:
        return {"store_true": FALSE, "store_false": TRUE}.get(str(action.value), NONE) if action else NONE
    kind = a.extra.get("type")
    # A default that is text goes through `type`, as what is typed does; others are taken as they are.
    if kind is not None and isinstance(given, Const) and isinstance(given.value, str):
        return m.call(kind, (given,), {})
    return given


@function(f"{_PARSER}.set_defaults", params="self, **defaults")
def set_defaults(m: Machine, a: Arguments) -> Value:
    """Defaults by name."""
    _remember(m, a.values["self"], dict(a.extra))
    return NONE


def _remember(m: Machine, ref: Value, defaults: dict[str, Value]) -> None:
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if isinstance(ref, Ref) and isinstance(obj, LibInstance):
        m.write(ref, replace(obj, attributes=tuple({**dict(obj.attributes), **defaults}.items())))


@function(f"{_PARSER}.parse_args", params="self, args=None, namespace=None")
def parse_args(m: Machine, a: Arguments) -> Value:
    """The defaults; what is typed after the program's name is not known when it is written."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    given = a.get("args")
    if not isinstance(obj, LibInstance) or (given is not None and given != NONE and m.items(given) != ()):
        raise NotKnown(GIVEN)
    return m.alloc(LibInstance(_NAMESPACE, obj.attributes, m.site))


@function(f"{_PARSER}.parse_known_args", params="self, args=None, namespace=None")
def parse_known_args(m: Machine, a: Arguments) -> Value:
    """The defaults, and what was not understood."""
    return TupleValue((parse_args(m, a), m.alloc(ListObject())))
