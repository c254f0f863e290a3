"""Instances of the user's Layer and Model classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.layers.naming import name_for, snake_case
from shapelens.library.keras.models import functional
from shapelens.library.keras.models.call_shapes import shapes_for
from shapelens.library.keras.models.counting import count_params
from shapelens.library.keras.models.inherited import called_layer, inner_layer, make_inner
from shapelens.library.keras.models.inputs import dtype_of
from shapelens.library.keras.models.layers import MASKS
from shapelens.library.keras.models.nests import (
    is_symbolic,
    map_tensors,
    outputs_of,
    refuse_no_shape,
    shape_of,
    shape_value,
    tensors_in,
)
from shapelens.library.keras.models.symbolic import with_node
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, SpecNest, TensorSpec
from shapelens.values.facts import Site
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import (
    ClassObject,
    FunctionalObject,
    InstanceObject,
    LayerState,
    NodeObject,
)
from shapelens.values.value import (
    NONE,
    BoundMethod,
    Const,
    FunctionValue,
    OneOf,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
    parameters_of,
)


def init_instance(m: Machine, a: Arguments) -> Value:
    """``super().__init__(...)`` of a library layer or model class."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or not isinstance(obj, InstanceObject):
        return NONE
    name = a.extra.get("name")
    state = obj.layer or LayerState(made=obj.origin)
    if state.name is None and state.auto is None:
        label, auto = name_for(m, name, snake_case(class_name(m, obj)))
        state = replace(state, name=label, auto=auto)
    model = obj.model
    inputs = a.extra.get("inputs") or (a.rest[0] if len(a.rest) >= 2 else None)
    outputs = a.extra.get("outputs") or (a.rest[1] if len(a.rest) >= 2 else None)
    if model is not None and inputs is not None and outputs is not None:
        model = replace(model, inputs=inputs, outputs=outputs)
    m.write(ref, replace(obj, layer=state, model=model))
    make_inner(m, ref, a.rest, a.extra)
    return NONE


@function("keras.layers.Layer.__init__", params="self, *args, **kwargs")
def init_layer(m: Machine, a: Arguments) -> Value:
    """``super().__init__(name=...)`` of a layer class."""
    return init_instance(m, a)


@function("keras.layers.Layer.build", params="self, *args, **kwargs")
def build(m: Machine, a: Arguments) -> Value:
    """``super().build(input_shape)``, or ``model.build(shape)`` from outside."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if isinstance(ref, Ref) and isinstance(obj, InstanceObject) and obj.layer is not None:
        m.write(ref, replace(obj, layer=replace(obj.layer, built=True)))
    return NONE


@function("keras.Model.build", params="self, input_shape=None")
def build_model(m: Machine, a: Arguments) -> Value:
    """``model.build((None, 28, 28, 1))``: Keras calls the model on such a symbolic tensor."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    shape = shape_of(m, a.get("input_shape"))
    if isinstance(ref, Ref) and isinstance(obj, InstanceObject) and shape is not None and shape.dims:
        call_instance(m, ref, obj, (TensorValue(TensorSpec(shape, "float32"), "keras"),), {})
    return NONE


@function("keras.layers.Layer.__call__", params="self, *args, **kwargs")
def call_from_outside(m: Machine, a: Arguments) -> Value:
    """``super().__call__(x)``: what a call of the layer does."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or not isinstance(obj, InstanceObject):
        return Unknown("the layer is not known")
    return call_instance(m, ref, obj, a.rest, a.extra)


@function("keras.layers.Layer.call", params="self, *args, **kwargs")
def base_call(m: Machine, a: Arguments) -> Value:
    """``super().call(x)``."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    inner = inner_layer(obj) if isinstance(obj, InstanceObject) else None
    if inner is not None:
        return m.call(inner, a.rest, a.extra)
    if isinstance(obj, InstanceObject) and obj.model is not None and obj.model.outputs is not None and a.rest:
        return functional.run(m, _as_functional(obj), a.rest[0])
    return Unknown("the layer's class does not say what `call` does")


