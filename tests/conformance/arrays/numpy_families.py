"""Random calls of NumPy by family."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.conformance.arrays.tensorflow_families import any_axis, sizes, written

_DTYPES = ("", "", "float32", "int32", "uint8", "bool", "int64", "float16")


def manipulating(chooser: random.Random) -> str:
    """Changes of shape."""
    shape = sizes(chooser, 1, 4)
    x, rank = written("", shape), len(shape)
    kind = chooser.randint(0, 9)
    if kind == 0:
        parts = shape[:]
        chooser.shuffle(parts)
        if chooser.random() < 0.5:
            parts[chooser.randrange(rank)] = -1
        elif chooser.random() < 0.3:
            parts.append(2)
        return f"{x}.reshape({chooser.choice([str(parts), ', '.join(map(str, parts))])})"
    if kind == 1:
        return f"np.expand_dims({x}, {any_axis(chooser, rank + 1)})"
    if kind == 2:
        return f"np.squeeze({x}{chooser.choice(['', f', axis={any_axis(chooser, rank)}'])})"
    if kind == 3:
        order = list(range(rank if chooser.random() < 0.9 else rank + 1))
        chooser.shuffle(order)
        return f"np.transpose({x}, {order})"
    if kind == 4:
        return f"np.tile({x}, {[chooser.randint(1, 3) for _ in range(chooser.randint(1, 3))]})"
    if kind == 5:
        widths = [[chooser.randint(0, 2), chooser.randint(0, 2)] for _ in range(rank)]
        return f"np.pad({x}, {chooser.choice([widths, 1, (1, 2)])})"
    if kind == 6:
        return f"np.repeat({x}, {chooser.randint(1, 3)}{chooser.choice(['', f', axis={any_axis(chooser, rank)}'])})"
    if kind == 7:
        return f"np.moveaxis({x}, {any_axis(chooser, rank)}, {any_axis(chooser, rank)})"
    if kind == 8:
        return f"np.swapaxes({x}, {any_axis(chooser, rank)}, {any_axis(chooser, rank)})"
    return f"np.rollaxis({x}, {any_axis(chooser, rank)})"


def joining(chooser: random.Random) -> str:
    """Concatenation, stacks, splits."""
    shape = sizes(chooser, 1, 3)
    rank, axis = len(shape), any_axis(chooser, len(shape))
    if chooser.random() < 0.3:
        count = chooser.randint(1, 3)
        if chooser.random() < 0.4:
            return f"np.split({written('', shape)}, {sorted(chooser.randint(0, 5) for _ in range(count))}, axis={axis})"
        return f"np.{chooser.choice(['split', 'array_split'])}({written('', shape)}, {count}, axis={axis})"
    other = list(shape)
    if chooser.random() < 0.6:
        other[chooser.randrange(rank)] = chooser.randint(1, 5)
    elif chooser.random() < 0.2:
        other.append(2)
    a, b = written("", shape, chooser.choice(_DTYPES)), written("", other, chooser.choice(_DTYPES))
    name = chooser.choice(["concatenate", "concatenate", "stack", "vstack", "hstack", "dstack", "column_stack"])
    extra = f", axis={axis}" if name in ("concatenate", "stack") else ""
    return f"np.{name}([{a}, {b}]{extra})"


def statistics(chooser: random.Random) -> str:
    """Reductions with axes, ``keepdims`` and dtypes."""
    shape = sizes(chooser, 1, 4)
    rank, x = len(shape), written("", shape, chooser.choice(_DTYPES[:5]))
    axes = f"({any_axis(chooser, rank)}, {any_axis(chooser, rank)})"
    axis = chooser.choice(["", f", axis={any_axis(chooser, rank)}", f", axis={axes}"])
    keep = chooser.choice(["", ", keepdims=True"])
    name = chooser.choice(["sum", "mean", "std", "var", "max", "min", "median", "prod", "any", "all", "ptp"])
    if name == "median" and "float16" in x:
        name = "max"
    return f"np.{name}({x}{axis}{keep})"


def elementwise(chooser: random.Random) -> str:
    """Ufuncs and operators: broadcasting and promotion."""
    shape = sizes(chooser, 0, 4)
    other = [size if chooser.random() < 0.75 else chooser.choice([1, 2]) for size in shape]
    other = other[chooser.randint(0, len(other)) :]
    a, b = written("", shape, chooser.choice(_DTYPES)), written("", other, chooser.choice(_DTYPES))
    if chooser.random() < 0.2:
        b = chooser.choice(["2", "2.5", "True"])
    form = chooser.choice(
        ["{0} + {1}", "{0} * {1}", "{0} / {1}", "{0} > {1}", "np.maximum({0}, {1})", "np.hypot({0}, {1})"]
    )
    return form.format(a, b)


def indexing(chooser: random.Random) -> str:
    """Basic and advanced subscripts."""
    shape = sizes(chooser, 1, 4)
    items = []
    for size in shape[: chooser.randint(1, len(shape))]:
        inside = chooser.randint(-size, size - 1) if chooser.random() < 0.93 else size
        items.append(
            chooser.choice(
                [
                    ":", "0", "1:", ":-1", "::2", "::-1", str(inside), "None", f"[{inside}, 0]", "[[0], [0]]",
                    f"{chooser.randint(0, 3)}:{chooser.randint(1, 6)}",
                    str([chooser.random() < 0.5 for _ in range(size)]),
                ]
            )
        )  # fmt: skip
    if chooser.random() < 0.3:
        items.insert(chooser.randint(0, len(items)), "...")
    return f"{written('', shape)}[{', '.join(items)}]"


def products(chooser: random.Random) -> str:
    """Matrix products."""
    batch = sizes(chooser, 0, 2, 3)
    rows, inner, columns = (chooser.randint(1, 5) for _ in range(3))
    left = [*batch, rows, inner]
    right = [inner if chooser.random() < 0.8 else chooser.randint(1, 5), columns]
    if chooser.random() < 0.25:
        right = right[:1]
    elif chooser.random() < 0.3:
        right = [*(size if chooser.random() < 0.8 else 1 for size in batch), *right]
    if chooser.random() < 0.15:
        left = left[-1:]
    a, b = written("", left, chooser.choice(_DTYPES)), written("", right, chooser.choice(_DTYPES))
    form = chooser.choice(["{0} @ {1}", "np.dot({0}, {1})", "np.matmul({0}, {1})", "np.tensordot({0}, {1}, axes=1)"])
    return form.format(a, b)


FAMILIES: dict[str, Callable[[random.Random], str]] = {
    "manipulating": manipulating,
    "joining": joining,
    "statistics": statistics,
    "elementwise": elementwise,
    "indexing": indexing,
    "products": products,
}
