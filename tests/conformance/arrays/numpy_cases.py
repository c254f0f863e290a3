"""Random calls of NumPy, valid and invalid."""

from __future__ import annotations

import random
from collections.abc import Callable


def reductions(chooser: random.Random) -> list[str]:
    """Reductions over random axes, some of them out of range."""
    names = [
        "sum",
        "prod",
        "mean",
        "std",
        "var",
        "max",
        "min",
        "any",
        "all",
        "argmax",
        "argmin",
        "ptp",
        "median",
        "nansum",
        "count_nonzero",
        "amax",
    ]
    made = []
    for _ in range(220):
        name, shape = chooser.choice(names), _shape(chooser, 0, 4)
        rank = len(shape)
        single = name in ("argmax", "argmin")
        axis = chooser.choice(["", "None", *(str(a) for a in range(-rank - 1, rank + 1))])
        if not single and rank > 1 and chooser.random() < 0.3:
            axis = str(tuple(chooser.sample(range(rank), 2)))
        options = f", axis={axis}" if axis else ""
        options += chooser.choice(["", "", ", keepdims=True", ", keepdims=False"])
        dtype = chooser.choice(["", ":float32", ":int32", ":uint8", ":bool"])
        if name == "ptp" and dtype == ":bool":
            dtype = ""
        method = name in ("sum", "prod", "mean", "std", "max", "min", "argmax") and chooser.random() < 0.3
        made.append(
            f"{_input(shape)}{dtype}.{name}({options[2:]})" if method else f"np.{name}({_input(shape)}{dtype}{options})"
        )
    return made


def arithmetic(chooser: random.Random) -> list[str]:
    """Operators and ufuncs on shapes that sometimes broadcast."""
    made = []
    operators = ["+", "-", "*", "/", "//", "%", "**", "<", ">=", "==", "!="]
    functions = [
        "add",
        "subtract",
        "multiply",
        "divide",
        "maximum",
        "minimum",
        "power",
        "hypot",
        "arctan2",
        "logical_or",
        "fmod",
    ]
    dtypes = ["", ":float32", ":int32", ":int64", ":uint8", ":float16"]
    for _ in range(200):
        left = _shape(chooser, 0, 4)
        right = [size if chooser.random() < 0.6 else chooser.choice([1, 1, 2, 3]) for size in left]
        right = right[chooser.randint(0, len(right)) :]
        a = _input(left) + chooser.choice(dtypes)
        b = _input(right) + chooser.choice(dtypes)
        if chooser.random() < 0.3:
            b = chooser.choice(["2", "0.5", "True", "[1, 2, 3]", "(1.0, 2.0)"])
        if chooser.random() < 0.3:
            a, b = b, a
        if chooser.random() < 0.6 and "$" in a:
            made.append(f"{a} {chooser.choice(operators)} {b}")
        else:
            made.append(f"np.{chooser.choice(functions)}({a}, {b})")
    return made


def products(chooser: random.Random) -> list[str]:
    """Matrix products, half of them of matrices that do not fit."""
    made = []
    for _ in range(120):
        inner = chooser.choice([2, 3, 4])
        other = inner if chooser.random() < 0.6 else chooser.choice([2, 3, 5])
        batch = _shape(chooser, 0, 2)
        left = [*batch, chooser.randint(1, 4), inner][-chooser.randint(1, 4) :]
        right = [*(batch if chooser.random() < 0.7 else _shape(chooser, 0, 2)), other, chooser.randint(1, 4)]
        if chooser.random() < 0.2:
            right = [other]
        call = chooser.choice(["{a} @ {b}", "np.matmul({a}, {b})", "np.dot({a}, {b})"])
        made.append(call.format(a=_input(left), b=_input(right)))
    return made


def reshapes(chooser: random.Random) -> list[str]:
    """Reshapes to factors of the size, and to what does not fit."""
    made = []
    for _ in range(150):
        shape = _shape(chooser, 1, 4)
        target = list(shape)
        chooser.shuffle(target)
        if chooser.random() < 0.5 and len(target) > 1:
            target[0:2] = [target[0] * target[1]]
        if chooser.random() < 0.5:
            target[chooser.randrange(len(target))] = -1
        if chooser.random() < 0.3:
            target[chooser.randrange(len(target))] = chooser.choice([2, 3, 7, -1])
        sizes = ", ".join(map(str, target))
        form = chooser.choice(["np.reshape({a}, ({s},))", "{a}.reshape({s})", "{a}.reshape([{s}])"])
        made.append(form.format(a=_input(shape), s=sizes))
    return made


