"""The inputs of a call, brought to the structure and rank that the model declares (Keras 3.15.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapelens.library.keras.training.adapt import InputNames, adapt_input, is_one_sample
from shapelens.library.keras.training.data import DataNest, Datum, PlainNumber, leaves, spec_leaves
from shapelens.library.keras.training.facts import ModelFacts
from shapelens.library.keras.training.wording import static
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure


@dataclass(frozen=True, slots=True)
class Adapted:
    """Inputs in the model's order. ``data`` are what was given, ``specs`` what the layers get."""

    data: tuple[Datum, ...]
    specs: tuple[TensorSpec, ...]


def adapt_inputs(
    model: ModelFacts, nest: DataNest, batch: int | None, *, compares_sizes: bool = False
) -> Adapted | Failure | None:
    """Keras's adjustments for every input, its refusal, or `None` where the data are not known.

    ``batch``: the batch size that messages show. ``compares_sizes``: a `Sequential` compares sizes, too, as in Keras 2.
    """
    if model.inputs is None:
        return None
    declared = spec_leaves(model.inputs)
    given = _in_order(model, declared, nest, batch)
    if not isinstance(given, tuple):
        return given
    specs: list[TensorSpec] = []
    for index, (want, datum) in enumerate(zip(declared, given, strict=True)):
        names = _names(model, index)
        shape = adapt_input(
            want.shape,
            datum.spec.shape,
            compares_sizes=compares_sizes or model.kind == "functional",
            batch=batch,
            names=names,
        )
        if isinstance(shape, Failure):
            if datum.item is not None:
                shape = replace(shape, details={**shape.details, "item": datum.item})
            return shape
        specs.append(TensorSpec(shape, want.dtype or datum.spec.dtype))
    return Adapted(given, tuple(specs))


def one_sample(model: ModelFacts, data: tuple[Datum, ...]) -> Datum | None:
    """The first input that looks like a single sample, if every input does."""
    if model.inputs is None:
        return None
    declared = spec_leaves(model.inputs)
    if len(declared) != len(data) or not data:
        return None
    if all(is_one_sample(d.shape, x.spec.shape) for d, x in zip(declared, data, strict=True)):
        return data[0]
    return None


def pack(model: ModelFacts, specs: tuple[TensorSpec, ...]) -> SpecNest:
    """``specs`` in the structure that the model declares."""
    if isinstance(model.inputs, dict):
        return dict(zip(sorted(model.inputs), specs, strict=True))
    if isinstance(model.inputs, tuple):
        return specs
    return specs[0]


def _in_order(
    model: ModelFacts, declared: list[TensorSpec], nest: DataNest, batch: int | None
) -> tuple[Datum, ...] | Failure | None:
    if isinstance(nest, dict):
        return _by_name(model, nest, batch)
    flat = list(leaves(nest))
    if any(not isinstance(leaf, Datum) for leaf in flat):
        # A number among the inputs fails elsewhere; an unknown may be a whole list of inputs.
        return None
    data = tuple(leaf for leaf in flat if isinstance(leaf, Datum))
    if model.kind == "sequential":
        # Keras silently drops all but the first.
        return data[:1] or None
    if isinstance(model.inputs, dict) and list(model.inputs) != sorted(model.inputs):
        return None
    if len(data) == len(declared):
        return data
    return _wrong_count(model, len(declared), data)


def _by_name(model: ModelFacts, nest: dict[str, DataNest], batch: int | None) -> tuple[Datum, ...] | Failure | None:
    if model.kind == "sequential":
        if isinstance(model.inputs, TensorSpec):
            return _dict_for_sequential(nest, batch)
        return None
    names = tuple(sorted(model.inputs)) if isinstance(model.inputs, dict) else model.input_names
    if not names or model.inputs is None or len(names) != len(spec_leaves(model.inputs)):
        return None
    missing = [name for name in names if name not in nest]
    if missing:
        return Failure(
            "input-mismatch",
            f"{{subject}} has the keys {list(nest)}, but the model's inputs are named {list(names)}: "
            f"{missing[0]!r} is missing",
            keras=f'Missing data for input "{missing[0]}". You passed a data dictionary with keys '
            f"{list(nest)}. Expected the following keys: {list(names)}",
        )
    chosen = tuple(nest[name] for name in names)
    data = tuple(datum for datum in chosen if isinstance(datum, Datum))
    return data if len(data) == len(chosen) else None


def _dict_for_sequential(nest: dict[str, DataNest], batch: int | None) -> Failure | None:
    shown: dict[str, str] = {}
    for name, entry in nest.items():
        if not isinstance(entry, Datum):
            return None
        shown[name] = f"Tensor(shape={static(entry.spec.shape, batch)})"
    return Failure(
        "input-mismatch",
        "{subject} is a dict, but a Sequential model has one unnamed input",
        keras="Exception encountered when calling Sequential.call().\n\nThe structure of `inputs` doesn't "
        f"match the expected structure.\nExpected: keras_tensor\nReceived: inputs={shown}",
    )


def _wrong_count(model: ModelFacts, wanted: int, data: tuple[Datum, ...]) -> Failure:
    shapes = ", ".join(str(datum.spec.shape) for datum in data)
    arrays = "1 array" if len(data) == 1 else f"{len(data)} arrays"
    keras = f'Layer "{model.title}" expects {wanted} input(s), but it received {len(data)} input tensors.'
    if len(model.input_names) == wanted:
        example = ", ".join(f"'{name}': ..." for name in model.input_names)
        keras = (
            f'Layer "{model.title}" expects {wanted} named input(s) with keys {list(model.input_names)}, '
            f"but it received {len(data)} input tensors. Pass inputs as a dict, e.g. `layer({{{example}}})`."
        )
    return Failure(
        "input-mismatch",
        f"{{subject}} gives {arrays}, {shapes}, but the model has "
        + ("1 input" if wanted == 1 else f"{wanted} inputs"),
        keras=keras,
    )


def _names(model: ModelFacts, index: int) -> InputNames:
    if model.kind == "sequential":
        return InputNames(model.title, "keras_tensor", index, "Sequential")
    name = model.input_names[index] if index < len(model.input_names) else "input_layer"
    return InputNames(model.title, name, index)


def any_batch(shape: Shape) -> Shape:
    """``shape`` with a batch of any size instead of all samples."""
    return Shape((None, *shape.dims[1:])) if shape.dims and not shape.open else shape


def plain_numbers(nest: DataNest) -> bool:
    """Whether a Python number stands where Keras wants an array."""
    return any(isinstance(leaf, PlainNumber) for leaf in leaves(nest))
