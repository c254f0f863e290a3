"""Imports: known libraries by canonical name, the user's own modules interpreted, the rest unknown."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from shapelens.interp import attributes, consult, naming
from shapelens.interp.control import Frame, ProgramRaised
from shapelens.interp.result import NO_VALUES
from shapelens.interp.scopes import STAR_IMPORTS, bind, variable
from shapelens.names import modules, resolve
from shapelens.names.canonical import KNOWN_ROOTS, canonical
from shapelens.names.modules import Found, Import
from shapelens.text.unit import Unit
from shapelens.values.objects import ModuleObject
from shapelens.values.value import Lib, Ref, TupleValue, Unknown, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

# A module of the user's: units of more modules than this are not worth a keystroke.
MAX_MODULES = 24
MODULE_CELL = "__module__"


def execute_import(m: Interpreter, node: ast.Import) -> None:
    """``import a.b as c``."""
    for alias in node.names:
        if alias.asname is not None:
            bind(m, alias.asname, _module(m, alias.name, 0))
        else:
            root, _, rest = alias.name.partition(".")
            bind(m, root, _module(m, root, 0))
            if rest:
                _module(m, alias.name, 0)


def execute_import_from(m: Interpreter, node: ast.ImportFrom) -> None:
    """``from a import b as c``."""
    module = _module(m, node.module or "", node.level)
    for alias in node.names:
        if alias.name == "*":
            _star(m, module)
        else:
            bind(m, alias.asname or alias.name, _imported(m, module, node.module or "", node.level, alias.name))


def _imported(m: Interpreter, module: Value, name: str, level: int, attribute: str) -> Value:
    """``attribute`` of ``module``; where its own text does not show it, jedi says where it is defined."""
    value = attributes.get_attribute(m, module, attribute)
    if not isinstance(value, Unknown) or not isinstance(module, Ref) or level > 0:
        return value
    defined = resolve.definition(name, attribute, m.frame.path)
    if defined is None:
        return value
    home, path, original = defined
    if home.partition(".")[0] in KNOWN_ROOTS:
        return attributes.library_attribute(home, original)
    return attributes.get_attribute(m, load_module(m, home, path), original)


def _star(m: Interpreter, module: Value) -> None:
    if isinstance(module, Lib):
        cell = (m.frame.module, STAR_IMPORTS)
        known = variable(m, cell)
        items = known.items if isinstance(known, TupleValue) else ()
        m.state.set(cell, TupleValue((*items, module)))
    elif isinstance(module, Ref):
        obj = m.read(module)
        assert isinstance(obj, ModuleObject)
        for name in modules.public_names(obj.path):
            content = m.state.get((obj.name, name))
            if content is not None and not isinstance(content, NO_VALUES):
                bind(m, name, content)


def _module(m: Interpreter, name: str, level: int) -> Value:
    """The module ``name``, relative to the present one when ``level`` is above 0."""
    found = find(m, Import(name, level, m.frame.path))
    if found is None:
        naming.imported_unknown(m, name)
        return Unknown(f"the module `{name}` is not found")
    if found.path is None:
        consult.heed_import(m, found.module)
        naming.imported_unknown(m, found.module)
        return Lib(canonical(found.module))
    return load_module(m, found.module, found.path)


def find(m: Interpreter, question: Import) -> Found | None:
    """Where a module is. The answer is one of the unit's reads: files change as variables do."""
    if question.level == 0 and question.package is None and question.name.partition(".")[0] in KNOWN_ROOTS:
        return Found(question.name)
    if question not in m.imports:
        m.imports[question] = modules.find(question)
    return m.imports[question]


def load_module(m: Interpreter, name: str, path: str) -> Value:
    """A module of the user's, interpreted on its first import."""
    known = variable(m, (name, MODULE_CELL))
    if known is not None:
        return known
    loaded = sum(1 for unit in m.units if isinstance(unit, str))
    units = modules.units_of(name, path)
    if units is None or loaded >= MAX_MODULES:
        naming.lose(m)
        return Unknown(f"the module `{name}` cannot be read")
    ref = m.alloc(ModuleObject(name, path))
    # Set before it runs: a module may import itself.
    m.state.set((name, MODULE_CELL), ref)
    for unit in units:
        m.units[unit.uid] = unit
    tries, m.tries = m.tries, []
    try:
        for unit in units:
            _run_unit(m, name, path, unit)
    finally:
        m.tries = tries
    return ref


def _run_unit(m: Interpreter, name: str, path: str, unit: Unit) -> None:
    before = m.state
    with m.in_frame(Frame(name, name, unit, path=path)):
        m.trail.append(m.site)
        try:
            m.execute(unit.statements)
        except ProgramRaised:
            pass
        finally:
            m.trail.pop()
            if m.store is None:
                m.store = before
