"""Cases of products, linear algebra and signals."""

from __future__ import annotations

from tests.conformance.ops.draw import Draw, Maker, Sizes

SQUARE = ("det", "eig", "eigh", "logdet", "slogdet", "lu_factor", "cholesky", "cholesky_inverse", "inv")


def _pair(draw: Draw) -> tuple[Sizes, Sizes]:
    """Two shapes that mostly can be multiplied as matrices."""
    inner = draw.number(1, 4)
    left = (*draw.sizes(0, 2), inner)
    right: Sizes = (inner, draw.number(1, 4)) if draw.chance(0.8) else (inner,)
    if len(right) == 2 and len(left) > 2 and draw.chance(0.4):
        right = (*left[:-2], *right)
    if draw.chance(0.12):
        right = (*right[:-1], 7) if len(right) == 1 else (*right[:-2], 7, right[-1])
    if draw.chance(0.03):
        left = ()
    return left, right


def _product(name: str) -> Maker:
    def made(draw: Draw) -> str:
        left, right = _pair(draw)
        return f"ops.{name}({draw.tensor(left)}, {draw.tensor(right)})"

    return made


def _inner(draw: Draw) -> str:
    left = draw.sizes(0, 3)
    right = (*draw.sizes(0, 1), left[-1]) if left and draw.chance(0.9) else draw.sizes(0, 2)
    return f"ops.inner({draw.tensor(left)}, {draw.tensor(right)})"


