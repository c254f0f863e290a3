"""Puts generated cases to the rules and to the real Keras, and counts what came of them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapelens.shapes.question import NEWEST, Versions
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.value import Unknown
from tests.conformance.ops import backend, creating, elementwise, layered, linear, reductions, scoring, shaping, utils
from tests.conformance.ops.draw import Maker, case
from tests.support.array_cases import Case, compare_blurred, compare_exact, lift, parse, run_real, run_rule

# What TensorFlow raises where this machine's devices lack a kernel for a dtype or a rank: others may have it.
NO_KERNEL = ("NotFoundError", "UnimplementedError")

# Of the wrong rank TensorFlow ends its process over these; Keras 2.15 has one of its own.
ENDING = ("keras.backend.bias_add", "keras.backend.conv1d", "keras.backend.conv2d")

MAKERS: Mapping[str, Maker] = {
    **elementwise.MAKERS,
    **reductions.MAKERS,
    **shaping.MAKERS,
    **linear.MAKERS,
    **creating.MAKERS,
    **layered.MAKERS,
    **scoring.MAKERS,
    **utils.MAKERS,
    **{name: maker for name, maker in backend.MAKERS.items() if name not in ENDING},
}


@dataclass
class Tally:
    """What came of the cases of one operation."""

    cases: int = 0
    refused: int = 0
    unknown: int = 0
    disagreements: list[str] = field(default_factory=list)


def put(name: str, count: int, seed: int, namespace: Mapping[str, Any]) -> Tally:
    """Put ``count`` cases of the operation ``name`` to both sides."""
    chooser = random.Random(f"{seed} {name}")
    tally = Tally()
    for number in range(count):
        text = case(MAKERS[name], chooser)
        parsed = parse(text)
        real, error = run_real(parsed, namespace, seed + number)
        if type(error).__name__ in NO_KERNEL:
            continue
        tally.cases += 1
        tally.refused += error is not None
        tally.unknown += count_unknown(parsed)
        problem = compare_exact(parsed, real, error)
        if problem is None and error is None:
            problem = compare_blurred(parsed, real, chooser)
        if problem:
            tally.disagreements.append(f"{text}: {problem}")
    return tally


def count_unknown(parsed: Case, versions: Versions = NEWEST) -> bool:
    """Whether the rule says that it does not know."""
    try:
        value, _ = run_rule(parsed, {name: lift(item) for name, item in parsed.inputs.items()}, versions=versions)
    except NotKnown:
        return True
    except (ShapeFailure, LookupError, TypeError):
        return False
    return isinstance(value, Unknown)
