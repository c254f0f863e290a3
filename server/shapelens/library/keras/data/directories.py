"""Datasets of files and of windows: ``keras.utils.*_dataset_from_*`` (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import UNSURE, as_dim, is_none, items_of, text_of
from shapelens.library.keras.data.images import CHANNELS
from shapelens.library.keras.models.nests import shape_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, DatasetValue, TupleValue, Value

SPLIT = "shuffle=True, seed=None, validation_split=None, subset=None"


@function(
    "keras.utils.image_dataset_from_directory",
    params="directory, labels='inferred', label_mode='int', class_names=None, color_mode='rgb', batch_size=32, "
    f"image_size=(256, 256), {SPLIT}, interpolation='bilinear', follow_links=False, crop_to_aspect_ratio=False, "
    "pad_to_aspect_ratio=False, data_format=None, format='tf', verbose=True, smart_resize=False",
)
def image_dataset(m: Machine, a: Arguments) -> Value:
    """Images of one size, float32, with their labels."""
    size: tuple[Dim, ...] = (256, 256)
    if a.get("image_size") is not None:
        found = shape_of(m, a.get("image_size"))
        size = (ANY, ANY) if found is None or found.open else found.dims if len(found) == 2 else found.dims * 2
    mode = text_of(a, "color_mode", "rgb")
    channels: Dim = ANY if mode is UNSURE else CHANNELS.get(mode, ANY)
    if is_none(a.get("data_format")) or a.get("data_format") == Const("channels_last"):
        shape = Shape((*size[:2], channels))
    else:
        shape = Shape((ANY, ANY, ANY))
    return _labelled(m, a, shape, "float32")


@function(
    "keras.utils.text_dataset_from_directory",
    params="directory, labels='inferred', label_mode='int', class_names=None, batch_size=32, max_length=None, "
    f"{SPLIT}, follow_links=False, format='tf', verbose=True",
)
def text_dataset(m: Machine, a: Arguments) -> Value:
    """Strings with their labels."""
    return _labelled(m, a, Shape(()), "string")


@function(
    "keras.utils.audio_dataset_from_directory",
    params="directory, labels='inferred', label_mode='int', class_names=None, batch_size=32, sampling_rate=None, "
    f"output_sequence_length=None, ragged=False, {SPLIT}, follow_links=False, verbose=True",
)
def audio_dataset(m: Machine, a: Arguments) -> Value:
    """Sounds of an unknown number of channels with their labels."""
    length = a.get("output_sequence_length")
    steps = ANY if length is None or is_none(length) else as_dim(length)
    return _labelled(m, a, Shape((steps, ANY)), "float32")


def _labelled(m: Machine, a: Arguments, sample: Shape, dtype: str) -> Value:
    """A dataset of samples, or two when ``subset="both"``."""
    batch, batched = _batch(a)
    features = tensor(m, Shape((*batch, *sample.dims)), dtype, "tensor")
    names = a.get("class_names")
    known = None if is_none(names) else items_of(m, names)
    count = None if known is None else len(known)
    mode = Const(None) if is_none(a.values.get("labels", Const("inferred"))) else a.get("label_mode") or Const("int")
    element: Value
    if mode == Const(None):
        element = features
    elif mode == Const("categorical"):
        classes = ANY if count is None else count
        element = TupleValue((features, tensor(m, Shape((*batch, classes)), "float32", "tensor")))
    elif mode == Const("binary"):
        element = TupleValue((features, tensor(m, Shape((*batch, 1)), "float32", "tensor")))
    elif mode == Const("int"):
        element = TupleValue((features, tensor(m, Shape(batch), "int32", "tensor", labels=count)))
    else:
        raise NotKnown("the label mode is not known")
    made = DatasetValue(element, None, batched, origin=m.site)
    if "subset" not in a.values or a.values["subset"] in (Const(None), Const("training"), Const("validation")):
        return made
    if a.values["subset"] == Const("both"):
        return m.alloc(ListObject((made, made)))
    raise NotKnown("which subset is meant is not known")


def _batch(a: Arguments, default: int = 32) -> tuple[tuple[Dim, ...], int]:
    """The batch axis, dynamic, if there is one, and how often the elements were batched."""
    given = a.values.get("batch_size", Const(default))
    if given == Const(None):
        return (), 0
    return (None,), 1


@function(
    "keras.utils.timeseries_dataset_from_array",
    params="data, targets, sequence_length, sequence_stride=1, sampling_rate=1, batch_size=128, shuffle=False, "
    "seed=None, start_index=None, end_index=None, format='tf'",
)
def timeseries_dataset(m: Machine, a: Arguments) -> Value:
    """Windows of an array. The window's length is dynamic to TensorFlow, but every one has it."""
    batch, batched = _batch(a, 128)
    data, targets = m.tensor(a.values["data"]), a.values["targets"]
    length = as_dim(a.values["sequence_length"])
    if data is None or data.spec.shape.open:
        windows = tensor(m, UNKNOWN_SHAPE, None if data is None else data.spec.dtype, "tensor")
    else:
        windows = tensor(m, Shape((*batch, length, *data.spec.shape.dims[1:])), data.spec.dtype, "tensor")
    element: Value = windows
    wanted = None if is_none(targets) else m.tensor(targets)
    if not is_none(targets):
        shape = UNKNOWN_SHAPE
        if wanted is not None and not wanted.spec.shape.open:
            shape = Shape((*batch, *wanted.spec.shape.dims[1:]))
        labels = None if wanted is None else wanted.labels
        element = TupleValue(
            (windows, tensor(m, shape, None if wanted is None else wanted.spec.dtype, "tensor", labels=labels))
        )
    return DatasetValue(element, None, batched, origin=m.site)