def _two(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(0, 3)
        return f"ops.{name}({draw.tensor(sizes)}, {draw.tensor(sizes if draw.chance(0.7) else draw.sizes(0, 3))})"

    return made


def _tensordot(draw: Draw) -> str:
    left, right = _pair(draw)
    axes = draw.one(1, 1, 2, 0, ((-1,), (0,)), [[0], [0]], [-1, 0])
    return f"ops.tensordot({draw.tensor(left)}, {draw.tensor(right)}, axes={axes})"


def _einsum(draw: Draw) -> str:
    equation = str(
        draw.one(
            "ij,jk->ik", "bij,bjk->bik", "bhid,bhjd->bhij", "i,j->ij", "ij->ji", "bij->b", "...ij,...jk->...ik",
            "bij,jk", "ij,ij->", "ii->i", "bqhd,bkhd->bhqk", "...d,de->...e",
        )
    )  # fmt: skip
    lengths = {letter: draw.number(1, 4) for letter in "bhijkdeq"}
    if draw.kind == "k" and draw.chance(0.5):
        lengths["b"] = None  # type: ignore[assignment]
    parts = []
    for term in equation.split("->")[0].split(","):
        sizes = [lengths[letter] for letter in term.replace("...", "")]
        if "..." in term:
            sizes = [draw.number(2, 3) if draw.chance(0.1) else 2, *sizes]
        # Eager products of matrices take more axes than they have letters, which is not followed.
        if draw.chance(0.06) and draw.kind == "k":
            sizes.append(2)
        if draw.chance(0.06) and sizes:
            sizes[0] = 6
        parts.append(draw.tensor(sizes))
    return f"ops.einsum({equation!r}, {', '.join(parts)})"


def _square(name: str) -> Maker:
    def made(draw: Draw) -> str:
        side = draw.number(1, 4)
        sizes = (*draw.sizes(0, 2), side, side if draw.chance(0.88) else 6)
        if draw.chance(0.05):
            sizes = sizes[-1:]
        dtype = "float32" if draw.chance(0.8) else draw.dtype("complex64")
        if draw.kind == "k":
            return f"ops.{name}({draw.tensor(sizes, dtype)})"
        # An eager matrix that can be inverted and factorized.
        batch = "x".join(str(size or 3) for size in sizes[:-2])
        one = f"ops.eye({sizes[-2] if len(sizes) > 1 else 3}, {sizes[-1]})"
        return f"ops.{name}({one} + 0.0 * ${draw.kind}{batch}{'x' if batch else ''}1x1:float32)"

    return made


def _matrix(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = (*draw.sizes(0, 2), draw.number(1, 4), draw.number(1, 4))
        if draw.chance(0.06):
            sizes = sizes[-1:]
        dtype = "float32" if draw.chance(0.85) else draw.dtype("complex64")
        options = {
            "qr": draw.options(mode=("reduced", "complete", "full")),
            "svd": draw.options(full_matrices=(True, False), compute_uv=(True, False)),
        }.get(name, "")
        return f"ops.{name}({draw.tensor(sizes, dtype)}{options})"

    return made


def _solve(name: str) -> Maker:
    def made(draw: Draw) -> str:
        side = draw.number(1, 4)
        batch = draw.sizes(0, 1)
        right = (*batch, side, draw.number(1, 3)) if draw.chance(0.6) else (*batch, side)
        if draw.chance(0.1):
            right = (*right[:-1], 7)
        if draw.kind == "k":
            left = draw.tensor((*batch, side, side if draw.chance(0.9) else 6), "float32")
        else:
            shown = "x".join(str(size or 3) for size in batch)
            left = f"(ops.eye({side}) + 0.0 * ${draw.kind}{shown}{'x' if shown else ''}1x1:float32)"
        return f"ops.{name}({left}, {draw.tensor(right, 'float32')})"

    return made


def _lstsq(draw: Draw) -> str:
    rows = draw.number(2, 4)
    right = (rows if draw.chance(0.9) else 7, *((draw.number(1, 3),) if draw.chance(0.6) else ()))
    return f"ops.lstsq({draw.tensor((rows, draw.number(1, 3)), 'float32')}, {draw.tensor(right, 'float32')})"


def _cross(draw: Draw) -> str:
    sizes = draw.sizes(0, 2)
    left, right = (*sizes, draw.one(3, 3, 2)), (*draw.broadcastable(sizes), draw.one(3, 3, 2))
    if draw.chance(0.08):
        left = (*sizes, 4)
    return f"ops.cross({draw.tensor(left, 'float32')}, {draw.tensor(right, 'float32')})"  # type: ignore[arg-type]


def _cdist(draw: Draw) -> str:
    width = draw.number(1, 4)
    batch = draw.sizes(0, 1)
    left = (*batch, draw.number(1, 4), width)
    right = (*batch, draw.number(1, 4), width if draw.chance(0.9) else 6)
    return f"ops.cdist({draw.tensor(left)}, {draw.tensor(right)})"


def _correlate(draw: Draw) -> str:
    options, left, right = draw.options(mode=("valid", "same", "full")), draw.number(1, 6), draw.number(1, 6)
    # What a window that is one entry too long gives depends on the machine.
    loose = "~" if right == left + 1 and draw.kind != "k" else ""
    return f"{loose}ops.correlate({draw.tensor((left,))}, {draw.tensor((right,))}{options})"


def _corrcoef(draw: Draw) -> str:
    return f"ops.corrcoef({draw.tensor(draw.sizes(1, 2))})"


def _fft(name: str) -> Maker:
    low = 2 if name.endswith("2") else 1

    def made(draw: Draw) -> str:
        sizes = draw.sizes(low if draw.chance(0.95) else 0, 3)
        dtype = draw.floating()
        other = draw.tensor(sizes if draw.chance(0.9) else draw.sizes(1, 2), dtype)
        return f"ops.{name}(({draw.tensor(sizes, dtype)}, {other}))"

    return made


def _rfft(draw: Draw) -> str:
    sizes = draw.sizes(1, 3, 8)
    return f"ops.rfft({draw.tensor(sizes, draw.floating())}{draw.options(fft_length=(4, 8, None))})"


def _irfft(draw: Draw) -> str:
    # One bin makes TensorFlow end the whole process: "no zero-sized FFTs".
    sizes = (*draw.sizes(0, 2), draw.number(2, 8))
    dtype = draw.floating()
    return (
        f"ops.irfft(({draw.tensor(sizes, dtype)}, {draw.tensor(sizes, dtype)}){draw.options(fft_length=(4, 8, None))})"
    )


def _sequences(draw: Draw) -> str:
    sizes = (*draw.sizes(0, 2), draw.one(16, 20, None) if draw.kind == "k" else draw.one(16, 20))
    return f"ops.extract_sequences({draw.tensor(sizes, 'float32')}, {draw.one(4, 5)}, {draw.one(1, 2, 3)})"  # type: ignore[arg-type]


def _stft(draw: Draw) -> str:
    sizes = (*draw.sizes(0, 2), draw.one(16, 20, None) if draw.kind == "k" else draw.one(16, 20))
    lengths = draw.one((4, 2, 4), (8, 4, 8), (5, 3, 8), (8, 2, 4))
    options = draw.options(window=("hann", "hamming", None), center=(True, False))
    return f"ops.stft({draw.tensor(sizes, draw.floating())}, *{lengths}{options})"  # type: ignore[arg-type]


def _istft(draw: Draw) -> str:
    lengths, width = draw.one(((4, 2, 4), 3), ((8, 4, 8), 5), ((5, 3, 8), 5))  # type: ignore[misc]
    sizes = (*draw.sizes(0, 1), draw.number(4, 6), width)
    part = draw.tensor(sizes, "float32")
    return f"ops.istft(({part}, {part}), *{lengths}{draw.options(length=(8, 10), center=(True, False))})"


MAKERS: dict[str, Maker] = {
    f"keras.ops.{name}": maker
    for name, maker in {
        **{name: _product(name) for name in ("matmul", "dot")},
        "inner": _inner,
        **{name: _two(name) for name in ("outer", "kron", "vdot")},
        "tensordot": _tensordot,
        "einsum": _einsum,
        **{name: _square(name) for name in SQUARE},
        **{name: _matrix(name) for name in ("qr", "svd", "pinv", "matrix_rank")},
        **{name: _solve(name) for name in ("solve", "solve_triangular")},
        "lstsq": _lstsq,
        "cross": _cross,
        "cdist": _cdist,
        "correlate": _correlate,
        "corrcoef": _corrcoef,
        **{name: _fft(name) for name in ("fft", "fft2", "ifft2")},
        "rfft": _rfft,
        "irfft": _irfft,
        "extract_sequences": _sequences,
        "stft": _stft,
        "istft": _istft,
        "polar": _two("polar"),
    }.items()
}
