"""Where the sizes that disagree came from, in the user's own lines.

Nothing of this is kept while a program is interpreted: it is looked up in the finished analysis.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from shapelens.engine.analysis import Analysis, ProblemAt, Range, State
from shapelens.ide.syntax import path_to
from shapelens.ide.words import nest_text
from shapelens.problems.chain import layer_at, layers_before
from shapelens.problems.context import FixContext
from shapelens.problems.words import LONGEST_NAME, subject_of
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.failure import Failure
from shapelens.values.objects import LayerObject, ListObject, NodeObject
from shapelens.values.value import Const, Ref, TensorValue, TupleValue, Value

# What Keras calls the argument that says the size of a layer's last axis.
_SIZES = ("units", "filters", "output_dim")
# A size is followed back through this many layers.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Chapter:
    """A place of the document and what happened there."""

    range: Range
    message: str


def story(at: ProblemAt, analysis: Analysis) -> list[Chapter]:
    """What led to a problem: where its layer was built, the layer before it, and where the sizes come from."""
    failure = at.problem.failure
    found = [*_built(at, analysis), *_layer_before(at, analysis)]
    for value, axis in _disagreeing(at, failure, analysis.state):
        chapter = _origin(value, axis, analysis)
        if chapter is not None:
            found.append(chapter)
    return found


def _disagreeing(at: ProblemAt, failure: Failure, state: State) -> Iterator[tuple[TensorValue, int]]:
    """The tensors that a problem is about, each with the axis that disagrees, counted from the end."""
    subject = subject_of(at.problem)
    if subject is None or failure.axis is None:
        return
    items = _items(subject.value, state)
    chosen = failure.details.get("inputs", range(len(items)))
    for index in chosen if isinstance(chosen, tuple | range) else ():
        value = items[index] if isinstance(index, int) and index < len(items) else None
        if isinstance(value, TensorValue) and not value.spec.shape.open:
            rank = len(value.spec.shape.dims)
            axis = failure.axis - rank if failure.axis >= 0 else failure.axis
            if -rank <= axis < 0:
                yield value, axis


def _items(value: Value, state: State) -> tuple[Value, ...]:
    if isinstance(value, TupleValue):
        return value.items
    content = state.get(value.address) if isinstance(value, Ref) else None
    return content.items if isinstance(content, ListObject) else (value,)


def _origin(value: TensorValue, axis: int, analysis: Analysis) -> Chapter | None:
    """The layer that gave an axis its size; `None` where no layer did."""
    size = _size(value, axis)
    for _ in range(_LONGEST):
        node = analysis.state.get(value.node) if value.node is not None else None
        if not isinstance(node, NodeObject) or not isinstance(size, int):
            return None
        layer = analysis.state.get(node.layer.address) if isinstance(node.layer, Ref) else None
        argument = _argument(layer, size, axis) if isinstance(layer, LayerObject) else None
        before = next((v for v in node.inputs if isinstance(v, TensorValue) and _size(v, axis) == size), None)
        if argument is None and before is not None:
            value = before
            continue
        if not isinstance(layer, LayerObject) or not node.inputs:
            return None
        return _told(layer, size, argument, node.site, analysis)
    return None


def _size(value: TensorValue, axis: int) -> Dim:
    shape = value.spec.shape
    return None if shape.open or len(shape.dims) < -axis else shape.dims[axis]


def _argument(layer: LayerObject, size: int, axis: int) -> str | None:
    """The constructor's argument that says the size of the last axis."""
    names = (name for name in _SIZES if layer.get(name) == Const(size))
    return next(names, None) if axis == -1 else None


def _told(layer: LayerObject, size: int, argument: str | None, call: Span | None, analysis: Analysis) -> Chapter | None:
    place = analysis.range_of(layer.state.made) or analysis.range_of(call)
    if place is None:
        return None
    source = _source(place, argument, analysis)
    return Chapter(place, f"{size} comes from " + (f"`{source}`" if source else "here"))


def _source(place: Range, argument: str | None, analysis: Analysis) -> str | None:
    """The keyword argument of a constructor, or the constructor, if it is short."""
    path = path_to(analysis.layout, place.start)
    call = next((p.node for p in path if p.range == place and isinstance(p.node, ast.Call)), None)
    text = analysis.document.text[slice(*place)]
    for keyword in call.keywords if call is not None else ():
        if keyword.arg == argument and argument is not None:
            text = f"{argument}={ast.unparse(keyword.value)}"
    return text if len(text) <= LONGEST_NAME and "\n" not in text else None


def _built(at: ProblemAt, analysis: Analysis) -> Iterator[Chapter]:
    """The call that built the layer for other sizes than it gets now."""
    failure = at.problem.failure
    expected = failure.details.get("expected_size")
    if failure.code != "channel-mismatch" or failure.axis is None or not isinstance(expected, int):
        return
    callee = _callee(at.range, analysis)
    for site in analysis.sites:
        given = site.site.input
        if (
            site.range < at.range
            and site.site.layer == failure.details.get("layer")
            and isinstance(given, TensorSpec)
            and given.shape.axis(failure.axis) == expected
            and callee is not None
            and _callee(site.range, analysis) == callee
        ):
            yield Chapter(site.range, f"this built the layer, for an input of shape {nest_text(given)}")
            output = site.site.value
            node = analysis.state.get(output.node) if isinstance(output, TensorValue) and output.node else None
            for value in node.inputs[:1] if isinstance(node, NodeObject) else ():
                chapter = _origin(value, failure.axis, analysis) if isinstance(value, TensorValue) else None
                if chapter is not None:
                    yield chapter
            return


def _callee(place: Range, analysis: Analysis) -> str | None:
    """What is called by the call at ``place``, as the program writes it, if it is a name."""
    for located in path_to(analysis.layout, place.start):
        node = located.node
        if located.range == place and isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            return ast.unparse(node.func)
    return None


def _layer_before(at: ProblemAt, analysis: Analysis) -> Iterator[Chapter]:
    """In a `Sequential`, where no variable holds it, the layer whose output does not fit."""
    problem = at.problem
    if problem.failure.found is None or subject_of(problem) is not None:
        return
    layout = analysis.layout
    context = FixContext(analysis.document.text, layout.by_uid, layout.start_by_uid)
    layer = layer_at(context, problem.span)
    before = layers_before(context, layer) if layer is not None and layer.style != "call" else []
    if before:
        place = Range(*context.range_of(before[0].unit, before[0].made))
        yield Chapter(place, f"{before[0].class_name} before it gives {problem.failure.found}")