@function(
    "keras.layers.Layer.add_weight",
    params="self, *args, **kwargs",
)
def add_weight(m: Machine, a: Arguments) -> Value:
    """``self.add_weight(shape=(3, 4))``; in Keras 2 the name comes first: ``add_weight("w", shape=...)``."""
    named = bool(a.rest) and isinstance(a.rest[0], Const) and isinstance(a.rest[0].value, str)
    order = ("name", "shape", "dtype") if named or m.versions.family == 2 else ("shape", "initializer", "dtype")
    given = {**dict(zip(order, a.rest, strict=False)), **a.extra}
    shape_argument = given.get("shape")
    refuse_no_shape(m, shape_argument, "shape")
    # Without a shape it is a scalar.
    said = Shape(()) if shape_argument in (None, NONE) else shape_of(m, shape_argument)
    shape = UNKNOWN_SHAPE if said is None else said
    if None in shape.dims:
        raise ShapeFailure(
            Failure(
                "undefined-dimension",
                f"a weight must have a known size on every axis, but {{subject}} is {shape}: "
                "the layer's input does not say its size there",
                keras=f"Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
                f"Received: shape={shape}",
                subject="shape",
                found=shape,
            )
        )
    return TensorValue(TensorSpec(shape, dtype_of(given.get("dtype"), "float32")), "variable", origin=m.site)


@function(
    "keras.layers.Layer.add_loss",
    "keras.layers.Layer.add_metric",
    "keras.layers.Layer.load_own_variables",
    params="self, *args, **kwargs",
)
def no_result(m: Machine, a: Arguments) -> Value:
    """Methods without effect on shapes."""
    return NONE


def call_instance(
    m: Machine,
    ref: Ref,
    obj: InstanceObject,
    args: tuple[Value, ...],
    kwargs: Mapping[str, Value],
    *,
    shown: bool = True,
) -> Value:
    """``layer(x)`` or ``model(x)``: build it for the input, then follow its ``call``.

    ``shown``: the present call expression is one of the layer. Where ``fit`` calls a model, its shapes are
    told at the constructor.
    """
    first = args[0] if args else next(iter(kwargs.values()), None)
    nest = None if first is None else spec_nest(m, first)
    inputs = tuple(t for v in (*args, *kwargs.values()) for t in tensors_in(m, v))
    symbolic = is_symbolic(inputs)
    if nest is not None:
        _build(m, ref, nest, args, kwargs)
    inside = {name: _inside(m, value) for name, value in kwargs.items()}
    given = tuple(_inside(m, value) for value in args)
    method = m.attribute(ref, "call")
    inner = called_layer(m, obj)
    if isinstance(method, BoundMethod):
        inside = {**inside, **_mask_for(m, method, nest, given, inside)}
        value = m.call(method, given, inside)
        if isinstance(value, Unknown) and "training" in inside:
            # Keras passes `training` only to a `call` that takes it.
            value = m.call(method, given, {k: v for k, v in inside.items() if k not in ("training", "mask")})
    elif obj.model is not None and obj.model.outputs is not None and first is not None:
        value = functional.run(m, _as_functional(obj), functional.fit_inputs(m, ref, obj, first))
    elif inner is not None:
        with m.quiet():
            value = m.call(inner, given, inside)
    else:
        own = m.attribute(ref, "__call__")
        value = m.call(own, given, inside) if isinstance(own, BoundMethod) else Unknown("the class has no `call`")
    if symbolic and m.versions.family == 3:
        value = _as_computed(m, ref, args, kwargs, value)
    outputs = spec_nest(m, value) if not isinstance(value, Unknown) else None
    result = value
    if outputs is not None and tensors_in(m, value):
        kept = outputs_of(m, outputs, value if isinstance(value, TupleValue | Ref) else None, symbolic)
        result = (
            with_node(m, kept, NodeObject(ref, inputs, args, tuple(kwargs.items()), kept, m.site)) if symbolic else kept
        )
    _remember(m, ref, nest, outputs, first, result)
    current = m.read(ref)
    assert isinstance(current, InstanceObject)
    state = current.layer or LayerState()
    place = m.site if shown else state.made
    if place is None:
        return result
    m.note_site(
        Site(
            place, "layer", state.name, class_name(m, current), nest, outputs, state.params,
            made=state.made, value=result, reason=value.reason if isinstance(value, Unknown) else "",
        )
    )  # fmt: skip
    return result


