"""Library layers as objects: constructed from bound arguments, called on tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shapelens.library import consult
from shapelens.library.keras.layers.apply import apply_layer, spec_nest
from shapelens.library.keras.layers.config import DATA_FORMAT, absent
from shapelens.library.keras.layers.constructors import check_constructor
from shapelens.library.keras.layers.input_shapes import declared_input
from shapelens.library.keras.layers.naming import name_for, snake_case
from shapelens.library.keras.models.ends import lend
from shapelens.library.keras.models.fitting import check_given_weights
from shapelens.library.keras.models.nests import (
    dim_of,
    is_symbolic,
    map_tensors,
    outputs_of,
    refuse_no_shape,
    shape_of,
    tensors_in,
)
from shapelens.library.keras.models.symbolic import input_layer, with_node
from shapelens.library.keras.signatures import bind_call, bind_layer, bind_loosely, canonical, known
from shapelens.library.keras.training.softmax import softmax_one_unit
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerResult, layer_rule
from shapelens.shapes.dims import same
from shapelens.shapes.shape import UNKNOWN_SHAPE, UNKNOWN_SPEC, Shape, SpecNest, TensorSpec
from shapelens.shapes.span import Span
from shapelens.shapes.stated import BY_COMMENT, leaves_out_batch
from shapelens.values.facts import Site
from shapelens.values.failure import Failure, NotKnown, Place, ShapeFailure
from shapelens.values.objects import INPUT_LAYER, LayerObject, LayerState, NodeObject
from shapelens.values.value import NONE, Const, Lib, Ref, TensorValue, Unknown, Value

# Remembered of a program that has a layer which makes masks.
MASKS = "masks"


def is_library_layer(m: Machine, name: str) -> bool:
    """Whether ``name`` is a layer class of Keras."""
    family = m.versions.family
    return layer_rule(canonical(name), family) is not None or (name.startswith("keras.layers.") and known(name, family))


def construct(m: Machine, name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value | None:
    """A new layer, or `None` when ``name`` is no layer class."""
    if not is_library_layer(m, name):
        return None
    name = canonical(name)
    incomplete = "\0incomplete" in kwargs
    given = {k: v for k, v in kwargs.items() if not k.startswith("\0")}
    config = bind_layer(name, args, given, m.versions.family)
    if isinstance(config, Failure):
        if incomplete:
            m.skip_name(snake_case(name))
            return Unknown("the arguments of this layer are not all known")
        consult.confirm(m, Lib(name), args, given, config)
        config = bind_loosely(name, args, given, m.versions.family)
    elif incomplete:
        config = {k: (v if k in given else Unknown("not all arguments are known")) for k, v in config.items()}
    else:
        failure = check_constructor(m, name, config)
        if failure is not None:
            consult.confirm(m, Lib(name), args, given, failure)
        check_given_weights(m, name, config)
    if "data_format" in config and absent(config["data_format"]):
        # Which one that is, is decided when the layer is made.
        config = {**config, "data_format": m.setting(DATA_FORMAT) or NONE}
    if name == "keras.layers.Masking" or m.truth(config.get("mask_zero", NONE)):
        m.set_setting(MASKS, Const(True))
    for value in config.values():
        # A layer around a model calls it.
        lend(m, value)
    text, auto = name_for(m, config.get("name"), snake_case(name))
    for kind in TAKEN_INSIDE.get(name, ()):
        m.take_name(kind)
    layer = LayerObject(name, tuple(config.items()), LayerState(text, auto, m.site))
    if name == INPUT_LAYER:
        given_tensor = config.get("input_tensor")
        tensor = given_tensor if isinstance(given_tensor, TensorValue) else None
        return input_layer(m, layer, tensor.spec if tensor else declared_input(m, config), m.site, tensor)[0]
    return m.alloc(layer)


# Layers that make others, without a name of their own choice, when they are made or first called.
TAKEN_INSIDE = {"keras.layers.TextVectorization": ("string_lookup",)}
TAKEN_WHEN_BUILT = {
    "keras.layers.MultiHeadAttention": ("softmax", "dropout"),
    "keras.layers.GroupQueryAttention": ("softmax", "dropout"),
}


def call_layer(
    m: Machine,
    ref: Ref,
    obj: LayerObject,
    args: tuple[Value, ...],
    kwargs: Mapping[str, Value],
    site: Span | None = None,
) -> Value:
    """Call a library layer; ``site`` is where its shape is shown (the call, if not given)."""
    bound = bind_call(obj.class_name, args, kwargs, m.versions.family)
    reply: consult.Reply | None = None
    if isinstance(bound, Failure):
        reply = consult.confirm(m, ref, args, kwargs, bound)
        bound = (next(iter((*args, *kwargs.values())), None), {})
    first, arguments = bound
    if first is None:
        raise NotKnown("the layer is called without inputs")
    nest = spec_nest(m, first)
    given: SpecNest = UNKNOWN_SPEC if nest is None else nest
    shown = site or m.site
    try:
        result, answered_by = _result(m, ref, given, arguments, args, kwargs, reply)
    except NotKnown as reason:
        m.note_site(
            Site(
                shown,
                "layer",
                obj.state.name,
                short_name(obj),
                given,
                None,
                None,
                made=obj.state.made,
                reason=reason.reason,
            )
        )
        return Unknown(reason.reason)
    if site is None:
        _check_declared(m, obj, given)
    inputs = (*tensors_in(m, first), *(t for v in arguments.values() for t in tensors_in(m, v)))
    symbolic = is_symbolic(inputs) or isinstance(first, Unknown)
    value = outputs_of(m, result.outputs, result.value, symbolic, shown)
    if answered_by:
        value = map_tensors(m, value, lambda tensor: replace(tensor, answered_by=answered_by))
    _check_softmax(m, obj, result.outputs)
    if symbolic:
        value = with_node(m, value, NodeObject(ref, inputs, args, tuple(kwargs.items()), value, shown))
    current = m.read(ref)
    assert isinstance(current, LayerObject)
    # `layer.output` is that of the first symbolic call.
    now = symbolic and current.state.output_value is None
    if not current.state.built:
        for kind in TAKEN_WHEN_BUILT.get(obj.class_name, ()):
            m.take_name(kind)
    m.write(
        ref,
        replace(
            current,
            state=replace(
                current.state,
                built=True,
                params=result.params,
                input_specs=result.input_specs,
                inputs=given,
                outputs=result.outputs,
                built_on=current.state.built_on if current.state.built else None if arguments else given,
                input_value=first if now else current.state.input_value,
                output_value=value if now else current.state.output_value,
            ),
        ),
    )
    m.note_site(
        Site(
            shown, "layer", obj.state.name, short_name(obj), given, result.outputs, result.params,
            result.steps, obj.state.made, value, answered_by=answered_by,
        )
    )  # fmt: skip
    return value


def _result(
    m: Machine,
    ref: Ref,
    given: SpecNest,
    arguments: Mapping[str, Value],
    args: tuple[Value, ...],
    kwargs: Mapping[str, Value],
    reply: consult.Reply | None,
) -> tuple[LayerResult, str | None]:
    """What the layer's rule gives, or else the installed Keras: then with its version."""
    if reply is None:
        try:
            return apply_layer(m, ref, given, arguments), None
        except NotKnown as reason:
            reply = consult.instead(m, ref, args, kwargs, reason.reason)
        except ShapeFailure as failure:
            if _may_lack_its_batch(args, failure.failure):
                raise NotKnown("what the comment states may be the shape of one sample") from None
            reply = consult.confirm(m, ref, args, kwargs, failure.failure)
    outputs = reply.specs("keras")
    if outputs is None:
        raise NotKnown("the layer's output is not a tensor")
    return LayerResult(outputs, reply.answer.params), reply.answer.version


