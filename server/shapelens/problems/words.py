"""How a problem speaks of the user's program: names, shapes and axes."""

from __future__ import annotations

import ast

from shapelens.shapes.span import Span
from shapelens.values.facts import Operand, ProblemFact
from shapelens.values.failure import Place
from shapelens.values.value import DatasetValue, TensorValue

# A longer expression would bury the sentence that it stands in.
LONGEST_NAME = 40


def subject_of(problem: ProblemFact) -> Operand | None:
    """The argument that the failure is about, if the call names it."""
    found = _subject(problem)
    # A layer that does not fit is told at its place inside the argument: then its input has no name.
    return None if found is None or _inside(problem.span, found.span) else found


def _subject(problem: ProblemFact) -> Operand | None:
    subject, position = problem.failure.subject, problem.failure.details.get("position")
    if subject is None:
        return None
    if isinstance(subject, str) or isinstance(position, int):
        return operand(problem, str(subject), str(position))
    owner = operand(problem, "self")
    if owner is None:
        return operand(problem, str(subject), ("left", "right")[subject] if subject < 2 else "")
    if not isinstance(owner.value, TensorValue | DatasetValue):
        # A method of an object: what fails lies behind it (`model.add(layer)`).
        return None
    return owner if subject == 0 else operand(problem, str(subject - 1))


def _inside(inner: Span, outer: Span) -> bool:
    return inner.unit == outer.unit and outer.start <= inner.start and inner.end <= outer.end


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
    """``text`` followed by what the library says, which is what people search for, and who confirmed it."""
    keras, version = problem.failure.keras, problem.failure.confirmed
    if not keras:
        return f"{text}."
    return f"{text}.\n{version}: {keras.strip()}" if version else f"{text}.\n{keras.strip()}"


def related(problem: ProblemFact) -> tuple[Place, ...]:
    """The rule's own places, where the operands were made, and the calls that led here."""
    places = [place for place in problem.failure.places if place.span != problem.span]
    taken = {place.span for place in places} | {problem.span}
    subject = subject_of(problem)
    # What one shape should be and is says nothing of the other arguments.
    alone = subject is not None and problem.failure.expected is not None
    for candidate in problem.operands:
        if candidate.made is None or candidate.made in taken or _inside(candidate.made, problem.span):
            continue
        if candidate is not subject and (alone or candidate.role not in ("0", "1", "x", "y", "left", "right", "self")):
            continue
        taken.add(candidate.made)
        places.append(Place(candidate.made, _made_here(candidate)))
    for call in problem.trail:
        if call not in taken:
            taken.add(call)
            places.append(Place(call, "called from here"))
    return tuple(places)


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
