"""Files, folders and the clock: what kind of thing they give is known, what it holds is not."""

from __future__ import annotations

import posixpath

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.objects import LibInstance, ListObject
from shapelens.values.value import NONE, Const, Opaque, TupleValue, Value

_FILE = "io.File"
# No path of a program is longer.
LONGEST = 4_096


@function(
    "builtins.open", "io.open", "codecs.open", "gzip.open",
    params="file, mode='r', *args, **kwargs",
)  # fmt: skip
def open_file(m: Machine, a: Arguments) -> Value:
    """An open file, of text or of bytes."""
    mode = a.values.get("mode", Const("r"))
    kind = "bytes" if isinstance(mode, Const) and "b" in str(mode.value) else "str"
    return m.alloc(LibInstance(_FILE, (("line", Opaque(kind)),), m.site))


def _line(m: Machine, a: Arguments) -> Value:
    return m.attribute(a.values["self"], "line")


@function(f"{_FILE}.read", f"{_FILE}.readline", params="self, size=-1, /")
def read(m: Machine, a: Arguments) -> Value:
    """Text, or bytes."""
    return _line(m, a)


@function(f"{_FILE}.readlines", f"{_FILE}.__iter__", params="self, hint=-1, /")
def lines(m: Machine, a: Arguments) -> Value:
    """Lines, any number of them."""
    return m.alloc(ListObject((), open=True, rest=_line(m, a)))


@function(f"{_FILE}.write", f"{_FILE}.close", f"{_FILE}.flush", f"{_FILE}.seek", params="self, *args")
@function("os.makedirs", "os.mkdir", "os.remove", "os.rename", "os.chdir", params="*args, **kwargs")
def nothing(m: Machine, a: Arguments) -> Value:
    """Nothing that a shape depends on."""
    return NONE


@function("os.listdir", params="path='.'")
@function("glob.glob", params="*args, **kwargs")
def names(m: Machine, a: Arguments) -> Value:
    """Names, any number of them."""
    return m.alloc(ListObject((), open=True, rest=Opaque("str")))


@function("os.walk", params="*args, **kwargs")
def walk(m: Machine, a: Arguments) -> Value:
    """Folders, each with the names of what is in it."""
    found = (m.alloc(ListObject((), open=True, rest=Opaque("str"))) for _ in range(2))
    return m.alloc(ListObject((), open=True, rest=TupleValue((Opaque("str"), *found))))


@function("os.path.exists", "os.path.isfile", "os.path.isdir", params="path")
def exists(m: Machine, a: Arguments) -> Value:
    """Yes or no."""
    return Opaque("bool")


@function("os.getcwd", params="*args")
def folder(m: Machine, a: Arguments) -> Value:
    """Text."""
    return Opaque("str")


def _of_paths(name: str, parts: int) -> None:
    compute = getattr(posixpath, name)

    @function(f"os.path.{name}", params="*paths")
    def rule(m: Machine, a: Arguments) -> Value:
        texts = [path.value for path in a.rest if isinstance(path, Const) and isinstance(path.value, str)]
        if texts and len(texts) == len(a.rest) and sum(map(len, texts)) < LONGEST:
            try:
                result = compute(*texts)
            except TypeError:
                raise NotKnown("this raises an error") from None
            return TupleValue(tuple(map(Const, result))) if parts else Const(result)
        return TupleValue((Opaque("str"),) * parts) if parts else Opaque("str")


# As it is where most programs run; on Windows other slashes come out.
for _name, _parts in {"join": 0, "basename": 0, "dirname": 0, "splitext": 2, "split": 2}.items():
    _of_paths(_name, _parts)


@function(
    "time.strftime", "tempfile.mkdtemp", "os.path.expanduser", "os.path.abspath", "os.path.realpath",
    "os.path.normpath", "re.sub", params="*args, **kwargs",
)  # fmt: skip
def text(m: Machine, a: Arguments) -> Value:
    """Text."""
    return Opaque("str")