def _as_computed(m: Machine, ref: Ref, args: tuple[Value, ...], kwargs: Mapping[str, Value], value: Value) -> Value:
    """What a symbolic call gives: what the class's own ``compute_output_shape`` says, if it has one (Keras 3.15.1).

    Keras 3 does not run ``call`` then; ``value`` is what that gives.
    """
    method = m.attribute(ref, "compute_output_shape")
    shapes = shapes_for(m, ref, method, args, kwargs) if isinstance(method, BoundMethod) else None
    if shapes is None:
        return value
    try:
        with m.quiet():
            said = shape_of(m, m.call(method, (), shapes))
    except ShapeFailure:
        return value
    if said is None or said.open or not all(size is None or isinstance(size, int) for size in said.dims):
        return value
    dtype = value.spec.dtype if isinstance(value, TensorValue) else None
    return TensorValue(TensorSpec(said, dtype), "tensor", origin=m.site)


def _mask_for(
    m: Machine, method: BoundMethod, nest: SpecNest | None, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> dict[str, Value]:
    """The ``mask`` that Keras may give a ``call`` that takes one, in a program that masks."""
    if m.setting(MASKS) is None or not isinstance(nest, TensorSpec) or nest.shape.rank != 3 or "mask" in kwargs:
        return {}
    function = method.function
    names = parameters_of(function) if isinstance(function, FunctionValue) else ()
    if "mask" not in names or names.index("mask") <= len(args):
        return {}
    mask = TensorValue(TensorSpec(Shape(nest.shape.dims[:2]), "bool"), "tensor", origin=m.site)
    return {"mask": OneOf((NONE, mask))}


def class_name(m: Machine, obj: InstanceObject) -> str:
    """The name of the instance's class."""
    cls = m.read(obj.cls)
    return cls.name if isinstance(cls, ClassObject) else "Layer"


def _as_functional(obj: InstanceObject) -> FunctionalObject:
    assert obj.model is not None
    assert obj.model.inputs is not None
    assert obj.model.outputs is not None
    return FunctionalObject(obj.model.inputs, obj.model.outputs, obj.layer or LayerState(), obj.model)


def _inside(m: Machine, value: Value) -> Value:
    """Inside ``call`` a symbolic or NumPy input is a TensorFlow tensor."""
    return map_tensors(
        m,
        value,
        lambda t: replace(t, kind="tensor", node=None, data=None) if t.kind in ("keras", "numpy") else t,
    )


def _build(m: Machine, ref: Ref, nest: SpecNest, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> None:
    obj = m.read(ref)
    assert isinstance(obj, InstanceObject)
    if obj.layer is None or obj.layer.built:
        return
    m.write(ref, replace(obj, layer=replace(obj.layer, built=True)))
    method = m.attribute(ref, "build")
    if isinstance(method, BoundMethod):
        shapes = shapes_for(m, ref, method, args, kwargs) if m.versions.family == 3 else None
        if shapes is None:
            m.call(method, (shape_value(nest, m),), {})
        else:
            m.call(method, (), shapes)


def _remember(
    m: Machine, ref: Ref, nest: SpecNest | None, outputs: SpecNest | None, first: Value | None, result: Value
) -> None:
    obj = m.read(ref)
    assert isinstance(obj, InstanceObject)
    state = replace(
        obj.layer or LayerState(),
        built=True,
        inputs=nest,
        outputs=outputs,
        input_value=first,
        output_value=result,
        params=count_params(m, ref),
    )
    m.write(ref, replace(obj, layer=state))
