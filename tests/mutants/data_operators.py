"""Mistakes in arrays, tensors and data sets."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .operators import Edits, operator
from .source import Edit, Source, argument, items_of, last_name, whole_number

MAKERS = ("zeros", "ones", "full", "empty", "rand", "randn", "random", "uniform", "normal", "randint", "random_sample")
PASSING = ("expand_dims", "squeeze", "transpose", "reshape", "one_hot", "to_categorical", "get_dummies", "ravel")
JOINING = ("concatenate", "concat", "stack", "vstack", "hstack", "Concatenate")
PAIRWISE = ("matmul", "dot", "tensordot", "einsum", "add", "subtract", "multiply", "where", "MeanSquaredError")
# Where NumPy and TensorFlow use different names, one of two mutants asks for a function that is not there.
LOOKALIKES = {
    "hstack": ("vstack",),
    "vstack": ("hstack",),
    "stack": ("concatenate", "concat"),
    "concatenate": ("stack",),
    "concat": ("stack",),
    "matmul": ("multiply",),
    "dot": ("multiply",),
    "expand_dims": ("squeeze",),
    "squeeze": ("ravel", "identity"),
    "argmax": ("max", "reduce_max"),
    "reduce_sum": ("cumsum",),
    "reduce_mean": ("identity",),
}
DATASET_STEPS = ("batch", "unbatch", "map", "padded_batch", "window", "take", "repeat")


@operator("drop-reshaping")
def drop_reshaping(source: Source) -> Iterator[Edits]:
    """`expand_dims`, `reshape`, `transpose`, `to_categorical`, `one_hot` and their kin forgotten."""
    for call in source.calls(PASSING):
        name = last_name(call.func)
        function = call.func
        if isinstance(function, ast.Attribute) and not _is_module(source, function.value):
            # A method: x.reshape(...), x.transpose(...)
            if name in ("reshape", "transpose", "squeeze", "ravel"):
                yield (source.replaced(call, source.of(function.value)),)
        elif call.args and not isinstance(call.args[0], ast.Starred):
            yield (source.replaced(call, source.of(call.args[0])),)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield (source.replaced(node, source.of(node.value)),)


@operator("drop-new-axis")
def drop_new_axis(source: Source) -> Iterator[Edits]:
    """`x[..., np.newaxis]` and `x[None]` without their new axis."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Subscript):
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if any(_is_new_axis(part) for part in parts):
                yield (source.replaced(node, source.of(node.value)),)


@operator("change-target-shape")
def change_target_shape(source: Source) -> Iterator[Edits]:
    """Another number or rank in what something is reshaped to."""
    for call in source.calls(("reshape", "Reshape", "broadcast_to")):
        for node in _shape_arguments(call):
            yield from _other_shapes(source, node)


@operator("change-data-shape")
def change_data_shape(source: Source) -> Iterator[Edits]:
    """Another number or rank in what is made."""
    for call in source.calls(MAKERS):
        for node in _shape_arguments(call):
            yield from _other_shapes(source, node)


