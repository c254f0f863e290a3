"""How a problem speaks of the user's program: names, shapes and axes."""

from __future__ import annotations

import ast

from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.facts import Operand, ProblemFact
from shapelens.values.failure import Place
from shapelens.values.value import DatasetValue, TensorValue

# A longer expression would bury the sentence that it stands in.
LONGEST_NAME = 40


def subject_of(problem: ProblemFact) -> Operand | None:
    """The argument that the failure is about, if the call names it."""
    failure = problem.failure
    if failure.subject is None:
        return None
    wanted = {str(failure.subject)}
    position = failure.details.get("position")
    if isinstance(position, int):
        wanted.add(str(position))
    for operand in problem.operands:
        if operand.role in wanted:
            return operand
    return None


def operand(problem: ProblemFact, *roles: str) -> Operand | None:
    """The first operand that has one of ``roles``."""
    for role in roles:
        for candidate in problem.operands:
            if candidate.role == role:
                return candidate
    return None


def subject_text(problem: ProblemFact, fallback: str = "the input") -> str:
    """The user's words for the offending value; ``fallback`` when there are none, or too many."""
    found = subject_of(problem)
    if found is None:
        return fallback
    text = _item_text(found.text, problem.failure.details.get("item"))
    if text is None or len(text) > LONGEST_NAME or "\n" in text:
        return fallback
    return f"`{text}`"


def sentence(problem: ProblemFact, fallback: str = "the input") -> str:
    """The rule's sentence with the user's name in it, first letter in upper case, no full stop."""
    text = problem.failure.sentence.replace("{subject}", subject_text(problem, fallback)).rstrip()
    text = text.removesuffix(".")
    return text[:1].upper() + text[1:]


def message(problem: ProblemFact) -> str:
    """The rule's sentence, and the library's own wording on a line of its own."""
    return with_keras(problem, sentence(problem))


def with_keras(problem: ProblemFact, text: str) -> str:
    """``text`` followed by what the library says, which is what people search for."""
    keras = problem.failure.keras
    return f"{text}.\n{keras.strip()}" if keras else f"{text}."


def related(problem: ProblemFact) -> tuple[Place, ...]:
    """The rule's own places, where the operands were made, and the calls that led here."""
    places = list(problem.failure.places)
    taken = {place.span for place in places} | {problem.span}
    subject = subject_of(problem)
    for candidate in problem.operands:
        if candidate.made is None or candidate.made in taken:
            continue
        if candidate is not subject and candidate.role not in ("0", "1", "x", "y", "function"):
            continue
        taken.add(candidate.made)
        places.append(Place(candidate.made, _made_here(candidate)))
    for call in problem.trail:
        if call not in taken:
            taken.add(call)
            places.append(Place(call, "called from here"))
    return tuple(places)


def nest_text(nest: SpecNest) -> str:
    """A specification's shape, or the shapes of a structure of them."""
    if isinstance(nest, TensorSpec):
        return str(nest.shape)
    if isinstance(nest, dict):
        return "{" + ", ".join(f"{name!r}: {nest_text(item)}" for name, item in nest.items()) + "}"
    return "[" + ", ".join(map(nest_text, nest)) + "]"


def axis_text(shape: Shape | None, axis: int) -> str:
    """``axis 1 (height)`` would need a layout; plainly ``axis 1``, or ``the last axis``."""
    if axis == -1 or (shape is not None and shape.rank is not None and axis == shape.rank - 1):
        return "the last axis"
    return f"axis {axis}" if axis >= 0 else f"axis {axis} from the end"


def _item_text(text: str, item: object) -> str | None:
    """The source of one entry of a list, tuple or dict display; the whole when ``item`` is None."""
    if item is None:
        return text
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if isinstance(node, (ast.List, ast.Tuple)) and isinstance(item, int) and item < len(node.elts):
        return ast.get_source_segment(text.strip(), node.elts[item])
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == item:
                return ast.get_source_segment(text.strip(), value)
    return None


def _made_here(made: Operand) -> str:
    name = f"`{made.text}`" if len(made.text) <= LONGEST_NAME and "\n" not in made.text else "this value"
    value = made.value
    if isinstance(value, TensorValue):
        return f"{name} has shape {value.spec.shape} from here"
    if isinstance(value, DatasetValue):
        return f"the dataset {name} was made here"
    return f"{name} was made here"
