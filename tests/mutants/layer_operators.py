"""Mistakes in the chain of layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .operators import Edits, operator
from .source import Edit, Source, argument, items_of, last_name, whole_number

FLATTENING = (
    "Flatten",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPool2D",
)
SHAPING = ("Reshape", "Permute", "RepeatVector", "UpSampling1D", "UpSampling2D", "ZeroPadding2D", "Cropping2D")
POOLING = ("MaxPooling1D", "MaxPooling2D", "MaxPool2D", "AveragePooling1D", "AveragePooling2D", "MaxPooling3D")
RECURRENT = ("LSTM", "GRU", "SimpleRNN", "ConvLSTM2D")
CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv1DTranspose", "SeparableConv2D")
WINDOWED = (*CONVOLUTIONS, "DepthwiseConv2D", *POOLING)
OTHERS = ("Dense", "Embedding", *CONVOLUTIONS, *RECURRENT, "Dot", "Bidirectional", "TimeDistributed")

EXCHANGED = {
    "Conv1D": ("Conv2D",),
    "Conv2D": ("Conv1D", "Conv2DTranspose", "Conv3D"),
    "Conv2DTranspose": ("Conv2D",),
    "MaxPooling1D": ("MaxPooling2D",),
    "MaxPooling2D": ("MaxPooling1D", "UpSampling2D"),
    "UpSampling2D": ("MaxPooling2D", "UpSampling1D"),
    "GlobalAveragePooling1D": ("GlobalAveragePooling2D", "Flatten"),
    "GlobalAveragePooling2D": ("GlobalAveragePooling1D", "Flatten"),
    "GlobalMaxPooling1D": ("GlobalMaxPooling2D",),
    "Flatten": ("GlobalAveragePooling2D", "GlobalAveragePooling1D"),
    "Add": ("Concatenate",),
    "Concatenate": ("Add",),
    "concatenate": ("add",),
    "add": ("concatenate",),
    "Multiply": ("Dot", "Concatenate"),
    "Dense": ("LSTM",),
    "LSTM": ("Dense",),
    "GRU": ("Dense",),
    "Embedding": ("Dense",),
    "Attention": ("Add",),
}


def removed(source: Source, made: ast.Call) -> Iterator[Edits]:
    """The program without what a layer does, where it is applied in the place where it is made."""
    around = source.parents[made]
    if isinstance(around, ast.Call) and around.func is made and len(around.args) == 1:
        yield (source.replaced(around, source.of(around.args[0])),)
    elif isinstance(around, ast.List) and len(around.elts) > 1:
        yield (source.without_item(made, around.elts),)
    elif isinstance(around, ast.Call) and last_name(around.func) == "add" and around.args == [made]:
        statement = source.parents[around]
        if isinstance(statement, ast.Expr):
            yield (source.replaced(statement, "pass"),)
    elif isinstance(around, ast.Assign) and len(around.targets) == 1:
        target = ast.dump(around.targets[0]).replace("Store()", "Load()")
        for call in source.calls():
            if ast.dump(call.func) == target and len(call.args) == 1:
                yield (source.replaced(call, source.of(call.args[0])),)


def _removing(names: tuple[str, ...], source: Source) -> Iterator[Edits]:
    for call in source.calls(names):
        yield from removed(source, call)


@operator("drop-flatten")
def drop_flatten(source: Source) -> Iterator[Edits]:
    """No Flatten, no global pooling."""
    yield from _removing(FLATTENING, source)


@operator("drop-shaping-layer")
def drop_shaping(source: Source) -> Iterator[Edits]:
    """No Reshape, Permute, RepeatVector, up-sampling, padding or cropping."""
    yield from _removing(SHAPING, source)


@operator("drop-pooling")
def drop_pooling(source: Source) -> Iterator[Edits]:
    """No pooling."""
    yield from _removing(POOLING, source)


@operator("drop-layer")
def drop_layer(source: Source) -> Iterator[Edits]:
    """One layer with weights fewer."""
    yield from _removing(OTHERS, source)


@operator("return-sequences")
def return_sequences(source: Source) -> Iterator[Edits]:
    """`return_sequences=True` forgotten, or left on."""
    for call in source.calls(RECURRENT):
        given = next((k for k in call.keywords if k.arg == "return_sequences"), None)
        if given is not None:
            yield (source.without_item(given, items_of(call)),)
        else:
            yield (Edit(source.end(call) - 1, source.end(call) - 1, ", return_sequences=True"),)


@operator("change-units")
def change_units(source: Source) -> Iterator[Edits]:
    """Another number of units in a Dense or recurrent layer."""
    for call in source.calls(("Dense", "EinsumDense", *RECURRENT)):
        units = argument(call, 0, "units")
        number = whole_number(units)
        if units is not None and number is not None:
            yield from ((source.replaced(units, str(other)),) for other in {1, 2, number + 1, number * 2} - {number})


@operator("change-filters")
def change_filters(source: Source) -> Iterator[Edits]:
    """Another number of filters, or of an Embedding's columns."""
    for call in source.calls((*CONVOLUTIONS, "Embedding")):
        name, place = ("output_dim", 1) if last_name(call.func) == "Embedding" else ("filters", 0)
        filters = argument(call, place, name)
        number = whole_number(filters)
        if filters is not None and number is not None:
            yield from ((source.replaced(filters, str(other)),) for other in (number + 1, number * 2))


