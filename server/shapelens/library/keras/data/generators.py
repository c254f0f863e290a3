"""The legacy ``ImageDataGenerator``: batches of images from arrays, folders and tables (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import UNSURE, as_spec, is_none, items_of, text_of
from shapelens.library.keras.data.images import CHANNELS
from shapelens.library.keras.models.nests import shape_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, function
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import DictObject
from shapelens.values.value import NONE, Const, DatasetValue, Opaque, TensorValue, TupleValue, Value

GENERATOR = "keras.preprocessing.image.ImageDataGenerator"
FLOW = "seed=None, save_to_dir=None, save_prefix='', save_format='png'"


@function(
    f"{GENERATOR}.flow",
    params=f"self, x, y=None, batch_size=32, shuffle=True, sample_weight=None, {FLOW}, ignore_class_split=False, "
    "subset=None",
)
def flow(m: Machine, a: Arguments) -> Value:
    """Batches of an array of images; the last one may be smaller."""
    images = as_spec(a.values["x"], m)
    shape = UNKNOWN_SHAPE if images is None else images.spec.shape
    if not shape.open and len(shape) != 4:
        raise ShapeFailure(
            Failure(
                "rank-mismatch",
                f"{{subject}} has shape {shape}, but the generator takes images of rank 4: "
                "(samples, height, width, channels)",
                keras=f"Input data in `NumpyArrayIterator` should have rank 4. You passed an array with shape {shape}",
                subject=0,
                found=shape,
            )
        )
    batch = None
    first = tensor(m, shape if shape.open else Shape((batch, *shape.dims[1:])), "float32")
    parts: list[Value] = [first]
    for name in ("y", "sample_weight"):
        value = a.get(name)
        if value is None or is_none(value):
            continue
        parts.append(_targets(m, value, shape, batch))
    if isinstance(a.values["x"], TupleValue):
        raise NotKnown("several arrays in one generator are not followed")
    return DatasetValue(parts[0] if len(parts) == 1 else TupleValue(tuple(parts)), -1, 1, "generator", m.site)


def _targets(m: Machine, value: Value, images: Shape, batch: Dim) -> TensorValue:
    targets = as_spec(value, m)
    if targets is None or targets.spec.shape.open:
        return tensor(m, UNKNOWN_SHAPE)
    count, samples = targets.spec.shape.axis(0), images.axis(0)
    if same(count, samples) is False:
        raise ShapeFailure(
            Failure(
                "sample-count",
                f"{{subject}} has {count} samples, but there are {samples} images",
                keras="`x` (images tensor) and `y` (labels) should have the same length. "
                f"Found: x.shape = {images}, y.shape = {targets.spec.shape}",
                subject=1,
                expected=images,
                found=targets.spec.shape,
                axis=0,
            )
        )
    return tensor(m, Shape((batch, *targets.spec.shape.dims[1:])), targets.spec.dtype, labels=targets.labels)


@function(
    f"{GENERATOR}.flow_from_directory",
    params="self, directory, target_size=(256, 256), color_mode='rgb', classes=None, class_mode='categorical', "
    f"batch_size=32, shuffle=True, {FLOW}, follow_links=False, subset=None, interpolation='nearest', "
    "keep_aspect_ratio=False",
)
@function(
    f"{GENERATOR}.flow_from_dataframe",
    params="self, dataframe, directory=None, x_col='filename', y_col='class', weight_col=None, "
    "target_size=(256, 256), color_mode='rgb', classes=None, class_mode='categorical', batch_size=32, "
    f"shuffle=True, {FLOW}, subset=None, interpolation='nearest', validate_filenames=True, **options",
)
def flow_from_files(m: Machine, a: Arguments) -> Value:
    """Batches of images of one size, and labels as ``class_mode`` says."""
    size: tuple[Dim, ...] = (256, 256)
    if a.get("target_size") is not None:
        found = shape_of(m, a.get("target_size"))
        size = found.dims if found is not None and not found.open and len(found) == 2 else (ANY, ANY)
    mode = text_of(a, "color_mode", "rgb")
    channels: Dim = ANY if mode is UNSURE else CHANNELS.get(mode, ANY)
    images = tensor(m, Shape((None, *size, channels)), "float32")
    names = a.get("classes")
    known = None if is_none(names) or names is None else items_of(m, names)
    count = None if known is None else len(known)
    wanted = a.values.get("class_mode", Const("categorical"))
    labels: Value
    if wanted == NONE:
        return DatasetValue(images, -1, 1, "generator", m.site)
    if wanted == Const("categorical"):
        labels = tensor(m, Shape((None, ANY if count is None else count)), "float32")
    elif wanted in (Const("binary"), Const("sparse")):
        labels = tensor(m, Shape((None,)), "float32", labels=2 if wanted == Const("binary") else count)
    elif wanted == Const("input"):
        labels = images
    elif wanted in (Const("raw"), Const("other"), Const("multi_output")):
        labels = tensor(m, UNKNOWN_SHAPE)
    else:
        raise NotKnown("the class mode is not known")
    return DatasetValue(TupleValue((images, labels)), -1, 1, "generator", m.site)


@function(f"{GENERATOR}.fit", params="self, x, augment=False, rounds=1, seed=None")
def fit(m: Machine, a: Arguments) -> Value:
    """Learns statistics."""
    return NONE


@function(f"{GENERATOR}.random_transform", f"{GENERATOR}.standardize", params="self, x, *args, **kwargs")
def transformed(m: Machine, a: Arguments) -> Value:
    """One image, changed."""
    image = as_spec(a.values["x"], m)
    return tensor(m, UNKNOWN_SHAPE if image is None else image.spec.shape)


@attribute("keras.Generator.class_indices")
def class_indices(m: Machine, value: Value) -> Value:
    """A dict from class names to numbers."""
    return m.alloc(DictObject((), open=True))


@attribute("keras.Generator.samples", "keras.Generator.n", "keras.Generator.num_classes", "keras.Generator.batch_size")
def count(m: Machine, value: Value) -> Value:
    """Numbers that the files decide."""
    return Opaque("int")


@attribute("keras.Generator.classes", "keras.Generator.labels")
def classes(m: Machine, value: Value) -> Value:
    """The label of each file."""
    return tensor(m, Shape((ANY,)), "int32")


@attribute("keras.Generator.image_shape")
def image_shape(m: Machine, value: Value) -> Value:
    """The shape of one image."""
    element = value.element if isinstance(value, DatasetValue) else None
    first = element.items[0] if isinstance(element, TupleValue) else element
    if not isinstance(first, TensorValue) or first.spec.shape.open:
        raise NotKnown("the shape of its images is not known")
    return m.attribute(TensorValue(type(first.spec)(Shape(first.spec.shape.dims[1:]))), "shape")


@function("keras.Generator.reset", "keras.Generator.on_epoch_end", params="self")
def reset(m: Machine, a: Arguments) -> Value:
    """Starts again."""
    return NONE


@function("keras.Generator.next", "keras.Generator.__next__", params="self")
def following(m: Machine, a: Arguments) -> Value:
    """The next batch."""
    source = a.values["self"]
    if not isinstance(source, DatasetValue):
        raise NotKnown("what is iterated over is not known")
    return source.element
