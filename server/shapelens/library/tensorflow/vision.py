"""``tf.image``: boxes, measures and filters (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_shape, flag, kind_of, meet
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, same_spec, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import TupleValue, Value


@array_rule(
    "tensorflow.image.crop_and_resize",
    params="image, boxes, box_indices, crop_size, method='bilinear', extrapolation_value=0.0, name=None",
)
def crop_and_resize(machine: Machine, args: Arguments) -> Value:
    """A crop for each box, of one size."""
    image, boxes = source_of(machine, args, "image", "tensorflow"), source_of(machine, args, "boxes", "tensorflow")
    size = as_shape(machine, args.get("crop_size"))
    if image.spec.shape.rank not in (None, 4):
        raise refusal(
            "rank-mismatch",
            f"{{subject}} must be a batch of images, and has the shape {image.spec.shape}",
            None,
            found=image.spec.shape,
        )
    height, width = (ANY, ANY) if size.open or len(size.dims) != 2 else size.dims
    where = source_of(machine, args, "box_indices", "tensorflow").spec.shape
    count = boxes.spec.shape.axis(0) if boxes.spec.shape.rank == 2 else ANY
    if not isinstance(count, int) and where.rank == 1:
        count = where.dims[0] if isinstance(where.dims[0], int) else count
    return tensor(machine, Shape((count, height, width, image.spec.shape.axis(-1))), "float32", "tensor")


@array_rule("tensorflow.image.sobel_edges", params="image")
def sobel_edges(machine: Machine, args: Arguments) -> Value:
    """Two gradients in a new last axis."""
    source = source_of(machine, args, "image", "tensorflow")
    shape = source.spec.shape
    left = Shape((*shape.dims, 2), shape.open)
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.image.image_gradients", params="image")
def image_gradients(machine: Machine, args: Arguments) -> Value:
    """The gradients along height and along width."""
    source = source_of(machine, args, "image", "tensorflow")
    if source.spec.shape.rank not in (None, 4):
        raise refusal(
            "rank-mismatch",
            f"{{subject}} must be a batch of images, and has the shape {source.spec.shape}",
            None,
            found=source.spec.shape,
        )
    part = tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))
    return TupleValue((part, part))


@array_rule(
    "tensorflow.image.non_max_suppression",
    params="boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=None, name=None",
)
def non_max_suppression(machine: Machine, args: Arguments) -> Value:
    """How many boxes are kept depends on the boxes."""
    return tensor(machine, Shape((ANY,)), "int32", "tensor")


@array_rule("tensorflow.image.total_variation", params="images, name=None")
def total_variation(machine: Machine, args: Arguments) -> Value:
    """A number for each image."""
    source = source_of(machine, args, "images", "tensorflow")
    shape = source.spec.shape
    left = UNKNOWN_SHAPE if shape.open else Shape(shape.dims[:-3])
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.image.psnr", params="a, b, max_val, name=None", renamed={"a": "img1", "b": "img2"})
@array_rule(
    "tensorflow.image.ssim",
    params="img1, img2, max_val, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03, return_index_map=False",
)
@array_rule(
    "tensorflow.image.ssim_multiscale",
    params="img1, img2, max_val, power_factors=None, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03",
)
def similarity(machine: Machine, args: Arguments) -> Value:
    """A number for each pair of images."""
    first, second = source_of(machine, args, "img1", "tensorflow"), source_of(machine, args, "img2", "tensorflow")
    a = meet(first.spec.shape, second.spec.shape)
    if a is None or a.open or len(a.dims) < 3 or flag(args, "return_index_map", False) is not False:
        return tensor(machine, UNKNOWN_SHAPE, "float32", "tensor")
    return tensor(machine, Shape(a.dims[:-3]), "float32", kind_of([first, second], "tensorflow"))


@array_rule("tensorflow.image.draw_bounding_boxes", params="images, boxes, colors, name=None")
@array_rule(
    "tensorflow.image.adjust_jpeg_quality",
    params="image, jpeg_quality, dct_method='', name=None",
    renamed={"image": "images"},
)
@array_rule(
    "tensorflow.image.stateless_random_jpeg_quality",
    params="image, min_jpeg_quality, max_jpeg_quality, seed",
    renamed={"image": "images"},
)
def unchanged(machine: Machine, args: Arguments) -> Value:
    """Images of the same shape."""
    return same_spec(machine, args, "images")


@array_rule("tensorflow.image.transpose", params="image, name=None")
def transpose(machine: Machine, args: Arguments) -> Value:
    """Height and width change places."""
    source = source_of(machine, args, "image", "tensorflow")
    shape = source.spec.shape
    if shape.open or len(shape.dims) < 3:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, "tensor")
    left = Shape((*shape.dims[:-3], shape.dims[-2], shape.dims[-3], shape.dims[-1]))
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))
