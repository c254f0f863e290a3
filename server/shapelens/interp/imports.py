"""Imports: known libraries by canonical name, the user's own modules interpreted, the rest unknown."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shapelens.interp import attributes, consult, naming
from shapelens.interp.control import Frame, OutOfFuel, ProgramRaised
from shapelens.interp.result import NO_VALUES, Cell, Content, Deferred
from shapelens.interp.scopes import MODULE_CELL, STAR_IMPORTS, bind, cell_for, variable
from shapelens.interp.store import Store
from shapelens.names import modules, resolve
from shapelens.names.canonical import KNOWN_ROOTS, canonical
from shapelens.names.modules import Found, Import
from shapelens.text.unit import Unit
from shapelens.values.names import NameCount, NameEpoch
from shapelens.values.objects import ModuleObject
from shapelens.values.value import Address, FunctionValue, Lib, Ref, TupleValue, Unknown, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

# More modules than these, and steps in them, are not worth a keystroke.
MAX_MODULES = 256
MAX_MODULE_STEPS = 400_000


def execute_import(m: Interpreter, node: ast.Import) -> None:
    """``import a.b as c``."""
    for alias in node.names:
        if alias.asname is not None:
            question = Import(alias.name, 0, m.frame.path)
            bind(m, alias.asname, module(m, question))
        else:
            root, _, rest = alias.name.partition(".")
            bind(m, root, module(m, Import(root, 0, m.frame.path)))
            if rest:
                module(m, Import(alias.name, 0, m.frame.path))


def execute_import_from(m: Interpreter, node: ast.ImportFrom) -> None:
    """``from a import b as c``."""
    question = Import(node.module or "", node.level, m.frame.path)
    if _can_wait(m, node, question):
        for alias in node.names:
            m.state.set((m.frame.module, alias.asname or alias.name), Deferred(question, alias.name))
        return
    source = module(m, question)
    for alias in node.names:
        if alias.name == "*":
            _star(m, source)
        else:
            bind(m, alias.asname or alias.name, _imported(m, source, question, alias.name))


def _can_wait(m: Interpreter, node: ast.ImportFrom, question: Import) -> bool:
    """Whether a module's import from another one is put off until somebody needs a name of it.

    A package's ``__init__`` imports all there is in the package, of which a program uses little.
    """
    if not m.frame.is_module or m.frame.module == m.frames[0].module or m.tries:
        return False
    found = find(m, question)
    return found is not None and found.path is not None and all(alias.name != "*" for alias in node.names)


def needed(m: Interpreter, cell: Cell, deferred: Deferred) -> Value:
    """What a variable of a module holds whose import was put off."""
    # `from . import layers` in a package asks the package itself: then it is a submodule.
    m.state.load(cell, None)
    source = module(m, deferred.question)
    value = source if deferred.attribute is None else _imported(m, source, deferred.question, deferred.attribute)
    m.state.load(cell, value)
    return value


def _imported(m: Interpreter, module: Value, question: Import, attribute: str) -> Value:
    """``attribute`` of ``module``; where its own text does not show it, jedi says where it is defined."""
    value = attributes.get_attribute(m, module, attribute)
    if not isinstance(value, Unknown) or not isinstance(module, Ref) or question.level > 0:
        return value
    defined = resolve.definition(question.name, attribute, question.importer)
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
            if isinstance(content, Deferred):
                m.state.set(cell_for(m.frame, m, name), content)
            elif content is not None and not isinstance(content, NO_VALUES):
                bind(m, name, content)


def module(m: Interpreter, question: Import) -> Value:
    """The module that an import means."""
    found = find(m, question)
    if found is None:
        naming.imported_unknown(m, question.name)
        return Unknown(f"the module `{question.name}` is not found")
    if found.path is None:
        consult.heed_import(m, found.module)
        naming.imported_unknown(m, found.module)
        return Lib(canonical(found.module))
    return load_module(m, found.module, found.path)


def from_kerass_text(m: Interpreter, name: str) -> FunctionValue | None:
    """A function of a module of `keras.applications` that is not public, by its canonical name.

    These modules are programs like any other: the networks that a rule knows by name are made with functions
    (``resnet.ResNet``, ``resnet.stack_residual_blocks_v2``) that others are made with, too.
    """
    package, _, rest = name.partition(".applications.")
    module_name, _, attribute = rest.partition(".")
    if package != "keras" or "." in attribute or not attribute or m.versions.family != 3:
        return None
    init = modules.keras_init("applications")
    if init is None:
        return None
    found = find(m, Import(module_name, 0, init, "keras.applications"))
    if found is None or found.path is None:
        return None
    value = attributes.get_attribute(m, load_module(m, found.module, found.path), attribute)
    return value if isinstance(value, FunctionValue) else None


def find(m: Interpreter, question: Import) -> Found | None:
    """Where a module is. The answer is one of the unit's reads: files change as variables do."""
    if question.level == 0 and question.package is None and question.name.partition(".")[0] in KNOWN_ROOTS:
        return Found(question.name)
    if question not in m.imports:
        m.imports[question] = modules.find(question)
    return m.imports[question]


def load_module(m: Interpreter, name: str, path: str) -> Value:
    """A module of the user's, interpreted when it is first needed."""
    known = variable(m, (name, MODULE_CELL))
    if known is not None:
        return known
    loaded = sum(1 for unit in m.units if isinstance(unit, str))
    units = modules.units_of(name, path)
    if units is None or loaded >= MAX_MODULES or m.spent_on_modules > MAX_MODULE_STEPS:
        naming.lose(m)
        return Unknown(f"the module `{name}` cannot be read")
    for unit in units:
        m.units[unit.uid] = unit
    with _loading(m, name, units[0].uid if units else name):
        ref = m.alloc(ModuleObject(name, path))
        # Set before it runs: a module may import itself.
        m.state.set((name, MODULE_CELL), ref)
        for unit in units:
            _run_unit(m, name, path, unit)
    return ref


@contextmanager
def _loading(m: Interpreter, name: str, uid: int | str) -> Iterator[None]:
    """Interpret a module: with fuel and a count of objects of its own, and for every path of the program.

    So what it holds is the same wherever in a program, and on which path, it is first needed.
    """
    around, m.store = m.state, _beneath(m.state)
    tries, m.tries = m.tries, []
    maker = m.maker
    m.make_for(uid)
    spent, m.spent = m.spent, 0
    last, m.last = m.last, m.store
    try:
        yield
    finally:
        inner, m.store = m.state, around
        m.tries, m.maker, m.last = tries, maker, last
        m.spent_on_modules += m.spent
        m.spent = spent
        for cell, content in inner.overlay.items():
            home = cell.unit if isinstance(cell, Address) else cell[0] if isinstance(cell, tuple) else None
            if home in (uid, name) or (isinstance(home, Address) and home.unit == uid):
                around.load(cell, content)
            else:
                around.set(cell, content)


def _beneath(store: Store) -> Store:
    """A state on top of another one, whose own changes are told apart; made-up names are counted on."""
    counts: dict[Cell, Content | None] = {
        cell: content for cell, content in store.overlay.items() if isinstance(content, NameCount | NameEpoch)
    }
    return Store(store, {}, counts, store.loaded)


def _run_unit(m: Interpreter, name: str, path: str, unit: Unit) -> None:
    before = m.state
    with m.in_frame(Frame(name, name, unit, path=path)):
        m.trail.append(m.site)
        try:
            m.execute(unit.statements)
        except (ProgramRaised, OutOfFuel):
            pass
        finally:
            m.trail.pop()
            if m.store is None:
                m.store = before