@operator("change-window")
def change_window(source: Source) -> Iterator[Edits]:
    """A larger kernel or pool."""
    for call in source.calls(WINDOWED):
        pools = last_name(call.func) in POOLING
        window = argument(call, 0 if pools else 1, "pool_size" if pools else "kernel_size")
        if window is None:
            continue
        sizes = window.elts if isinstance(window, ast.Tuple) else [window]
        for node in sizes:
            number = whole_number(node)
            if number is not None:
                yield from ((source.replaced(node, str(other)),) for other in (number + 1, number * 4))


@operator("change-strides")
def change_strides(source: Source) -> Iterator[Edits]:
    """Strides that are not there, or are forgotten."""
    for call in source.calls(WINDOWED):
        given = next((k for k in call.keywords if k.arg == "strides"), None)
        if given is not None:
            yield (source.without_item(given, items_of(call)),)
        elif last_name(call.func) in CONVOLUTIONS and len(call.args) < 3:
            yield (Edit(source.end(call) - 1, source.end(call) - 1, ", strides=2"),)


@operator("change-padding")
def change_padding(source: Source) -> Iterator[Edits]:
    """`same` and `valid` exchanged, or `same` forgotten."""
    other = {"same": "valid", "valid": "same", "causal": "valid"}
    for call in source.calls(WINDOWED):
        for keyword in call.keywords:
            if keyword.arg == "padding" and isinstance(keyword.value, ast.Constant) and keyword.value.value in other:
                yield (source.replaced(keyword.value, repr(other[str(keyword.value.value)])),)


@operator("exchange-layer")
def exchange_layer(source: Source) -> Iterator[Edits]:
    """One layer for another that looks like it."""
    imported = {
        alias.asname or alias.name for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }  # fmt: skip
    for call in source.calls(EXCHANGED):
        function = call.func
        end = source.end(function)
        for other in EXCHANGED[last_name(function)]:
            if isinstance(function, ast.Attribute):
                yield (Edit(end - len(function.attr), end, other),)
            elif isinstance(function, ast.Name) and function.id in imported:
                yield (source.replaced(function, other), *_imported_too(source, function.id, other))


def _imported_too(source: Source, name: str, other: str) -> Iterator[Edit]:
    """The import of the other name, beside that of the one."""
    for node in source.tree.body:
        if isinstance(node, ast.ImportFrom) and not any(alias.name in (other, "*") for alias in node.names):
            for alias in node.names:
                if alias.name == name and alias.asname is None:
                    place = source._offset(alias.lineno, alias.col_offset)
                    yield Edit(place, place, f"{other}, ")


@operator("drop-wrapper")
def drop_wrapper(source: Source) -> Iterator[Edits]:
    """A layer without its TimeDistributed or Bidirectional."""
    for call in source.calls(("TimeDistributed", "Bidirectional")):
        if call.args:
            yield (source.replaced(call, source.of(call.args[0])),)


@operator("swap-layers")
def swap_layers(source: Source) -> Iterator[Edits]:
    """Two neighbours of a list of layers, exchanged."""
    for call in source.calls(("Sequential",)):
        layers = argument(call, 0, "layers")
        if isinstance(layers, ast.List):
            for one, other in zip(layers.elts, layers.elts[1:], strict=False):
                if isinstance(one, ast.Call) and isinstance(other, ast.Call) and last_name(one.func) != "Dropout":
                    yield source.replaced(one, source.of(other)), source.replaced(other, source.of(one))


@operator("change-pretrained")
def change_pretrained(source: Source) -> Iterator[Edits]:
    """`include_top` or `pooling` of a ready-made network forgotten."""
    for call in source.calls():
        for keyword in call.keywords:
            if keyword.arg in ("include_top", "pooling"):
                yield (source.without_item(keyword, items_of(call)),)


@operator("change-head-arguments")
def change_head_arguments(source: Source) -> Iterator[Edits]:
    """Another `num_heads`, `key_dim` or `groups`."""
    for call in source.calls():
        for keyword in call.keywords:
            number = whole_number(keyword.value)
            if keyword.arg in ("key_dim", "groups", "num_classes", "num_tokens", "depth", "maxlen") and number:
                yield from ((source.replaced(keyword.value, str(other)),) for other in (number + 1, number * 2))
