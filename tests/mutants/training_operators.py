"""Mistakes where data meet a model: inputs, losses, metrics, `fit` and its kin."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .data_operators import _other_shapes
from .operators import Edits, operator
from .source import Edit, Source, argument, items_of, last_name, whole_number

TRAINING = ("fit", "evaluate", "train_on_batch", "test_on_batch")
PREDICTING = ("predict", "predict_on_batch")
LOSSES = {
    "sparse_categorical_crossentropy": ("categorical_crossentropy", "mse"),
    "categorical_crossentropy": ("sparse_categorical_crossentropy", "binary_crossentropy"),
    "binary_crossentropy": ("categorical_crossentropy", "sparse_categorical_crossentropy"),
    "mse": ("categorical_crossentropy", "sparse_categorical_crossentropy"),
    "mae": ("binary_crossentropy", "sparse_categorical_crossentropy"),
    "mean_squared_error": ("sparse_categorical_crossentropy", "binary_crossentropy"),
    "mean_absolute_error": ("sparse_categorical_crossentropy",),
    "SparseCategoricalCrossentropy": ("CategoricalCrossentropy", "MeanSquaredError"),
    "CategoricalCrossentropy": ("SparseCategoricalCrossentropy", "BinaryCrossentropy"),
    "BinaryCrossentropy": ("CategoricalCrossentropy", "SparseCategoricalCrossentropy"),
    "MeanSquaredError": ("CategoricalCrossentropy", "SparseCategoricalCrossentropy"),
}
METRICS = ("AUC()", "Precision()", "MeanIoU(num_classes=2)", "F1Score()")


@operator("exchange-loss")
def exchange_loss(source: Source) -> Iterator[Edits]:
    """A loss that wants other targets."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and node.value in LOSSES:
            yield from ((source.replaced(node, repr(other)),) for other in LOSSES[str(node.value)])
        elif isinstance(node, ast.Attribute) and node.attr in LOSSES:
            end = source.end(node)
            yield from ((Edit(end - len(node.attr), end, other),) for other in LOSSES[node.attr])


@operator("add-metric")
def add_metric(source: Source) -> Iterator[Edits]:
    """A metric that does not go with the targets."""
    for call in source.calls(("compile",)):
        metrics = next((k for k in call.keywords if k.arg == "metrics"), None)
        name = (
            "keras"
            if "\nimport keras" in f"\n{source.text}"
            else "tf.keras"
            if "import tensorflow as tf" in source.text
            else ""
        )
        if not name:
            continue
        for metric in METRICS:
            written = f"metrics=[{name}.metrics.{metric}]"
            if metrics is not None:
                yield (source.replaced(metrics, written),)
            elif call.args or call.keywords:
                yield (Edit(source.end(call) - 1, source.end(call) - 1, f", {written}"),)


@operator("drop-batch-axis")
def drop_batch_axis(source: Source) -> Iterator[Edits]:
    """One example where a batch is wanted."""
    for call in source.calls((*TRAINING, *PREDICTING)):
        for place in range(min(2, len(call.args))):
            data = call.args[place]
            if isinstance(data, ast.Name | ast.Attribute | ast.Subscript):
                yield (source.replaced(data, f"{source.of(data)}[0]"),)
    models = _models(source)
    for call in source.calls(models):
        if len(call.args) == 1 and isinstance(call.func, ast.Name) and isinstance(call.args[0], ast.Name):
            yield (source.replaced(call.args[0], f"{source.of(call.args[0])}[0]"),)


@operator("swap-data")
def swap_data(source: Source) -> Iterator[Edits]:
    """Inputs for targets, or targets that belong to other inputs."""
    for call in source.calls(TRAINING):
        pair = [argument(call, 0, "x"), argument(call, 1, "y")]
        if pair[0] is not None and pair[1] is not None:
            yield source.replaced(pair[0], source.of(pair[1])), source.replaced(pair[1], source.of(pair[0]))
    for call in source.calls(("fit",)):
        data = next((k.value for k in call.keywords if k.arg == "validation_data"), None)
        if isinstance(data, ast.Tuple) and len(data.elts) == 2:
            first, second = data.elts
            yield source.replaced(first, source.of(second)), source.replaced(second, source.of(first))
            target = argument(call, 1, "y")
            if target is not None:
                yield (source.replaced(second, source.of(target)),)


@operator("drop-targets")
def drop_targets(source: Source) -> Iterator[Edits]:
    """`fit(x)`."""
    for call in source.calls(TRAINING):
        target = argument(call, 1, "y")
        if target is not None:
            item = next((k for k in call.keywords if k.value is target), target)
            yield (source.without_item(item, items_of(call)),)


@operator("fewer-samples")
def fewer_samples(source: Source) -> Iterator[Edits]:
    """One of inputs and targets that is cut."""
    for call in source.calls(TRAINING):
        for place, name in enumerate(("x", "y")):
            data = argument(call, place, name)
            if isinstance(data, ast.Name | ast.Attribute):
                yield (source.replaced(data, f"{source.of(data)}[1:]"),)


@operator("change-input-shape")
def change_input_shape(source: Source) -> Iterator[Edits]:
    """Another shape declared for the input."""
    for call in source.calls():
        shape = argument(call, 0, "shape") if last_name(call.func) in ("Input", "InputLayer") else None
        for keyword in call.keywords:
            if keyword.arg in ("input_shape", "batch_shape", "batch_input_shape"):
                shape = keyword.value
            elif keyword.arg in ("input_dim", "batch_size") and whole_number(keyword.value):
                yield (source.replaced(keyword.value, str((whole_number(keyword.value) or 0) + 1)),)
        if shape is None:
            continue
        yield from _other_shapes(source, shape)
        if isinstance(shape, ast.Tuple) and shape.elts:
            start = source.start(shape.elts[0])
            yield (Edit(start, start, "32, "),)
            if len(shape.elts) > 1:
                yield (source.replaced(shape.elts[0], "None"),)
                yield (source.replaced(shape.elts[-1], "None"),)


@operator("drop-input-shape")
def drop_input_shape(source: Source) -> Iterator[Edits]:
    """A model that does not say what goes in."""
    for call in source.calls():
        for keyword in call.keywords:
            if keyword.arg in ("input_shape", "input_dim"):
                yield (source.without_item(keyword, items_of(call)),)


@operator("change-batch-size")
def change_batch_size(source: Source) -> Iterator[Edits]:
    """Another batch size."""
    for call in source.calls():
        for keyword in call.keywords:
            number = whole_number(keyword.value)
            if keyword.arg == "batch_size" and number and last_name(call.func) not in ("Input", "InputLayer"):
                yield (source.replaced(keyword.value, str(number - 1 or 3)),)
        if last_name(call.func) == "batch" and call.args:
            number = whole_number(call.args[0])
            if number:
                yield (source.replaced(call.args[0], str(number + 1)),)


def _keras(source: Source) -> str:
    """By which name a program can speak of Keras."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in ("keras", "tensorflow"):
                    name = alias.asname or alias.name
                    return name if alias.name == "keras" else f"{name}.keras"
    return ""


def _models(source: Source) -> set[str]:
    return {
        target.id
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and last_name(node.value.func) in ("Sequential", "Model")
    }
