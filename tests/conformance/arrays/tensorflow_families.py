"""Random calls of TensorFlow by family."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence


def sizes(chooser: random.Random, low: int, high: int, largest: int = 5) -> list[int]:
    """A random shape of ``low`` to ``high`` axes."""
    return [chooser.randint(1, largest) for _ in range(chooser.randint(low, high))]


def written(kind: str, shape: Sequence[int], dtype: str = "") -> str:
    """An input of a case."""
    return f"${kind}{'x'.join(map(str, shape))}{':' + dtype if dtype else ''}"


def any_axis(chooser: random.Random, rank: int) -> int:
    """An axis of an array of this rank, now and then one that is not there."""
    return chooser.randint(-rank - 1, rank) if chooser.random() < 0.15 else chooser.randint(-rank, max(0, rank - 1))


def reshaping(chooser: random.Random) -> str:
    """Changes of shape."""
    shape = sizes(chooser, 1, 4)
    x, rank = written("t", shape), len(shape)
    kind = chooser.randint(0, 7)
    if kind == 0:
        parts = shape[:]
        chooser.shuffle(parts)
        if chooser.random() < 0.5:
            parts[chooser.randrange(rank)] = -1
        elif chooser.random() < 0.3:
            parts.append(2)
        return f"tf.reshape({x}, {parts})"
    if kind == 1:
        return f"tf.expand_dims({x}, {any_axis(chooser, rank + 1)})"
    if kind == 2:
        return f"tf.squeeze({x}{chooser.choice(['', f', axis={any_axis(chooser, rank)}'])})"
    if kind == 3:
        order = list(range(rank if chooser.random() < 0.9 else rank + 1))
        chooser.shuffle(order)
        return f"tf.transpose({x}, {order})"
    if kind == 4:
        return f"tf.tile({x}, {[chooser.randint(1, 3) for _ in range(rank if chooser.random() < 0.9 else rank + 1)]})"
    if kind == 5:
        widths = [[chooser.randint(0, 2), chooser.randint(0, 2)] for _ in range(rank)]
        return f"tf.pad({x}, {widths})"
    if kind == 6:
        return f"tf.repeat({x}, {chooser.randint(1, 3)}, axis={any_axis(chooser, rank)})"
    return f"tf.unstack({x}, axis={any_axis(chooser, rank)})"


def joining(chooser: random.Random) -> str:
    """Concatenation, stacks, splits."""
    shape = sizes(chooser, 1, 3)
    rank, axis = len(shape), any_axis(chooser, len(shape))
    if chooser.random() < 0.4:
        count = chooser.randint(1, 3)
        if chooser.random() < 0.4:
            parts = [chooser.randint(1, 3) for _ in range(count)]
            place = axis if -rank <= axis < rank else 0
            shape[place] = sum(parts) + (chooser.random() < 0.2)
            return f"tf.split({written('t', shape)}, {parts}, axis={axis})"
        return f"tf.split({written('t', shape)}, {count}, axis={axis})"
    other = list(shape)
    if chooser.random() < 0.6:
        other[chooser.randrange(rank)] = chooser.randint(1, 5)
    elif chooser.random() < 0.2:
        other.append(2)
    name = chooser.choice(["concat", "concat", "stack"])
    return f"tf.{name}([{written('t', shape)}, {written('t', other)}], axis={axis})"


def reducing(chooser: random.Random) -> str:
    """Reductions."""
    shape = sizes(chooser, 0, 4)
    names = ["sum", "mean", "max", "min", "prod", "any", "all", "logsumexp"]
    name = chooser.choice(names)
    dtype = "bool" if name in ("any", "all") else chooser.choice(["", "", "int32"]) if name != "logsumexp" else ""
    rank = len(shape)
    axis = chooser.choice(["", f", axis={any_axis(chooser, rank)}", f", axis=[{any_axis(chooser, rank)}]"])
    keep = chooser.choice(["", ", keepdims=True"])
    if name in ("sum", "max") and chooser.random() < 0.3 and rank:
        return f"tf.arg{chooser.choice(['max', 'min'])}({written('t', shape)}, axis={any_axis(chooser, rank)})"
    return f"tf.reduce_{name}({written('t', shape, dtype)}{axis}{keep})"


def products(chooser: random.Random) -> str:
    """Matrix products."""
    batch = sizes(chooser, 0, 2, 3)
    rows, inner, columns = (chooser.randint(1, 5) for _ in range(3))
    left, right = [rows, inner], [inner if chooser.random() < 0.8 else chooser.randint(1, 5), columns]
    turn = chooser.choice(["", "", ", transpose_b=True", ", transpose_a=True"])
    if "b" in turn:
        right.reverse()
    if "a=" in turn:
        left.reverse()
    other = [size if chooser.random() < 0.8 else 1 for size in batch][chooser.randint(0, len(batch)) :]
    if chooser.random() < 0.25:
        letters = "ab"[: len(batch)]
        return (
            f"tf.einsum('{letters}ij,{letters}jk->{letters}ik', "
            f"{written('t', [*batch, rows, inner])}, {written('t', [*batch, right[0], columns])})"
        )
    return f"tf.matmul({written('t', batch + left)}, {written('t', other + right)}{turn})"


def elementwise(chooser: random.Random) -> str:
    """Operators and functions of two operands."""
    shape = sizes(chooser, 0, 4)
    other = [size if chooser.random() < 0.75 else chooser.choice([1, 2]) for size in shape]
    other = other[chooser.randint(0, len(other)) :]
    dtype = chooser.choice(["", "", "", "int32", "float64", "float16"])
    a, b = written("t", shape, dtype), written("t", other, dtype)
    if chooser.random() < 0.3:
        b = "2" if dtype == "int32" else chooser.choice(["2", "2.5"])
    form = chooser.choice(
        ["{0} + {1}", "{0} * {1}", "{0} / {1}", "{0} > {1}", "tf.maximum({0}, {1})", "tf.add({0}, {1})"]
    )
    return form.format(a, b)


def convolving(chooser: random.Random) -> str:
    """Convolutions and pooling."""
    spatial = chooser.choice([1, 2, 2, 2, 3])
    image = [chooser.randint(1, 3), *(chooser.randint(4, 9) for _ in range(spatial)), chooser.randint(1, 3)]
    padding, stride = chooser.choice(["SAME", "VALID"]), chooser.randint(1, 3)
    if chooser.random() < 0.5:
        kind = chooser.choice(["max", "avg"])
        return f"tf.nn.{kind}_pool{spatial}d({written('t', image)}, {chooser.randint(1, 4)}, {stride}, '{padding}')"
    inside = image[-1] if chooser.random() < 0.85 else image[-1] + 1
    filters = [*(chooser.randint(1, 3) for _ in range(spatial)), inside, chooser.randint(1, 4)]
    steps = stride if spatial < 3 else [1, stride, stride, stride, 1]
    return f"tf.nn.conv{spatial}d({written('t', image)}, {written('t', filters)}, {steps}, '{padding}')"


def choosing(chooser: random.Random) -> str:
    """Subscripts, slices, gathering."""
    shape = sizes(chooser, 1, 4)
    x, rank = written("t", shape), len(shape)
    if chooser.random() < 0.5:
        items = []
        for size in shape[: chooser.randint(1, rank)]:
            items.append(
                chooser.choice(
                    [
                        ":", "0", "-1", "1:", ":-1", "::2", "::-1", f"{chooser.randint(0, 3)}:{chooser.randint(1, 6)}",
                        str(chooser.randint(-size, size - 1) if chooser.random() < 0.9 else size), "tf.newaxis",
                    ]
                )
            )  # fmt: skip
        if chooser.random() < 0.3:
            items.insert(chooser.randint(0, len(items)), "...")
        return f"{x}[{', '.join(items)}]"
    if chooser.random() < 0.5:
        return f"tf.gather({x}, {[0] * chooser.randint(1, 4)}, axis={any_axis(chooser, rank)})"
    begin = [chooser.randint(0, size - 1) for size in shape]
    size = [chooser.choice([-1, chooser.randint(0, full)]) for full in shape]
    return f"tf.slice({x}, {begin}, {size})"


FAMILIES: dict[str, Callable[[random.Random], str]] = {
    "reshaping": reshaping,
    "joining": joining,
    "reducing": reducing,
    "products": products,
    "elementwise": elementwise,
    "convolving": convolving,
    "choosing": choosing,
}
