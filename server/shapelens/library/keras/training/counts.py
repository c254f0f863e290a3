"""Sample counts of arrays that are trained on together (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.keras.training.arguments import Given
from shapelens.library.keras.training.data import DataNest, Datum, leaves
from shapelens.library.keras.training.wording import differs
from shapelens.shapes.dims import Dim
from shapelens.values.failure import Failure


def check_counts(given: Given) -> Failure | None:
    """Whether ``fit``, ``evaluate`` or ``predict`` find different numbers of samples."""
    if given.source != "arrays":
        return None
    for name, nest in (("x", given.x), ("y", given.y), ("sample_weight", given.weights)):
        if any(isinstance(leaf, Datum) and leaf.spec.shape.rank == 0 for leaf in leaves(nest)):
            # Run: `fit(x, y[0])`, `predict(x.mean())`, in Keras 3.15.1; Keras 2.15 finds no adapter for it.
            return Failure(
                "sample-count",
                "{subject} is a single number, shape (), but Keras wants an array with an axis of samples",
                keras="tuple index out of range",
                subject=name,
            )
    groups = {"x": _sizes(given.x), "y": _sizes(given.y), "sample_weight": _sizes(given.weights)}
    counted = [(name, size) for name, sizes in groups.items() for size in sizes]
    for name, size in counted[1:]:
        if differs(counted[0][1], size):
            return _failure(groups, counted[0][1], name, size)
    return None


def _sizes(nest: DataNest) -> list[Dim]:
    return [leaf.spec.shape.axis(0) for leaf in leaves(nest) if isinstance(leaf, Datum)]


def _failure(groups: dict[str, list[Dim]], first: Dim, name: str, other: Dim) -> Failure:
    keras = "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples."
    for group, sizes in groups.items():
        if sizes:
            keras += f"'{group}' sizes: {', '.join(map(str, sizes))}\n"
    what = {"x": "the inputs", "y": "the targets", "sample_weight": "the sample weights"}
    if name == "x":
        sentence = f"the inputs have different numbers of samples: {first} and {other}"
    else:
        sentence = f"{what['x']} have {first} samples, but {what[name]} have {other}"
    return Failure(
        "sample-count", sentence, keras=keras, subject=name, axis=0, details={"first": first, "other": other}
    )
