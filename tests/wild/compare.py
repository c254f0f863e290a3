"""A real model beside what ShapeLens tells of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal, TypeAlias

from .told import NOT_TOLD, Layer, Shapes, Told

# ``exact``: every size is told, and is the real one; ``partly``: some size is not told, what is told is right;
# ``wrong``: something that is told is not so; ``missing``: nothing is told.
Verdict: TypeAlias = Literal["exact", "partly", "wrong", "missing"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A real layer's shapes, what is told of them, and how right it is."""

    name: str
    class_name: str
    real: Any
    told: Any
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """``params`` is judged like a layer: a number of weights that is not told is ``missing``."""

    layers: tuple[Judged, ...]
    params: Judged

    def count(self) -> Counter[Verdict]:
        """How many layers there are of each verdict."""
        return Counter(judged.verdict for judged in self.layers)


def compared(real: dict[str, Any], told: Told) -> Comparison:
    """Every layer of a real model with an output, and the number of its weights."""
    layers = [layer for layer in real["layers"] if any(layer["shapes"]) and not _is_operation(layer["class"])]
    partners = dict(_partners(layers, told.layers or ()))
    judged = tuple(_judged(layer, partners.get(index)) for index, layer in enumerate(layers))
    verdict: Verdict = "missing" if told.params is None else "exact" if told.params == real["params"] else "wrong"
    return Comparison(judged, Judged("(weights)", "", real["params"], told.params, verdict))


def _is_operation(class_name: str) -> bool:
    """What Keras 2 makes of functions in a graph: nobody wrote a layer there."""
    return class_name.endswith(("OpLambda", "ClassMethod"))


def _partners(real: list[dict[str, Any]], told: tuple[Layer, ...]) -> Iterator[tuple[int, Layer]]:
    """Which layer is which: by name, the others by the order of their classes."""
    by_name = {layer.name: layer for layer in told if layer.name is not None}
    rest = []
    taken = set()
    for index, layer in enumerate(real):
        partner = by_name.get(layer["name"])
        if partner is not None and partner.class_name in ("?", layer["class"]):
            taken.add(id(partner))
            yield index, partner
        else:
            rest.append(index)
    others = [layer for layer in told if id(layer) not in taken]
    matcher = SequenceMatcher(None, [real[i]["class"] for i in rest], [o.class_name for o in others], autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            yield rest[block.a + offset], others[block.b + offset]


def _judged(real: dict[str, Any], told: Layer | None) -> Judged:
    name, class_name = real["name"], real["class"]
    if told is None or not any(told.shapes):
        return Judged(name, class_name, real["shapes"], None, "missing")
    verdicts = [_best(shapes, told.shapes) for shapes in real["shapes"]]
    order: tuple[Verdict, ...] = ("wrong", "missing", "partly", "exact")
    return Judged(name, class_name, real["shapes"], told.shapes, min(verdicts, key=order.index))


def _best(real: list[Any], told: tuple[Shapes, ...]) -> Verdict:
    order: tuple[Verdict, ...] = ("exact", "partly", "missing", "wrong")
    return min((_verdict(real, shapes) for shapes in told), key=order.index)


def _verdict(real: list[Any], told: Shapes) -> Verdict:
    if all(shape is None for shape in told):
        return "missing"
    if len(real) != len(told):
        return "wrong"
    found: Verdict = "exact"
    for actual, sizes in zip(real, told, strict=True):
        if sizes is None or actual is None:
            found = "partly" if sizes is None else found
            continue
        if len(actual) != len(sizes):
            return "wrong"
        for a, b in zip(actual, sizes, strict=True):
            if b == NOT_TOLD:
                found = "partly"
            elif a != b:
                return "wrong"
    return found
