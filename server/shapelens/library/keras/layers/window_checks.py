"""Checks of the arguments of windows: kernels, strides, margins, groups. From runs of Keras 3.15.1.

Keras 2.15.0 makes the same ones, in other words.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.keras.layers import checks
from shapelens.library.keras.layers.checks import Check, Values, tuple_of, unsure
from shapelens.library.keras.layers.config import UNSURE
from shapelens.shapes.dims import SymDim


def windows(rank: int) -> Sequence[Check]:
    """Kernel, strides and dilation: a size for all axes, or one for each."""
    return tuple(tuple_of(name, rank) for name in ("kernel_size", "strides", "dilation_rate"))


def filters(name: str) -> Check:
    """A number of filters, which may be None."""
    wording = f"Invalid value for argument `{name}`. Expected a strictly positive value. Received {name}={{value}}."
    return checks.above_zero(name, wording, optional=True)


def groups(values: Values) -> str | None:
    """``groups`` divide the filters."""
    count, total = values.get("groups"), values.get("filters")
    if isinstance(count, int) and count <= 0:
        return f"The number of groups must be a positive integer. Received: groups={count}."
    if isinstance(count, int) and isinstance(total, int) and total % count:
        return (
            "The number of filters must be evenly divisible by the number of groups. "
            f"Received: groups={count}, filters={total}."
        )
    return None


def spread(value: object, rank: int) -> tuple[int, ...] | None:
    """A size for each axis, where all are known."""
    if isinstance(value, int):
        return (value,) * rank
    if isinstance(value, (tuple, list)) and not unsure(value) and all(isinstance(v, int) for v in value):
        return tuple(value)
    return None


def stride_against_dilation(wording: str, rank: int) -> Check:
    """Strides and dilation exclude each other."""

    def check(values: Values) -> str | None:
        strides, dilation = spread(values.get("strides"), rank), spread(values.get("dilation_rate"), rank)
        if strides and dilation and max(strides) > 1 and max(dilation) > 1:
            return f"{wording}. Received: strides={strides} and dilation_rate={dilation}"
        return None

    return check


def output_padding_tuple(rank: int) -> Check:
    """``output_padding``: sizes, or None."""
    standardize = tuple_of("output_padding", rank, zero=True)

    def check(values: Values) -> str | None:
        return None if values.get("output_padding") is None else standardize(values)

    return check


def output_padding(rank: int) -> Check:
    """``output_padding`` is smaller than the strides."""

    def check(values: Values) -> str | None:
        extra, strides = spread(values.get("output_padding"), rank), spread(values.get("strides"), rank)
        for axis, (more, stride) in enumerate(zip(extra or (), strides or (), strict=False)):
            if more >= stride:
                return (
                    "`output_padding` must be strictly less than `strides` for all dimensions. At dimension "
                    f"{axis}, `output_padding` is {more} but `strides` is {stride}. "
                    f"Received: output_padding={extra}, strides={strides}"
                )
        return None

    return check


def pool_strides(rank: int) -> Check:
    """``strides`` of pooling: sizes, or None."""
    standardize = tuple_of("strides", rank, zero=True)

    def check(values: Values) -> str | None:
        return None if values.get("strides") is None else standardize(values)

    return check


_SHAPES = {
    "padding": (
        "(symmetric_height_crop, symmetric_width_crop), or a tuple of 2 tuples of 2 ints "
        "((top_crop, bottom_crop), (left_crop, right_crop)). Received: padding=",
        "(symmetric_dim1_pad, symmetric_dim2_pad, symmetric_dim3_pad), or a tuple of 3 tuples of 2 ints "
        "((left_dim1_pad, right_dim1_pad), (left_dim2_pad, right_dim2_pad), (left_dim3_pad, right_dim2_pad))"
        ". Received: padding=",
    ),
    "cropping": (
        "(symmetric_height_crop, symmetric_width_crop), or a tuple of 2 tuples of 2 ints "
        "((top_crop, bottom_crop), (left_crop, right_crop)). Received: cropping=",
        "(symmetric_dim1_crop, symmetric_dim2_crop, symmetric_dim3_crop), or a tuple of 3 tuples of 2 ints "
        "((left_dim1_crop, right_dim1_crop), (left_dim2_crop, right_dim2_crop), "
        "(left_dim3_crop, right_dim2_crop)). Received: ",
    ),
}


def margins(argument: str, rank: int) -> Check:
    """``padding`` and ``cropping``: an int, one for each axis, or a pair for each axis."""

    def check(values: Values) -> str | None:
        value = values.get(argument)
        if value is UNSURE or isinstance(value, SymDim):
            return None
        if isinstance(value, int):
            negative = argument == "cropping" and value < 0
            return f"`cropping` cannot be negative. Received: cropping={value}." if negative else None
        if not isinstance(value, (tuple, list, str, dict)):
            shapes = _SHAPES[argument][rank - 2]
            end = "." if argument == "cropping" or rank == 2 or argument == "padding" else ""
            return f"`{argument}` should be either an int, a tuple of {rank} ints {shapes}{value}{end}"
        if len(value) != rank:
            count, shown = ("two", f"{argument}={value}") if rank == 2 else ("3", f"{value}")
            return f"`{argument}` should have {count} elements. Received: {shown}."
        for item, ordinal in zip(value, ("1st", "2nd", "3rd"), strict=False):
            wording = checks.tuple_wording(item, 2, True, f"{ordinal} entry of {argument}")
            if wording is not None:
                return wording
        return None

    return check