def joins(chooser: random.Random) -> list[str]:
    """Concatenations and stacks of two or three arrays, sometimes unequal."""
    made = []
    for _ in range(150):
        shape = _shape(chooser, 1, 3)
        parts = []
        axis = chooser.randrange(-len(shape), len(shape) + (chooser.random() < 0.1))
        for _ in range(chooser.randint(1, 3)):
            part = list(shape)
            if axis < len(part):
                part[axis] = chooser.choice([1, 2, shape[axis]])
            if chooser.random() < 0.15:
                part[chooser.randrange(len(part))] += 1
            if chooser.random() < 0.05:
                part.append(1)
            parts.append(_input(part) + chooser.choice(["", "", ":float32", ":int32"]))
        name = chooser.choice(["concatenate", "concatenate", "stack", "vstack", "hstack", "dstack", "column_stack"])
        option = f", axis={axis}" if name in ("concatenate", "stack") else ""
        made.append(f"np.{name}([{', '.join(parts)}]{option})")
    return made


def subscripts(chooser: random.Random) -> list[str]:
    """Random subscripts of slices, ints, new axes, ellipses, index arrays and masks."""
    made = []
    for _ in range(300):
        shape = _shape(chooser, 1, 4)
        parts: list[str] = []
        used = 0
        for size in shape[: chooser.randint(1, len(shape))]:
            choice = chooser.random()
            bounds = ["", *map(str, range(-size - 1, size + 2))]
            if choice < 0.35:
                step = chooser.choice(["", "", ":2", ":-1", ":3"])
                parts.append(f"{chooser.choice(bounds)}:{chooser.choice(bounds)}{step}")
            elif choice < 0.65:
                parts.append(str(chooser.randint(-size, size - (chooser.random() < 0.8))))
            elif choice < 0.75:
                parts.append("None")
                continue
            elif choice < 0.9:
                indices = [chooser.randrange(size) for _ in range(2)]
                spread = ["$2:int64", "$2x1:int64"] if size > 1 else []
                parts.append(chooser.choice([str(indices), f"[{indices}]", *spread]))
            else:
                parts.append(f"${size}:bool" if chooser.random() < 0.8 else f"${size + 1}:bool")
            used += 1
        if chooser.random() < 0.2:
            parts.insert(chooser.randint(0, len(parts)), "...")
        masked = any("bool" in part for part in parts)
        made.append(f"{'~' if masked else ''}{_input(shape)}[{', '.join(parts)}]")
    return made


def rearrangements(chooser: random.Random) -> list[str]:
    """Functions of axes, some out of range."""
    made = []
    for _ in range(200):
        shape = _shape(chooser, 1, 4)
        rank = len(shape)
        axis = chooser.randint(-rank - 1, rank)
        other = chooser.randint(-rank, rank - 1)
        perm = list(range(rank))
        chooser.shuffle(perm)
        if chooser.random() < 0.1:
            perm.append(0)
        a = _input(shape)
        made.append(
            chooser.choice(
                [
                    f"np.expand_dims({a}, {axis})",
                    f"np.squeeze({a}, {axis})",
                    f"np.squeeze({a})",
                    f"np.transpose({a}, {tuple(perm)})",
                    f"np.swapaxes({a}, {axis}, {other})",
                    f"np.moveaxis({a}, {axis}, {other})",
                    f"np.repeat({a}, 2, axis={axis})",
                    f"np.flip({a}, {other})",
                    f"np.tile({a}, {tuple(chooser.randint(1, 3) for _ in range(chooser.randint(1, 4)))})",
                    f"np.cumsum({a}, axis={axis})",
                    f"np.linalg.norm({a}, axis={other})",
                    f"np.pad({a}, {chooser.randint(0, 2)})",
                    f"np.array_split({a}, 2, axis={other})",
                    f"np.take({a}, [0, 0], axis={axis})",
                    f"np.delete({a}, 0, axis={other})",
                ]
            )
        )
    return made


FAMILIES: dict[str, Callable[[random.Random], list[str]]] = {
    "reductions": reductions,
    "arithmetic": arithmetic,
    "products": products,
    "reshapes": reshapes,
    "joins": joins,
    "subscripts": subscripts,
    "rearrangements": rearrangements,
}


def _shape(chooser: random.Random, least: int, most: int) -> list[int]:
    return [chooser.choice([1, 2, 3, 4]) for _ in range(chooser.randint(least, most))]


def _input(shape: list[int]) -> str:
    return "$" + "x".join(map(str, shape))
