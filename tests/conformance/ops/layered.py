"""Cases of ``keras.ops`` that do what layers do: convolution, pooling, normalization, images, attention."""

from __future__ import annotations

from tests.conformance.ops.draw import Draw, Maker


def _space(draw: Draw, rank: int, low: int = 4, high: int = 9) -> list[int | None]:
    return [None if draw.kind == "k" and draw.chance(0.1) else draw.number(low, high) for _ in range(rank)]


def _format(draw: Draw) -> str:
    return draw.options(data_format=("channels_last", None))


def _conv(name: str) -> Maker:
    def made(draw: Draw) -> str:
        rank = draw.number(1, 2) if name != "conv" else draw.number(1, 3)
        channels = draw.number(1, 4)
        sizes = [draw.batch(), *_space(draw, rank), channels]
        window = [draw.number(1, 3) for _ in range(rank)]
        given = channels if draw.chance(0.9) else 7
        if draw.chance(0.06) and name != "conv_transpose":
            sizes = sizes[1:]
        strides = draw.one(1, 1, 2, tuple(draw.number(1, 2) for _ in range(rank)))
        dilation = (
            f", dilation_rate={draw.number(1, 2)}"
            if strides == 1 and name != "conv_transpose" and draw.chance(0.3)
            else ""
        )
        tail = f", strides={strides}{draw.options(padding=('valid', 'same'))}{dilation}{_format(draw)}"
        dtype = draw.floating()
        source = draw.tensor(sizes, dtype)
        # Whether TensorFlow has a kernel for strides that differ, and what dilation makes of a tensor that is too
        # small, depends on the machine.
        uneven = (isinstance(strides, tuple) and len(set(strides)) > 1) or "=2" in dilation
        loose = "~" if uneven and draw.kind != "k" and name in ("depthwise_conv", "separable_conv") else ""
        if name == "separable_conv":
            depth = draw.number(1, 2)
            deep = draw.tensor([*window, given, depth], dtype)
            point = draw.tensor([*([1] * rank), given * depth, draw.number(1, 4)], dtype)
            return f"{loose}ops.{name}({source}, {deep}, {point}{tail})"
        if name == "conv_transpose":
            kernel = draw.tensor([*window, draw.number(1, 4), given], dtype)
        else:
            kernel = draw.tensor([*window, given, draw.number(1, 4)], dtype)
        return f"{loose}ops.{name}({source}, {kernel}{tail})"

    return made


def _pool(name: str) -> Maker:
    def made(draw: Draw) -> str:
        rank = draw.number(1, 3)
        sizes = [draw.batch(), *_space(draw, rank), draw.number(1, 4)]
        window = draw.one(2, 3, tuple(draw.number(1, 3) for _ in range(rank)))
        options = draw.options(strides=(1, 2, None), padding=("valid", "same"))
        # TensorFlow pools volumes of float32 only.
        dtype = draw.floating() if rank < 3 or draw.kind == "k" else "float32"
        # TensorFlow converts a part of the arrays to float32 first.
        loose = "~" if name == "max_pool" and not draw.kind and dtype != "float32" else ""
        return f"{loose}ops.{name}({draw.tensor(sizes, dtype)}, {window}{options}{_format(draw)})"

    return made


def _adaptive(name: str) -> Maker:
    def made(draw: Draw) -> str:
        rank = draw.number(1, 3)
        sizes = [draw.batch(), *[draw.number(4, 8) for _ in range(rank)], draw.number(1, 3)]
        # Eagerly TensorFlow ends its process over a maximum that pools everything along an axis of a picture.
        least = 2 if name == "adaptive_max_pool" and draw.kind != "k" else 1
        target = draw.one(2, tuple(draw.number(least, 3) for _ in range(rank)))
        return f"ops.{name}({draw.tensor(sizes, 'float32')}, {target})"

    return made


def _normalization(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1, 3)
        last = sizes[-1] or 3
        sizes = (*sizes[:-1], last)
        options = draw.options(axis=(-1,))
        return f"ops.{name}({draw.tensor(sizes, draw.floating())}{options})"

    return made


def _batch_normalization(draw: Draw) -> str:
    sizes = draw.sizes(2, 4)
    last = sizes[-1] or 3
    vector = draw.tensor((last if draw.chance(0.9) else 7,), "float32")
    return f"ops.batch_normalization({draw.tensor((*sizes[:-1], last), 'float32')}, {vector}, {vector}, -1)"


