"""Cases of what changes shapes, joins, cuts and chooses."""

from __future__ import annotations

from tests.conformance.ops.draw import Draw, Maker, Sizes


def _total(sizes: Sizes) -> int:
    count = 1
    for size in sizes:
        count *= size or 1
    return count


def split_into(draw: Draw, sizes: Sizes) -> tuple[int, ...]:
    """A shape that mostly has as many elements as ``sizes``."""
    known, dynamic = _total(sizes), sizes.count(None)
    left = known
    target: list[int] = []
    while left > 1 and len(target) < 3:
        factor = draw.chooser.choice([n for n in range(1, left + 1) if left % n == 0])
        target.append(factor)
        left //= factor
    target.append(left)
    if dynamic or draw.chance(0.4):
        target.insert(draw.number(0, len(target)), -1)
    if draw.chance(0.12):
        target[draw.number(0, len(target) - 1)] = draw.number(2, 7)
    return tuple(target)


def _reshape(draw: Draw) -> str:
    sizes = draw.sizes(1, 4)
    target = split_into(draw, sizes)
    return f"ops.reshape({draw.tensor(sizes)}, {target})"


def _expand_dims(draw: Draw) -> str:
    sizes = draw.sizes()
    rank = len(sizes)
    if draw.chance(0.2):
        axes = tuple(draw.chooser.sample(range(-1, rank + 1), min(2, rank + 1)))
        return f"ops.expand_dims({draw.tensor(sizes)}, {axes})"
    return f"ops.expand_dims({draw.tensor(sizes)}, {draw.axis(rank + 1, 0.15)})"


def _squeeze(draw: Draw) -> str:
    sizes = tuple(1 if draw.chance(0.4) else size for size in draw.sizes(1))
    if draw.chance(0.4):
        return f"ops.squeeze({draw.tensor(sizes)})"
    ones = [axis for axis, size in enumerate(sizes) if size == 1]
    axis = draw.chooser.choice(ones) if ones and draw.chance(0.7) else draw.axis(len(sizes))
    return f"ops.squeeze({draw.tensor(sizes)}, axis={axis})"


def _transpose(draw: Draw) -> str:
    sizes = draw.sizes()
    order = list(range(len(sizes)))
    draw.chooser.shuffle(order)
    if draw.chance(0.15) and order:
        order[0] = draw.number(-1, len(sizes) + 1)
    given = f", {tuple(order)}" if draw.chance(0.8) else ""
    return f"ops.transpose({draw.tensor(sizes)}{given})"


def _swapaxes(draw: Draw) -> str:
    sizes = draw.sizes(1)
    return f"ops.swapaxes({draw.tensor(sizes)}, {draw.axis(len(sizes))}, {draw.axis(len(sizes))})"


def _moveaxis(draw: Draw) -> str:
    sizes = draw.sizes(1)
    rank = len(sizes)
    if rank > 1 and draw.chance(0.3):
        pairs = [tuple(draw.chooser.sample(range(rank), 2)) for _ in range(2)]
        return f"ops.moveaxis({draw.tensor(sizes)}, {pairs[0]}, {pairs[1]})"
    return f"ops.moveaxis({draw.tensor(sizes)}, {draw.axis(rank)}, {draw.axis(rank)})"


