"""Offering to state in a comment what ShapeLens cannot know: where a global variable's shape was lost."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.engine.analysis import NO_VALUES, Analysis, Range
from shapelens.engine.analyze import MODULE, Interpreter
from shapelens.engine.fixes import Edit, Fix, is_sound
from shapelens.ide.models import model_table
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.text.unit import Unit
from shapelens.values.value import Unknown

# Says nothing, so that it is right until somebody fills it in.
NOTHING_KNOWN = "(...)"
# Methods of a model that take its inputs first.
_FED = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


def stating(
    analysis: Analysis, place: Range, *, path: str | None = None, interpreter: Interpreter | None = None
) -> list[Fix]:
    """A comment for the assignment at ``place`` whose variables are unknown, and used later on.

    Where a model gets one of them, the comment has the shape that the model takes, unless that does not work.
    """
    unit = analysis.layout.unit_at(place.start)
    if unit is None or unit.error is not None:
        return []
    start = analysis.layout.start_by_uid[unit.uid]
    for statement in unit.statements:
        first, last = unit.range_of(statement)
        here = start + first <= place.end and place.start <= start + last
        if not here or not isinstance(statement, ast.Assign) or statement.end_lineno in unit.shape_comments:
            continue
        lost = [name for name in _bound(statement) if _is_lost(name, unit, analysis)]
        lost = [name for name in lost if any(_readers(name, unit, analysis))]
        # Something else on the line would be taken for what the comment speaks of.
        if lost and _ends_the_line(unit, last):
            offset = start + last
            fixes = [_fix(statement, lost, offset, shapes) for shapes in _choices(lost, unit, analysis)]
            return [f for f in fixes if is_sound(analysis, f.edits, path=path, interpreter=interpreter)][:1]
    return []


def _bound(statement: ast.Assign) -> Iterator[str]:
    for target in statement.targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _is_lost(name: str, unit: Unit, analysis: Analysis) -> bool:
    known = analysis.memo.units.get(unit.uid)
    return known is not None and isinstance(known[1].writes.get((MODULE, name)), Unknown)


def _readers(name: str, unit: Unit, analysis: Analysis) -> Iterator[Unit]:
    """The statements after ``unit`` that use a global variable."""
    units = analysis.layout.units
    for later in units[units.index(unit) + 1 :]:
        known = analysis.memo.units.get(later.uid)
        if known is not None and (MODULE, name) in known[1].reads:
            yield later


def _ends_the_line(unit: Unit, offset: int) -> bool:
    rest = unit.text[offset : unit.end_of_line(offset)].strip()
    return not rest


def _choices(lost: list[str], unit: Unit, analysis: Analysis) -> Iterator[dict[str, str]]:
    expected = {name: text for name in lost if (text := _taken_by_a_model(name, unit, analysis)) is not None}
    if expected:
        yield {name: expected.get(name, NOTHING_KNOWN) for name in lost}
    yield dict.fromkeys(lost, NOTHING_KNOWN)


def _taken_by_a_model(name: str, unit: Unit, analysis: Analysis) -> str | None:
    """The shape of the input of the first model that ``name`` is given to."""
    for reader in _readers(name, unit, analysis):
        for node in (node for statement in reader.statements for node in ast.walk(statement)):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(model), attr=method), args=[ast.Name(fed), *_]):
                    taken = _taken(model, analysis) if fed == name and method in _FED else None
                case ast.Call(func=ast.Name(model), args=[ast.Name(fed), *_]) if fed == name:
                    taken = _taken(model, analysis)
                case _:
                    continue
            if taken is not None:
                return _text(taken)
    return None


def _taken(model: str, analysis: Analysis) -> Shape | None:
    """The shape of the one input of the model that a global variable is."""
    value = analysis.state.get((MODULE, model))
    table = model_table(value, analysis.state) if value is not None and not isinstance(value, NO_VALUES) else None
    inputs = table.inputs if table is not None else None
    return inputs.shape if isinstance(inputs, TensorSpec) and not inputs.shape.open else None


def _text(shape: Shape) -> str:
    sizes = ["n", *(str(size) if isinstance(size, int) else "_" for size in shape.dims[1:])]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def _fix(statement: ast.Assign, lost: list[str], offset: int, shapes: dict[str, str]) -> Fix:
    alone = len(lost) == 1 and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name)
    stated = shapes[lost[0]] if alone else ", ".join(f"{name} {shapes[name]}" for name in lost)
    names = ", ".join(f"`{name}`" for name in lost)
    known = any(shape != NOTHING_KNOWN for shape in shapes.values())
    title = f"State that {names} has shape {stated}" if known and alone else f"State the shape of {names} in a comment"
    return Fix(title, (Edit(offset, offset, f"  # shape: {stated}"),))