@operator("change-constant")
def change_constant(source: Source) -> Iterator[Edits]:
    """Another value of a named number or shape."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            number = whole_number(node.value)
            if number is not None and number > 1:
                yield from ((source.replaced(node.value, str(other)),) for other in (number + 1, number * 2))
            elif isinstance(node.value, ast.Tuple):
                yield from _other_shapes(source, node.value)


@operator("change-default")
def change_default(source: Source) -> Iterator[Edits]:
    """Another number in a call of one of the program's own functions and classes."""
    own = {n.name for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for call in source.calls(own):
        for node in [*call.args, *(keyword.value for keyword in call.keywords)]:
            number = whole_number(node)
            if number is not None and number > 0:
                yield from ((source.replaced(node, str(other)),) for other in (number + 1, number * 2))


@operator("change-axis")
def change_axis(source: Source) -> Iterator[Edits]:
    """Another axis to join, reduce, normalize or sort along."""
    for call in source.calls():
        for keyword in call.keywords:
            number = whole_number(keyword.value)
            if keyword.arg in ("axis", "axes", "batch_axis") and number is not None:
                others = [other for other in (number + 1, number - 1, 0, 3) if other != number]
                yield from ((source.replaced(keyword.value, str(other)),) for other in others)
                yield (source.without_item(keyword, items_of(call)),)
            elif keyword.arg in ("axes", "perm") and isinstance(keyword.value, ast.Tuple | ast.List):
                yield from _other_numbers(source, keyword.value)
            elif keyword.arg in ("keepdims", "transpose_a", "transpose_b"):
                yield (source.without_item(keyword, items_of(call)),)
        if last_name(call.func) in ("Permute", "transpose", "permute_dimensions") and call.args:
            for arg in call.args:
                if isinstance(arg, ast.Tuple | ast.List) and len(arg.elts) > 1:
                    first, second = arg.elts[-2:]
                    yield source.replaced(first, source.of(second)), source.replaced(second, source.of(first))


@operator("drop-slice")
def drop_slice(source: Source) -> Iterator[Edits]:
    """`x[:100]`, `x[:, 0]`, `x[0]` without what is in the brackets."""
    for node in _loads(source, ast.Subscript):
        assert isinstance(node, ast.Subscript)
        if not isinstance(node.slice, ast.Constant) or type(node.slice.value) is int:
            yield (source.replaced(node, source.of(node.value)),)


@operator("change-slice")
def change_slice(source: Source) -> Iterator[Edits]:
    """Another bound of a slice, or another index."""
    for node in _loads(source, ast.Subscript):
        assert isinstance(node, ast.Subscript)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for part in parts:
            bounds = [part.lower, part.upper] if isinstance(part, ast.Slice) else [part]
            for bound in bounds:
                number = whole_number(bound)
                if bound is not None and number is not None:
                    yield (source.replaced(bound, str(number + 1)),)
                    if isinstance(part, ast.Slice) and number:
                        yield (source.replaced(bound, str(number // 2)),)


@operator("swap-arguments")
def swap_arguments(source: Source) -> Iterator[Edits]:
    """The first two arguments exchanged, in functions of two tensors."""
    for call in source.calls():
        plain = len(call.args) >= 2 and not any(isinstance(arg, ast.Starred) for arg in call.args[:2])
        if plain and (last_name(call.func) in PAIRWISE or "loss" in last_name(call.func)):
            first, second = call.args[:2]
            yield source.replaced(first, source.of(second)), source.replaced(second, source.of(first))
    for node in _loads(source, ast.BinOp):
        assert isinstance(node, ast.BinOp)
        if isinstance(node.op, ast.MatMult):
            yield (
                source.replaced(node.left, source.of(node.right)),
                source.replaced(node.right, source.of(node.left)),
            )


@operator("swap-elements")
def swap_elements(source: Source) -> Iterator[Edits]:
    """Two tensors of a list exchanged, or a list of two that has only one."""
    for call in source.calls():
        for item in [*call.args, *(keyword.value for keyword in call.keywords)]:
            if isinstance(item, ast.List | ast.Tuple) and len(item.elts) in (2, 3):
                if all(isinstance(part, ast.Name | ast.Subscript | ast.Attribute) for part in item.elts):
                    first, second = item.elts[:2]
                    yield source.replaced(first, source.of(second)), source.replaced(second, source.of(first))
                    yield (source.without_item(second, item.elts),)


@operator("swap-targets")
def swap_targets(source: Source) -> Iterator[Edits]:
    """What a call gives, unpacked in the wrong order: `x, y, x_test, y_test = train_test_split(...)`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names = node.targets[0].elts
            if isinstance(node.value, ast.Call) and len(names) >= 2 and all(isinstance(n, ast.Name) for n in names):
                first, second = names[-2], names[-1]
                if len(names) == 4:
                    first, second = names[1], names[2]
                yield source.replaced(first, source.of(second)), source.replaced(second, source.of(first))


@operator("drop-element")
def drop_element(source: Source) -> Iterator[Edits]:
    """A list to be joined that lacks its last part."""
    for call in source.calls(JOINING):
        if call.args and isinstance(call.args[0], ast.List | ast.Tuple) and len(call.args[0].elts) > 1:
            elements = call.args[0].elts
            yield (source.without_item(elements[-1], elements),)


@operator("dataset-steps")
def dataset_steps(source: Source) -> Iterator[Edits]:
    """A data set that is not batched, is batched twice, or lacks another step."""
    for call in source.calls(DATASET_STEPS):
        function = call.func
        if isinstance(function, ast.Attribute) and not _is_module(source, function.value):
            yield (source.replaced(call, source.of(function.value)),)
            if function.attr in ("batch", "unbatch"):
                end = source.end(call)
                yield (Edit(end, end, source.text[source.end(function.value) : end].replace("\n", " ")),)
            statement = source.statement(call)
            if function.attr == "batch" and isinstance(statement, ast.Assign) and statement.value is call:
                yield (source.replaced(statement, source.of(call)),)


@operator("exchange-function")
def exchange_function(source: Source) -> Iterator[Edits]:
    """One function of arrays for another that looks like it."""
    for call in source.calls(LOOKALIKES):
        function = call.func
        if isinstance(function, ast.Attribute) and _is_module(source, function.value):
            end = source.end(function)
            yield from ((Edit(end - len(function.attr), end, other),) for other in LOOKALIKES[function.attr])


@operator("change-data-set")
def change_data_set(source: Source) -> Iterator[Edits]:
    """One of Keras's data sets for another."""
    for node in _loads(source, ast.Attribute):
        assert isinstance(node, ast.Attribute)
        if node.attr in ("mnist", "fashion_mnist", "cifar10"):
            end = source.end(node)
            yield (Edit(end - len(node.attr), end, "mnist" if node.attr == "cifar10" else "cifar10"),)


def _loads(source: Source, kind: type[ast.expr]) -> list[ast.expr]:
    found = [node for node in ast.walk(source.tree) if isinstance(node, kind)]
    return [node for node in found if isinstance(getattr(node, "ctx", ast.Load()), ast.Load)]


def _is_module(source: Source, node: ast.expr) -> bool:
    """Whether a name stands for a module that is imported."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in _modules(source)


def _modules(source: Source) -> set[str]:
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _is_new_axis(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and node.value is None) or last_name(node) == "newaxis"


def _shape_arguments(call: ast.Call) -> Iterator[ast.expr]:
    named = [argument(call, len(call.args), name) for name in ("shape", "size", "target_shape", "newshape")]
    for node in [*call.args, *named]:
        if isinstance(node, ast.Tuple | ast.List) or whole_number(node) is not None:
            assert node is not None
            yield node


def _other_numbers(source: Source, node: ast.Tuple | ast.List) -> Iterator[Edits]:
    for part in node.elts:
        number = whole_number(part)
        if number is not None:
            yield (source.replaced(part, str(number + 1)),)


def _other_shapes(source: Source, node: ast.expr) -> Iterator[Edits]:
    """A shape with another number, with an axis more, and with one fewer."""
    number = whole_number(node)
    if number is not None and number > 0:
        yield (source.replaced(node, str(number + 1)),)
        yield (source.replaced(node, str(number * 2)),)
    if isinstance(node, ast.Tuple | ast.List):
        numbers = [whole_number(part) for part in node.elts]
        if not any(number is not None for number in numbers):
            return
        yield from _other_numbers(source, node)
        if len(node.elts) > 1:
            yield (source.without_item(node.elts[-1], node.elts),)
            yield (source.without_item(node.elts[0], node.elts),)
            first, second = node.elts[-2:]
            yield source.replaced(first, source.of(second)), source.replaced(second, source.of(first))
        if node.elts:
            end = source.end(node.elts[-1])
            yield (Edit(end, end, ", 1"),)
            yield (Edit(end, end, ", 3"),)