def _attention(draw: Draw) -> str:
    batch, heads, depth = draw.batch(), draw.one(1, 2), draw.one(2, 4)
    query = (batch, draw.number(1, 5), heads, depth)
    length = draw.number(1, 5)
    key = (batch, length, heads, depth if draw.chance(0.93) else 7)
    value = (batch, length, heads, depth)
    parts = ", ".join(draw.tensor(sizes, "float32") for sizes in (query, key, value))  # type: ignore[arg-type]
    return f"ops.dot_product_attention({parts})"


def _loss(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = (draw.batch(), *draw.sizes(0, 1), draw.number(2, 4))
        target = sizes[:-1] if name.startswith("sparse") else sizes
        if draw.chance(0.12):
            target = draw.broadcastable(target)
        dtype = "int32" if name.startswith("sparse") else "float32"
        options = draw.options(from_logits=(True, False))
        return f"ops.{name}({draw.tensor(target, dtype)}, {draw.tensor(sizes, 'float32')}{options})"

    return made


def _psnr(draw: Draw) -> str:
    sizes = draw.sizes(1, 4)
    return f"ops.psnr({draw.tensor(sizes, 'float32')}, {draw.tensor(draw.broadcastable(sizes), 'float32')}, 1.0)"


def _unfold(draw: Draw) -> str:
    sizes = (draw.batch(), draw.number(1, 3), draw.number(4, 8), draw.number(4, 8))
    options = draw.options(dilation=(1, 2), padding=(0, 1), stride=(1, 2))
    return f"ops.unfold({draw.tensor(sizes, 'float32')}, {draw.one(2, (2, 3))}{options})"


def _fold(draw: Draw) -> str:
    if draw.chance(0.95):
        # An eager one takes seconds.
        draw.kind = "k"
    return f"ops.fold({draw.tensor((draw.batch(), 3 * 4, 9), 'float32')}, (4, 4), 2)"


def _ctc_loss(draw: Draw) -> str:
    batch = draw.number(1, 3)
    parts = [draw.tensor((batch, 4), "int32"), draw.tensor((batch, 8, 5), "float32")]
    lengths = [draw.tensor((batch,), "int32") for _ in range(2)]
    return f"ops.ctc_loss({', '.join(parts + lengths)})"


def _ctc_decode(draw: Draw) -> str:
    batch = draw.number(1, 3)
    return f"~ops.ctc_decode({draw.tensor((batch, 8, 5), 'float32')}, {draw.tensor((batch,), 'int32')})"


def _image(draw: Draw, channels: int = 3) -> list[int | None]:
    sizes: list[int | None] = [draw.number(6, 9), draw.number(6, 9), channels]
    if draw.chance(0.75):
        sizes.insert(0, draw.batch())
    if draw.chance(0.05):
        return sizes[-2:]
    return sizes


def _colours(name: str) -> Maker:
    def made(draw: Draw) -> str:
        channels = 3 if draw.chance(0.9) else 2
        return f"ops.image.{name}({draw.tensor(_image(draw, channels), draw.floating())})"

    return made


def _resize(draw: Draw) -> str:
    options = draw.options(
        interpolation=("bilinear", "nearest"), crop_to_aspect_ratio=(True, False), pad_to_aspect_ratio=(False,)
    )
    dtype = draw.floating() if draw.chance(0.8) else "uint8"
    return f"ops.image.resize({draw.tensor(_image(draw), dtype)}, ({draw.number(1, 9)}, {draw.number(1, 9)}){options})"


def _crop(draw: Draw) -> str:
    options = draw.one(
        "top_cropping=1, left_cropping=1, bottom_cropping=1, right_cropping=2",
        "top_cropping=1, left_cropping=1, target_height=3, target_width=4",
        "target_height=3, target_width=4, bottom_cropping=1, right_cropping=1",
        "top_cropping=1, left_cropping=1",
        "top_cropping=5, bottom_cropping=5, left_cropping=0, right_cropping=0",
    )
    return f"ops.image.crop_images({draw.tensor(_image(draw), draw.floating())}, {options})"


def _pad(draw: Draw) -> str:
    options = draw.one(
        "top_padding=1, left_padding=1, bottom_padding=1, right_padding=2",
        "top_padding=1, left_padding=1, target_height=13, target_width=14",
        "bottom_padding=1, right_padding=1, target_height=13, target_width=14",
        "top_padding=1, left_padding=1, target_height=3, target_width=4",
        "top_padding=1, left_padding=1",
    )
    return f"ops.image.pad_images({draw.tensor(_image(draw), draw.floating())}, {options})"


def _volume(draw: Draw) -> list[int | None]:
    return [draw.batch(), *(draw.number(4, 7) for _ in range(3)), draw.number(1, 3)]


def _patches(draw: Draw) -> str:
    options = draw.options(strides=(1, 2, None), padding=("valid", "same"))
    # A size of three numbers makes volumes of what would be images.
    sizes = _image(draw) if draw.chance(0.7) else _volume(draw)
    size = draw.one(2, 3, (2, 3), (2, 3, 2), (2, 2, 2, 2))
    return f"ops.image.extract_patches({draw.tensor(sizes, 'float32')}, {size}{options})"


def _patches_3d(draw: Draw) -> str:
    options = draw.options(strides=(1, 2, None), padding=("valid", "same"))
    return f"ops.image.extract_patches_3d({draw.tensor(_volume(draw), 'float32')}, {draw.one(2, (2, 3, 2))}{options})"


def _affine(draw: Draw) -> str:
    sizes = _image(draw)
    matrix = (sizes[0], 8) if len(sizes) == 4 else (8,)
    return f"ops.image.affine_transform({draw.tensor(sizes, 'float32')}, {draw.tensor(matrix, 'float32')})"


def _perspective(draw: Draw) -> str:
    sizes = _image(draw)
    points = (sizes[0], 4, 2) if len(sizes) == 4 else (4, 2)
    start, end = draw.tensor(points, "float32"), draw.tensor(points, "float32")
    mark = "~" if draw.kind != "k" else ""
    return f"{mark}ops.image.perspective_transform({draw.tensor(sizes, 'float32')}, {start}, {end})"


def _coordinates(draw: Draw) -> str:
    source = draw.sizes(1, 3)
    target = tuple(draw.number(1, 4) for _ in range(draw.number(1, 2)))
    axes = len(source) if draw.chance(0.9) else 5
    coordinates = draw.tensor((axes, *target), "float32")
    return f"ops.image.map_coordinates({draw.tensor(source, 'float32')}, {coordinates}, {draw.one(0, 1)})"


def _scale(draw: Draw) -> str:
    sizes = (draw.batch(), draw.number(4, 6), draw.number(4, 6), 3)
    target = (sizes[0] or 2, 5, 7, 3)
    two = draw.tensor((2,), "float32")
    return f"ops.image.scale_and_translate({draw.tensor(sizes, 'float32')}, {target}, {two}, {two}, (1, 2), 'linear')"


def _blur(draw: Draw) -> str:
    return (
        f"ops.image.gaussian_blur({draw.tensor(_image(draw), 'float32')}{draw.options(kernel_size=((3, 3), (5, 3)))})"
    )


def _elastic(draw: Draw) -> str:
    return f"ops.image.elastic_transform({draw.tensor(_image(draw), 'float32')})"


def _ssim(draw: Draw) -> str:
    sizes = [draw.batch(), 12, 13, draw.number(1, 3)]
    other = sizes if draw.chance(0.9) else [*sizes[:-1], 5]
    return f"ops.image.ssim({draw.tensor(sizes, 'float32')}, {draw.tensor(other, 'float32')})"


MAKERS: dict[str, Maker] = {
    **{f"keras.ops.{n}": _conv(n) for n in ("conv", "depthwise_conv", "separable_conv", "conv_transpose")},
    **{f"keras.ops.{name}": _pool(name) for name in ("max_pool", "average_pool")},
    **{f"keras.ops.{name}": _adaptive(name) for name in ("adaptive_max_pool", "adaptive_average_pool")},
    **{f"keras.ops.{name}": _normalization(name) for name in ("layer_normalization", "rms_normalization")},
    "keras.ops.batch_normalization": _batch_normalization,
    "keras.ops.dot_product_attention": _attention,
    **{
        f"keras.ops.{name}": _loss(name)
        for name in ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
    },
    "keras.ops.psnr": _psnr,
    "keras.ops.unfold": _unfold,
    "keras.ops.fold": _fold,
    "keras.ops.ctc_loss": _ctc_loss,
    "keras.ops.ctc_decode": _ctc_decode,
    **{f"keras.ops.image.{n}": _colours(n) for n in ("rgb_to_grayscale", "rgb_to_hsv", "hsv_to_rgb", "sobel_edges")},
    "keras.ops.image.resize": _resize,
    "keras.ops.image.crop_images": _crop,
    "keras.ops.image.pad_images": _pad,
    "keras.ops.image.extract_patches": _patches,
    "keras.ops.image.extract_patches_3d": _patches_3d,
    "keras.ops.image.affine_transform": _affine,
    "keras.ops.image.perspective_transform": _perspective,
    "keras.ops.image.map_coordinates": _coordinates,
    "keras.ops.image.scale_and_translate": _scale,
    "keras.ops.image.gaussian_blur": _blur,
    "keras.ops.image.elastic_transform": _elastic,
    "keras.ops.image.ssim": _ssim,
}