def _may_lack_its_batch(args: tuple[Value, ...], failure: Failure) -> bool:
    """Whether a layer is called on what only a comment states, and lacks no more than the batch axis of that."""
    first = args[0] if args else None
    if not isinstance(first, TensorValue) or first.answered_by != BY_COMMENT:
        return False
    return failure.code in ("rank-mismatch", "missing-batch-axis") and leaves_out_batch(first.spec.shape, UNKNOWN_SHAPE)


def _check_softmax(m: Machine, obj: LayerObject, outputs: SpecNest) -> None:
    if isinstance(outputs, TensorSpec) and obj.get("axis") in (None, Const(-1)):
        failure = softmax_one_unit(short_name(obj), activation_of(obj), outputs.shape)
        if failure is not None:
            m.warn(failure, obj.state.made)


def short_name(obj: LayerObject) -> str:
    """``Conv2D`` of ``keras.layers.Conv2D``."""
    return obj.class_name.rpartition(".")[2]


def declared_shape(m: Machine, obj: LayerObject) -> Shape | None:
    """The batch shape that ``input_shape=`` and its kin declare, batch axis first; `None` for none."""
    for key in ("batch_input_shape", "batch_shape"):
        whole = shape_of(m, obj.get(key))
        if whole is not None:
            return whole
    batch: Value = obj.get("batch_size") or Const(None)
    first = dim_of(batch) if isinstance(batch, Const) else None
    refuse_no_shape(m, obj.get("input_shape"), "input_shape")
    sample = shape_of(m, obj.get("input_shape"))
    if sample is not None:
        return sample if sample.open else Shape((first, *sample.dims))
    size = obj.get("input_dim")
    if size is not None and size != Const(None) and "Embedding" not in obj.class_name:
        return Shape((first, dim_of(size)))
    return None


def _check_declared(m: Machine, obj: LayerObject, inputs: SpecNest) -> None:
    """A layer that is called directly ignores its ``input_shape`` (run: Keras 3.15.1)."""
    if isinstance(obj.get("input_shape"), Const):
        return
    declared = declared_shape(m, obj)
    if declared is None or declared.open or not isinstance(inputs, TensorSpec) or inputs.shape.open:
        return
    found = inputs.shape
    # From the last axis on: one axis more or less is how people write the same data.
    shared = range(-1, -min(len(found.dims), len(declared.dims)), -1)
    clash = next((axis for axis in shared if same(found.dims[axis], declared.dims[axis]) is False), None)
    if clash is not None and tuple(d for d in found.dims if d != 1) != tuple(d for d in declared.dims if d != 1):
        places = () if obj.state.made is None else (Place(obj.state.made, "the layer was made here"),)
        m.warn(
            Failure(
                "declared-shape-ignored",
                f"{short_name(obj)} declares input_shape={Shape(declared.dims[1:])}, but it is called "
                f"directly on {{subject}} of shape {found}: the declaration is ignored",
                subject=0,
                expected=declared,
                found=found,
                axis=clash,
                places=places,
            )
        )


def activation_of(obj: LayerObject) -> str | None:
    """The name of the layer's activation, if it is known."""
    given = obj.get("activation")
    if isinstance(given, Const) and isinstance(given.value, str):
        return given.value
    if isinstance(given, Lib):
        return given.name.rpartition(".")[2]
    if given == NONE:
        return "linear"
    return "softmax" if obj.class_name == "keras.layers.Softmax" else None
