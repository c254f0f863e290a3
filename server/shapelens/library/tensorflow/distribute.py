"""``tf.distribute``: a step that runs on each replica is followed as one that runs once (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_int, as_spec
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, function
from shapelens.library.tensorflow.elements import mapped
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject
from shapelens.values.value import NONE, Const, DatasetValue, LibObject, Opaque, Ref, TensorValue, Unknown, Value

STRATEGIES = tuple(
    f"tensorflow.distribute.{name}"
    for name in (
        "Strategy", "MirroredStrategy", "MultiWorkerMirroredStrategy", "OneDeviceStrategy", "ParameterServerStrategy",
        "TPUStrategy", "experimental.CentralStorageStrategy", "experimental.MultiWorkerMirroredStrategy",
        "experimental.TPUStrategy",
    )
)  # fmt: skip


def _methods(*names: str) -> tuple[str, ...]:
    return tuple(f"{strategy}.{name}" for strategy in STRATEGIES for name in names)


@function("tensorflow.distribute.get_strategy", params="")
def current(m: Machine, a: Arguments) -> Value:
    """The strategy in whose scope the program is."""
    return LibObject(STRATEGIES[0], origin=m.site)


@function(*_methods("run", "experimental_run_v2"), params="self, fn, args=(), kwargs=None, options=None")
def run(m: Machine, a: Arguments) -> Value:
    """What the function gives; on several replicas each gives as much."""
    args = m.items(a.values["args"]) if "args" in a.values else ()
    given = a.values.get("kwargs", NONE)
    obj = m.read(given) if isinstance(given, Ref) else None
    if args is None or (given != NONE and not (isinstance(obj, DictObject) and not obj.open)):
        raise NotKnown("the arguments of this call are not all known")
    named = obj.entries if isinstance(obj, DictObject) else ()
    return m.call(a.values["fn"], args, {str(key.value): v for key, v in named if isinstance(key, Const)})


@function(*_methods("experimental_distribute_dataset"), params="self, dataset, options=None")
def distributed(m: Machine, a: Arguments) -> Value:
    """The same batches, shared out: how many samples a replica gets of one is not known."""
    data = a.values["dataset"]
    if not isinstance(data, DatasetValue):
        raise NotKnown("the data set is not known")

    def share(part: TensorValue) -> Value:
        shape = part.spec.shape
        if shape.open or not shape.dims or shape.dims[0] is None:
            return part
        return tensor(m, shape.replace(0, ANY), part.spec.dtype, "tensor", labels=part.labels)

    element = mapped(m, data.element, share)
    return DatasetValue(element, data.cardinality, data.batched, data.kind, data.origin)


@function(
    *_methods("distribute_datasets_from_function", "experimental_distribute_datasets_from_function"),
    params="self, dataset_fn, options=None",
)
def from_function(m: Machine, a: Arguments) -> Value:
    """The data set that the function makes."""
    return m.call(a.values["dataset_fn"], (Unknown("the context of the input is not known"),), {})


@function(*_methods("reduce"), params="self, reduce_op, value, axis")
def reduced(m: Machine, a: Arguments) -> Value:
    """One value for all replicas; without the axis that it is reduced along."""
    source = as_spec(a.values["value"], m, "tensorflow")
    if source is None:
        raise NotKnown("what is reduced is not known")
    shape, axis = source.spec.shape, a.values["axis"]
    if axis != NONE:
        place = as_int(axis)
        known = place is not None and not shape.open and -len(shape.dims) <= place < len(shape.dims)
        if place is None or not known:
            return tensor(m, UNKNOWN_SHAPE, source.spec.dtype, "tensor")
        index = place % len(shape.dims)
        shape = Shape((*shape.dims[:index], *shape.dims[index + 1 :]))
    return tensor(m, shape, source.spec.dtype, "tensor")


@function(*_methods("experimental_local_results"), params="self, value")
def local(m: Machine, a: Arguments) -> Value:
    """The results of this machine's replicas."""
    raise NotKnown("how many replicas there are is not known")


def _number_of_replicas(m: Machine, value: Value) -> Value:
    """As many as the machine has devices."""
    return Opaque("int")


attribute(*_methods("num_replicas_in_sync"))(_number_of_replicas)
