"""Which cases are put to which Keras, and what came of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from shapelens.library.keras.signatures import public
from shapelens.shapes.question import NEWEST, Versions
from shapelens.values.failure import NotKnown
from tests.conformance import corners, rules
from tests.conformance.cases import Case, Outcome, Tensor
from tests.conformance.compare import disagreement
from tests.conformance.generators import GENERATORS
from tests.conformance.generators.draw import Generator
from tests.conformance.generators.keras2 import KERAS2, OLD

Family = Literal[2, 3]
SEED = int(os.environ.get("SHAPELENS_CONFORMANCE_SEED", "0"))
CASES = int(os.environ.get("SHAPELENS_CONFORMANCE_CASES", "13"))
# Layers that take code, files or modules of another framework, and those that are there to be subclassed.
WITHOUT_CASES = {
    "AbstractRNNCell": "to be subclassed",
    "DenseFeatures": "takes feature columns, which are not followed",
    "FlaxLayer": "wraps a module of another framework",
    "InputLayer": "is followed as keras.Input is; tested with the models",
    "JaxLayer": "wraps a function of another framework",
    "Lambda": "calls a function of the program; tested with programs",
    "Layer": "to be subclassed",
    "PreprocessingLayer": "to be subclassed",
    "TFSMLayer": "reads a saved model from a file",
    "TorchModuleWrapper": "wraps a module of another framework",
}


def generators(family: Family) -> dict[str, Generator]:
    """The generators for the layers that a family of Keras has."""
    found = {**GENERATORS, **(OLD if family == 3 else KERAS2)}
    known = public(family)
    return {name: found[name] for name in sorted(found) if f"keras.layers.{name}" in known}


def layers(family: Family) -> list[str]:
    """The short names of all public layers of a family."""
    return sorted(name.rpartition(".")[2] for name in public(family) if name.startswith("keras.layers."))


def cases_of(name: str, family: Family, seed: int = SEED, count: int = CASES) -> list[Case]:
    """The corner cases of a layer, then ``count`` generated ones: always the same for a seed."""
    random = Random(f"{seed}/{name}")
    generate = generators(family)[name]
    return [*corners.of(name, family), *(generate(random) for _ in range(count))]


@dataclass
class Tally:
    """What came of the cases of one layer."""

    cases: int = 0
    refused: int = 0
    unknown: int = 0
    disagreements: list[str] = field(default_factory=list)


def compare(cases: Sequence[Case], real: Sequence[Outcome], versions: Versions = NEWEST) -> Tally:
    """Put ``cases`` to the rules, and compare with what the library did."""
    tally = Tally()
    for case, outcome in zip(cases, real, strict=True):
        tally.cases += 1
        tally.refused += outcome.error is not None
        try:
            ours = rules.run(case, versions)
        except NotKnown:
            tally.unknown += 1
            continue
        found = disagreement(case, outcome, ours)
        if found is not None and versions.family == 2 and _not_followed(case, outcome):
            tally.unknown += 1
        elif found is not None:
            tally.disagreements.append(found)
    return tally


def _not_followed(case: Case, real: Outcome) -> bool:
    """Failures of Keras 2 about which the rules say nothing.

    Its layers do not cast integers, which models do before; and what a layer has learnt by ``adapt`` is not known.
    """
    error = real.error or ""
    if "you must set the layer's vocabulary before calling it" in error:
        return True
    words = ("DataType", "of type 'float'", "that does not match type", "that don't all match")
    integers = isinstance(case.inputs, Tensor) and not case.inputs.dtype.startswith("float")
    return integers and any(word in error for word in words)