def _flipped(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes()
        if name in ("fliplr", "flipud"):
            return f"ops.{name}({draw.tensor(sizes)})"
        return f"ops.flip({draw.tensor(sizes)}, axis={draw.axes(len(sizes))})"

    return made


def _roll(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.7) else ""
    return f"ops.roll({draw.tensor(sizes)}, {draw.number(-2, 2)}{axis})"


def _rot90(draw: Draw) -> str:
    sizes = draw.sizes(1)
    return f"ops.rot90({draw.tensor(sizes)}{draw.options(k=(0, 1, 2, 3, -1), axes=((0, 1), (1, 0), (0, 2), (1, 1)))})"


def _like(draw: Draw, sizes: Sizes, axis: int | None) -> Sizes:
    """A partner for a concatenation along ``axis``."""
    other = list(sizes)
    if axis is not None and -len(other) <= axis < len(other):
        other[axis] = draw.number(1, 4)
    if draw.chance(0.12) and other:
        other[draw.number(0, len(other) - 1)] = draw.number(6, 7)
    if draw.chance(0.06):
        other.append(2)
    return tuple(other)


def _concatenate(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axis = draw.axis(len(sizes))
    parts = [sizes, *(_like(draw, sizes, axis) for _ in range(draw.number(1, 2)))]
    return f"ops.concatenate([{', '.join(map(draw.tensor, parts))}], axis={axis})"


def _append(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axis = draw.axis(len(sizes)) if draw.chance(0.7) else None
    return f"ops.append({draw.tensor(sizes)}, {draw.tensor(_like(draw, sizes, axis))}, axis={axis})"


def _stack(draw: Draw) -> str:
    sizes = draw.sizes()
    parts = [sizes, *(_like(draw, sizes, None) for _ in range(draw.number(1, 2)))]
    return f"ops.stack([{', '.join(map(draw.tensor, parts))}], axis={draw.axis(len(sizes) + 1)})"


def _stacked(name: str) -> Maker:
    axis = {"vstack": 0, "hstack": 1, "dstack": 2}[name]

    def made(draw: Draw) -> str:
        sizes = draw.sizes()
        parts = [sizes, *(_like(draw, sizes, axis if len(sizes) > axis else None) for _ in range(draw.number(1, 2)))]
        return f"ops.{name}([{', '.join(map(draw.tensor, parts))}])"

    return made


def _split(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1, 4, 6)
        where = draw.one(1, 2, 3, [1], [1, 3], [2, 4])
        axis = f", axis={draw.axis(len(sizes))}" if name in ("split", "array_split") else ""
        return f"ops.{name}({draw.tensor(sizes)}, {where}{axis})"

    return made


def _tile(draw: Draw) -> str:
    sizes = draw.sizes()
    times = draw.one(2, *[tuple(draw.number(1, 3) for _ in range(draw.number(1, 3))) for _ in range(3)])
    return f"ops.tile({draw.tensor(sizes)}, {times})"


def _repeat(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.7) else ""
    return f"ops.repeat({draw.tensor(sizes)}, {draw.one(1, 2, 3, [2])}{axis})"


def _pad(draw: Draw) -> str:
    sizes = draw.sizes(1)
    pairs = tuple((draw.number(0, 2), draw.number(0, 2)) for _ in range(len(sizes) + (draw.chance(0.08))))
    width = draw.one(1, (1, 2), ((0, 1),), pairs, pairs, pairs)
    return f"ops.pad({draw.tensor(sizes)}, {width}{draw.options(mode=('constant', 'edge'))})"


def _where(draw: Draw) -> str:
    sizes = draw.sizes()
    condition = draw.tensor(draw.broadcastable(sizes), "bool")
    other = str(draw.one(0.0, 1)) if draw.chance(0.3) else draw.tensor(draw.broadcastable(sizes))
    return f"ops.where({condition}, {draw.tensor(sizes)}, {other})"


def _select(draw: Draw) -> str:
    sizes = draw.sizes(1)
    conditions = ", ".join(draw.tensor(sizes, "bool") for _ in range(2))
    return f"ops.select([{conditions}], [{draw.tensor(sizes, 'float32')}, {draw.tensor(sizes, 'float32')}], 0.0)"


def _take(draw: Draw) -> str:
    sizes, index = draw.sizes(1), draw.sizes(0, 2)
    axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.75) else ""
    return f"ops.take({draw.tensor(sizes)}, {draw.tensor(index, 'int64')}{axis})"


def _take_along_axis(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axis = draw.axis(len(sizes))
    index = list(sizes)
    if -len(sizes) <= axis < len(sizes):
        index[axis] = draw.number(1, 4)
    if draw.chance(0.1):
        index.append(1)
    return f"ops.take_along_axis({draw.tensor(sizes)}, {draw.tensor(index, 'int64')}, axis={axis})"


def _slice(draw: Draw) -> str:
    sizes = tuple(draw.number(2, 5) for _ in range(draw.number(1, 3)))
    if draw.kind == "k" and draw.chance(0.3):
        return f"ops.slice({draw.tensor((None, 4))}, (0, 1), (2, 3))"
    start = tuple(draw.number(0, 1) for _ in sizes)
    size = tuple(draw.number(1, size - 1) for size in sizes)
    return f"ops.slice({draw.tensor(sizes)}, {start}, {size})"


def _slice_update(draw: Draw) -> str:
    sizes = tuple(draw.number(2, 5) for _ in range(draw.number(1, 3)))
    part = tuple(draw.number(1, size - 1) for size in sizes)
    dtype = draw.floating()
    start = tuple(0 for _ in sizes)
    return f"ops.slice_update({draw.tensor(sizes, dtype)}, {start}, {draw.tensor(part, dtype)})"


def _scatter(draw: Draw) -> str:
    rows, depth = draw.number(1, 4), draw.number(1, 2)
    shape = tuple(draw.number(3, 5) for _ in range(draw.number(depth, 3)))
    values = draw.tensor((rows, *shape[depth:]), "float32")
    return f"ops.scatter({draw.tensor((rows, depth), 'int64')}, {values}, {shape})"


def _scatter_update(draw: Draw) -> str:
    rows = draw.number(1, 4)
    sizes = (draw.number(3, 5), draw.number(1, 4))
    index, values = draw.tensor((rows, 1), "int64"), draw.tensor((rows, sizes[1]), "float32")
    return f"ops.scatter_update({draw.tensor(sizes, 'float32')}, {index}, {values})"


def _unstack(draw: Draw) -> str:
    sizes = draw.sizes(1)
    return f"ops.unstack({draw.tensor(sizes)}, axis={draw.axis(len(sizes))})"


def _broadcast_to(draw: Draw) -> str:
    sizes = tuple(size or 2 for size in draw.sizes(0, 3))
    target = (*(draw.number(1, 4) for _ in range(draw.number(0, 2))), *(4 if s == 1 else s for s in sizes))
    if draw.chance(0.1):
        target = (*target[:-1], 7)
    return f"ops.broadcast_to({draw.tensor(sizes)}, {target})"


def _meshgrid(draw: Draw) -> str:
    vectors = [draw.tensor((draw.number(1, 5),), "float32") for _ in range(draw.number(1, 3))]
    return f"ops.meshgrid({', '.join(vectors)}{draw.options(indexing=('xy', 'ij'))})"


def _triangle(name: str) -> Maker:
    def made(draw: Draw) -> str:
        return f"ops.{name}({draw.tensor(draw.sizes(1))}{draw.options(k=(-1, 0, 1))})"

    return made


def _diagonal(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1)
        options = draw.options(offset=(-1, 0, 1), axis1=(0, 1, -1), axis2=(1, 2, -2))
        return f"ops.{name}({draw.tensor(sizes)}{options})"

    return made


def _diag(name: str) -> Maker:
    def made(draw: Draw) -> str:
        high = 3 if name == "diag" else 2
        return f"ops.{name}({draw.tensor(draw.sizes(0, high))}{draw.options(k=(-1, 0, 1, 2))})"

    return made


def _any(name: str) -> Maker:
    def made(draw: Draw) -> str:
        loose = "~" if name in ("unique", "nonzero") and draw.kind != "k" else ""
        return f"{loose}ops.{name}({draw.any()})"

    return made


def _search(draw: Draw) -> str:
    values = draw.tensor(draw.sizes(0, 2), "float32")
    return (
        f"ops.searchsorted({draw.tensor(draw.sizes(1, 2), 'float32')}, {values}{draw.options(side=('left', 'right'))})"
    )


def _digitize(draw: Draw) -> str:
    return f"ops.digitize({draw.tensor(draw.sizes(), 'float32')}, ops.array([0.1, 0.5, 0.9]))"


def _isin(draw: Draw) -> str:
    return f"ops.isin({draw.any()}, {draw.any(0, 2)})"


def _unravel(draw: Draw) -> str:
    return f"ops.unravel_index({draw.tensor(draw.sizes(0, 2), 'int32')}, {draw.one((2, 3), (4, 5, 6))})"


def _vander(draw: Draw) -> str:
    options = draw.options(N=(2, 3, None), increasing=(True, False))
    return f"ops.vander({draw.tensor((draw.number(1, 5),))}{options})"


def _view(draw: Draw) -> str:
    return f"ops.view({draw.tensor(draw.sizes(), 'float32')}, dtype={draw.one('int32', 'float32', 'uint32')!r})"


def _one_hot(draw: Draw) -> str:
    sizes = draw.sizes(0, 3)
    axis = f", axis={draw.axis(len(sizes) + 1)}" if draw.chance(0.4) else ""
    index = draw.tensor(sizes, str(draw.one("int32", "int32", "int64", "uint8", "float32")))
    return f"ops.one_hot({index}, {draw.number(1, 5)}{axis}{draw.options(dtype=('int32', 'float16'))})"


def _multi_hot(draw: Draw) -> str:
    sizes = draw.sizes(1, 3)
    axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.2) else ""
    return f"ops.multi_hot({draw.tensor(sizes, 'int32')}, {draw.number(1, 5)}{axis}{draw.options(dtype=('int32',))})"


def _bincount(draw: Draw) -> str:
    count = f", minlength={draw.number(1, 5)}" if draw.chance(0.5) else ""
    return f"~ops.bincount({draw.tensor(draw.sizes(1, 2), 'int32')}{count})"


def _histogram(draw: Draw) -> str:
    return f"ops.histogram({draw.tensor(draw.sizes(1), 'float32')}{draw.options(bins=(3, 5))})"


def _get_item(draw: Draw) -> str:
    sizes = draw.sizes(2, 4)
    key = draw.one("0", "-1", "(0, 0)", "(..., 0)", "(None, 0)", "(..., None)", "9")
    return f"ops.get_item({draw.tensor(sizes)}, {key})"


def _rearrange(draw: Draw) -> str:
    pattern, rank, lengths = draw.one(  # type: ignore[misc]
        ("b h w c -> b c h w", 4, ""),
        ("b h w -> b (h w)", 3, ""),
        ("b (h w) c -> b h w c", 3, ", h=2"),
        ("a b -> b a", 2, ""),
        ("b s (h d) -> b h s d", 3, ", h=2"),
    )
    sizes = [draw.batch(), *(draw.one(2, 4, 6) for _ in range(rank - 1))]
    if draw.chance(0.08):
        sizes.append(2)
    return f"ops.rearrange({draw.tensor(sizes)}, {pattern!r}{lengths})"  # type: ignore[arg-type]


def _space(name: str) -> Maker:
    def made(draw: Draw) -> str:
        block = draw.number(1, 3)
        channels = draw.one(4, 8, 9, 3)
        sizes = (draw.batch(), draw.one(4, 6, 5), draw.one(4, 6), channels)
        if draw.chance(0.1):
            sizes = sizes[1:]
        return f"ops.{name}({draw.tensor(sizes, 'float32')}, {block})"  # type: ignore[arg-type]

    return made


MAKERS: dict[str, Maker] = {
    f"keras.ops.{name}": maker
    for name, maker in {
        "reshape": _reshape,
        "expand_dims": _expand_dims,
        "squeeze": _squeeze,
        "transpose": _transpose,
        "swapaxes": _swapaxes,
        "moveaxis": _moveaxis,
        **{name: _flipped(name) for name in ("flip", "fliplr", "flipud")},
        "roll": _roll,
        "rot90": _rot90,
        "concatenate": _concatenate,
        "append": _append,
        "stack": _stack,
        **{name: _stacked(name) for name in ("vstack", "hstack", "dstack")},
        **{name: _split(name) for name in ("split", "array_split", "hsplit", "vsplit", "dsplit")},
        "tile": _tile,
        "repeat": _repeat,
        "pad": _pad,
        "where": _where,
        "select": _select,
        "take": _take,
        "take_along_axis": _take_along_axis,
        "slice": _slice,
        "slice_update": _slice_update,
        "scatter": _scatter,
        "scatter_update": _scatter_update,
        "unstack": _unstack,
        "broadcast_to": _broadcast_to,
        "meshgrid": _meshgrid,
        **{name: _triangle(name) for name in ("tril", "triu")},
        **{name: _diagonal(name) for name in ("diagonal", "trace")},
        **{name: _diag(name) for name in ("diag", "diagflat")},
        **{
            name: _any(name)
            for name in (
                "ravel", "shape", "size", "ndim", "dtype", "is_tensor", "array", "convert_to_tensor",
                "convert_to_numpy", "nonzero", "unique",
            )
        },
        "searchsorted": _search,
        "digitize": _digitize,
        "isin": _isin,
        "unravel_index": _unravel,
        "vander": _vander,
        "view": _view,
        "one_hot": _one_hot,
        "multi_hot": _multi_hot,
        "bincount": _bincount,
        "histogram": _histogram,
        "get_item": _get_item,
        "rearrange": _rearrange,
        **{name: _space(name) for name in ("space_to_depth", "depth_to_space")},
    }.items()
}  # fmt: skip
