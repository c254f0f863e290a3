"""``keras.ops`` that reduce axes or run along them (Keras 3.15)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_dim,
    as_int,
    axes_of,
    flag,
    int_or,
    is_none,
    kind_of,
    operand,
    optional_int,
)
from shapelens.library.arrays.dtypes import dtype_given
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.reducing import reduced
from shapelens.library.arrays.reshaping import flattened
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made, made_all
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, same, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import Ref, TensorValue, TupleValue, Value

_SEVERAL = (
    "all", "any", "amax", "amin", "mean", "nanmax", "nanmean", "nanmin", "nanprod", "nanstd", "nansum", "nanvar",
    "ptp", "std", "sum", "var", "logsumexp", "median", "nanmedian", "argmax", "argmin", "nanargmax", "nanargmin",
)  # fmt: skip


@keras_rules(*_SEVERAL, params="x, axis=None, keepdims=False")
@keras_rules("max", "min", params="x, axis=None, keepdims=False, initial=None")
@keras_rules("prod", params="x, axis=None, keepdims=False, dtype=None")
@keras_rules("count_nonzero", params="x, axis=None")
def reduction(name: str, machine: Machine, args: Arguments) -> Value:
    """A reduction over some axes, or over all."""
    source = source_of(machine, args, "x", "keras")
    shape = reduced(source.spec.shape, axes_of(machine, args.get("axis")), flag(args, "keepdims", False), "keras")
    return _given_dtype(made(machine, name, shape, source), args)


@keras_rule("norm", params="x, ord=None, axis=None, keepdims=False")
def norm(machine: Machine, args: Arguments) -> Value:
    """``ops.norm``: of vectors or matrices; a symbolic call does not look."""
    source, axes = source_of(machine, args, "x", "keras"), axes_of(machine, args.get("axis"))
    shape = source.spec.shape
    count = shape.rank if axes is None else None if isinstance(axes, Unsure) else len(axes)
    if source.kind != "keras" and count not in (None, 1, 2):
        raise refusal(
            "rank-mismatch", f"a norm is of vectors or matrices, not of {count} axes of {shape}", None, found=shape
        )
    return made(machine, "norm", reduced(shape, axes, flag(args, "keepdims", False), "keras"), source)


@keras_rule("average", params="x, axis=None, weights=None")
def average(machine: Machine, args: Arguments) -> Value:
    """``ops.average``."""
    source = source_of(machine, args, "x", "keras")
    axes = axes_of(machine, args.get("axis"))
    if source.kind == "keras" and isinstance(args.get("axis"), TupleValue | Ref):
        raise refusal(
            "invalid-argument",
            "a symbolic tensor is averaged over one axis, or over all",
            "object cannot be interpreted as an integer",
            subject="axis",
        )
    found = made(machine, "average", reduced(source.spec.shape, axes, False, "keras"), source)
    weights = args.get("weights")
    if is_none(weights) or operand(machine, weights, "keras").spec.dtype == source.spec.dtype:
        return found
    return replace(found, spec=replace(found.spec, dtype=None))


@keras_rules("quantile", "nanquantile", params="x, q, axis=None, method='linear', keepdims=False")
@keras_rules("percentile", "nanpercentile", params="x, q, axis=None, method='linear', keepdims=False")
def quantile(name: str, machine: Machine, args: Arguments) -> Value:
    """Quantiles: a list of them makes a new first axis."""
    source, wanted = source_of(machine, args, "x", "keras"), source_of(machine, args, "q", "keras").spec.shape
    shape = reduced(source.spec.shape, axes_of(machine, args.get("axis")), flag(args, "keepdims", False), "keras")
    if wanted.open or shape.open:
        return made(machine, name, UNKNOWN_SHAPE, source)
    return made(machine, name, Shape((*wanted.dims[:1], *shape.dims)), source)


@keras_rules("cumsum", "cumprod", "nancumsum", "nancumprod", params="x, axis=None, dtype=None")
def running(name: str, machine: Machine, args: Arguments) -> Value:
    """Running sums and products: flat without an axis."""
    source = source_of(machine, args, "x", "keras")
    axis, shape = optional_int(args, "axis"), source.spec.shape
    if axis is None:
        shape = flattened(shape)
    elif isinstance(axis, int) and not shape.open and not (".nan" in name and source.kind == "keras"):
        normal_axis(axis, shape, "keras")
    return _given_dtype(made(machine, name, UNKNOWN_SHAPE if isinstance(axis, Unsure) else shape, source), args)


@keras_rules("sort", "argsort", params="x, axis=-1")
@keras_rules("argpartition", params="x, kth, axis=-1")
def ordered(name: str, machine: Machine, args: Arguments) -> Value:
    """Sorting along an axis; flat for ``None``."""
    source = source_of(machine, args, "x", "keras")
    axis = -1 if "axis" not in args.values else optional_int(args, "axis")
    shape = source.spec.shape
    if axis is None:
        shape = flattened(shape)
    elif isinstance(axis, int) and not shape.open and not (source.kind == "keras" and name.endswith("argpartition")):
        normal_axis(axis, shape, "keras")
    return made(machine, name, UNKNOWN_SHAPE if isinstance(axis, Unsure) else shape, source)


@keras_rule("top_k", params="x, k, sorted=True")
def top_k(machine: Machine, args: Arguments) -> Value:
    """Values and their places, ``k`` along the last axis."""
    source = source_of(machine, args, "x", "keras")
    shape, count = source.spec.shape, as_dim(args.values["k"])
    if shape.rank == 0:
        raise refusal("rank-mismatch", "a scalar has no largest entries", None, found=shape)
    last = shape.axis(-1)
    if source.kind != "keras" and isinstance(last, int) and isinstance(count, int) and count > last:
        raise refusal(
            "invalid-argument", f"the last axis of {shape} has no {count} entries", None, subject=1, found=shape
        )
    left = shape.replace(-1, count) if shape.dims else Shape((count,), open=True)
    pair = made_all(machine, "top_k", (left, left), source)
    return TupleValue(pair, ("values", "indices"))


@keras_rule("in_top_k", params="targets, predictions, k")
def in_top_k(machine: Machine, args: Arguments) -> Value:
    """Whether each target is among the best."""
    targets, source = source_of(machine, args, "targets", "keras"), source_of(machine, args, "predictions", "keras")
    shape, kind = targets.spec.shape, kind_of([targets, source], "keras")
    rows = source.spec.shape.axis(0) if source.spec.shape.rank else ANY
    if kind != "keras" and shape.rank and same(shape.dims[0], rows) is False:
        raise refusal("sample-count", f"{shape.dims[0]} targets for {rows} predictions", None, found=shape)
    return tensor(machine, shape, "bool", kind)


@keras_rule("moments", params="x, axes, keepdims=False, synchronized=False")
def moments(machine: Machine, args: Arguments) -> Value:
    """Mean and variance."""
    source = source_of(machine, args, "x", "keras")
    shape = reduced(source.spec.shape, axes_of(machine, args.get("axes")), flag(args, "keepdims", False), "keras")
    return TupleValue(made_all(machine, "moments", (shape, shape), source))


@keras_rule("trapezoid", params="y, x=None, dx=1.0, axis=-1")
def trapezoid(machine: Machine, args: Arguments) -> Value:
    """An integral along one axis."""
    source = source_of(machine, args, "y", "keras")
    axis = int_or(args, "axis", -1)
    shape = source.spec.shape
    if isinstance(axis, Unsure) or shape.open:
        return made(machine, "trapezoid", UNKNOWN_SHAPE, source)
    rank = len(shape.dims)
    if source.kind == "keras":
        # Any number is an axis: Keras takes the remainder.
        return made(machine, "trapezoid", reduced(shape, (axis % rank,) if rank else (), False, "keras"), source)
    if axis < -1:
        raise refusal(
            "axis-out-of-range",
            f"axis {axis}: only -1 counts from the end here",
            None,
            found=shape,
            axis=axis,
            rank=rank,
        )
    return made(machine, "trapezoid", reduced(shape, (axis,), False, "keras"), source)


@keras_rule("diff", params="a, n=1, axis=-1")
def diff(machine: Machine, args: Arguments) -> Value:
    """Differences of neighbours: ``n`` fewer along the axis."""
    source = source_of(machine, args, "a", "keras")
    shape, axis = source.spec.shape, int_or(args, "axis", -1)
    times: Dim = 1 if args.get("n") is None else as_dim(args.values["n"])
    if times == 0 and source.kind != "keras":
        # Nothing is done, nor is the axis looked at.
        return made(machine, "diff", shape, source)
    if isinstance(axis, Unsure) or shape.open:
        return made(machine, "diff", UNKNOWN_SHAPE, source)
    place = normal_axis(axis, shape, "keras")
    left = sub(shape.dims[place], times)
    return made(machine, "diff", shape.replace(place, max(0, left) if isinstance(left, int) else left), source)


@keras_rules(
    *(f"segment_{name}" for name in ("max", "min", "prod", "sum")),
    params="data, segment_ids, num_segments=None, sorted=False",
)
def segments(name: str, machine: Machine, args: Arguments) -> Value:
    """Reductions of rows that belong together."""
    source, ids = source_of(machine, args, "data", "keras"), source_of(machine, args, "segment_ids", "keras")
    given = args.get("num_segments")
    symbolic = "keras" in (source.kind, ids.kind)
    count: Dim = (None if symbolic else ANY) if is_none(given) or given is None else as_dim(given)
    shape = source.spec.shape
    if not ids.spec.shape.open and len(ids.spec.shape) != 1:
        raise refusal("rank-mismatch", "`segment_ids` must be a vector", None, subject=1, found=ids.spec.shape)
    if shape.dims and not shape.open and same(shape.dims[0], ids.spec.shape.axis(0)) is False:
        raise refusal(
            "sample-count",
            f"{shape.dims[0]} rows, but {ids.spec.shape.axis(0)} segment numbers",
            None,
            subject=1,
            found=ids.spec.shape,
        )
    left = UNKNOWN_SHAPE if shape.open or not shape.dims else Shape((count, *shape.dims[1:]))
    kind = kind_of([source, ids], "keras")
    found = made(machine, name, left, source)
    return replace(found, kind=kind)


@keras_rule("bincount", params="x, weights=None, minlength=0, sparse=False")
def bincount(machine: Machine, args: Arguments) -> Value:
    """How often each int occurs: as many as the largest, at least ``minlength``."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    count: Dim = None if source.kind == "keras" else ANY
    left = UNKNOWN_SHAPE if shape.open or not shape.dims else Shape((*shape.dims[:-1], count))
    dtype = "int32" if is_none(args.get("weights")) else None
    return tensor(machine, left, dtype, kind_of([source], "keras"))


@keras_rule("histogram", params="x, bins=10, range=None")
def histogram(machine: Machine, args: Arguments) -> Value:
    """Counts, and the edges between them."""
    source = source_of(machine, args, "x", "keras")
    if source.kind != "keras" and source.spec.shape.rank not in (None, 1):
        raise refusal("rank-mismatch", f"{{subject}} must be a vector, not {source.spec.shape}", None)
    bins = 10 if args.get("bins") is None else as_int(args.get("bins"))
    shapes = (Shape((ANY if bins is None else bins,)), Shape((ANY if bins is None else bins + 1,)))
    return TupleValue(made_all(machine, "histogram", shapes, source))


def _given_dtype(found: TensorValue, args: Arguments) -> TensorValue:
    return replace(found, spec=replace(found.spec, dtype=dtype_given(args, found.spec.dtype, "keras")))
