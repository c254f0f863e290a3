"""Cases of ``keras.utils`` on arrays."""

from __future__ import annotations

from tests.conformance.ops.draw import Draw, Maker


def _to_categorical(draw: Draw) -> str:
    draw.kind = ""
    sizes = draw.sizes(0 if draw.chance(0.1) else 1, 3)
    if draw.chance(0.3):
        sizes = (*sizes, 1)
    # The contents are 0 and 1: the number of classes is in them alone where it is not given.
    classes = f", {draw.one('', 'num_classes=')}{draw.number(2, 5)}" if draw.chance(0.8) else ""
    mark = "" if classes else "~"
    return (
        f"{mark}keras.utils.to_categorical({draw.tensor(sizes, str(draw.one('int32', 'uint8', 'float32')))}{classes})"
    )


def _normalize(draw: Draw) -> str:
    draw.kind = ""
    sizes = draw.sizes(1, 3)
    axis = f", axis={draw.axis(len(sizes), 0.08)}" if draw.chance(0.6) else ""
    # Along its first axis the norm is put at the last one: it broadcasts, or it fails.
    mark = "~" if axis and int(axis[7:]) % len(sizes) != len(sizes) - 1 else ""
    dtype = str(draw.one("float32", "float64", "int32"))
    return f"{mark}keras.utils.normalize({draw.tensor(sizes, dtype)}{axis}{draw.options(order=(1, 2))})"


def _pad_sequences(draw: Draw) -> str:
    draw.kind = ""
    if draw.chance(0.6):
        rows = [[1] * draw.number(1, 5) for _ in range(draw.number(1, 4))]
        given = str(rows)
    else:
        given = draw.tensor(draw.sizes(2, 3), "int32")
    options = draw.options(
        maxlen=(3, 7), dtype=("float32", "int64"), padding=("pre", "post"), truncating=("pre", "post"), value=(0, 1.0)
    )
    return f"keras.utils.pad_sequences({given}{options})"


MAKERS: dict[str, Maker] = {
    "keras.utils.to_categorical": _to_categorical,
    "keras.utils.normalize": _normalize,
    "keras.utils.pad_sequences": _pad_sequences,
}
