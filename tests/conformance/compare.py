"""Whether our rules and the real Keras agree on a case."""

from __future__ import annotations

import re

from shapelens.shapes.dims import SymDim
from tests.conformance.cases import Case, Outcome


def disagreement(case: Case, real: Outcome, ours: Outcome) -> str | None:
    """What the two do not agree on, in words; a part that we say is unknown agrees with anything."""
    if ours.error is not None and real.error is None:
        return f"FALSE ALARM {case}\n  we refuse: {ours.error}\n  Keras gives {real.shapes}"
    if real.error is not None and ours.error is None:
        return f"MISSED {case}\n  Keras refuses: {real.error}\n  we give {ours.shapes}"
    if real.error is not None:
        if real.stage != ours.stage:
            return f"STAGE {case}\n  Keras: {real.stage}: {real.error}\n  ours: {ours.stage}: {ours.error}"
        if ours.exact and not _same_wording(real.error, ours.error or ""):
            return f"WORDING {case}\n  Keras: {real.error}\n  ours:  {ours.error}"
        return None
    if not agree(ours.shapes, real.shapes):
        return f"SHAPE {case}\n  Keras: {real.shapes}\n  ours:  {ours.shapes}"
    if ours.params is not None and ours.params != real.params:
        return f"PARAMS {case}\n  Keras: {real.params}\n  ours:  {ours.params}"
    if not agree(ours.dtypes, real.dtypes):
        return f"DTYPE {case}\n  Keras: {real.dtypes}\n  ours:  {ours.dtypes}"
    return None


def agree(ours: object, real: object) -> bool:
    """Whether nested shapes or dtypes are equal wherever ours are known."""
    if ours == "open" or isinstance(ours, SymDim):
        return True
    if isinstance(ours, tuple) and isinstance(real, tuple):
        return len(ours) == len(real) and all(map(agree, ours, real))
    if isinstance(ours, dict) and isinstance(real, dict):
        return ours.keys() == real.keys() and all(agree(ours[key], real[key]) for key in ours)
    return ours == real


def _same_wording(real: str, ours: str) -> bool:
    # Sets are printed in any order, and Keras lists the tensors themselves after some messages.
    real, ours = real.split("one of {")[0], ours.split("one of {")[0]
    real = real.split(" Inputs received:")[0]
    # The second layer of a class is numbered.
    real = re.sub(r"_\d+(/|\" is incompatible)", r"\1", real)
    if "could not be deserialized properly" in real:
        return real.endswith(ours)
    return real.strip() == ours.strip()
