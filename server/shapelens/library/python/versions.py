"""Versions as programs compare them: ``packaging.version``, ``distutils.version``."""

from __future__ import annotations

import re

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, TupleValue, Value

_RELEASE = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?$")


@function(
    "packaging.version.parse",
    "packaging.version.Version",
    "distutils.version.LooseVersion",
    "distutils.version.StrictVersion",
    "pkg_resources.parse_version",
    params="version, *rest",
)
def version(m: Machine, a: Arguments) -> Value:
    """A release: it compares as the tuple of its numbers, and names them."""
    text = a.values["version"]
    match = _RELEASE.match(text.value) if isinstance(text, Const) and isinstance(text.value, str) else None
    if match is None:
        raise NotKnown("which version this is, is not known")
    numbers = tuple(Const(int(number or 0)) for number in match.groups())
    return TupleValue(numbers, ("major", "minor", "micro"))
