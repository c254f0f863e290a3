"""``keras.Sequential``: a list of layers, run as soon as the first input shape is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shapelens.library import consult
from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.layers.naming import name_for
from shapelens.library.keras.models.connected import given_name
from shapelens.library.keras.models.ends import LENT, lend, note_call
from shapelens.library.keras.models.functional import fit_inputs, loosely_checked, specs_of
from shapelens.library.keras.models.inputs import LATE_INPUT, dtype_of
from shapelens.library.keras.models.layers import call_layer, declared_shape, is_library_layer
from shapelens.library.keras.models.nests import (
    is_symbolic,
    map_tensors,
    outputs_of,
    shape_of,
    tensors_in,
    to_tensors,
    with_batch,
)
from shapelens.library.keras.models.symbolic import symbolic_input, with_node
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.facts import Site
from shapelens.values.failure import Failure, NotKnown, Place, ShapeFailure
from shapelens.values.objects import (
    INPUT_LAYER,
    FunctionalObject,
    LayerObject,
    LayerState,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import (
    NONE,
    Const,
    FunctionValue,
    Lib,
    LibObject,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)


@function("keras.Sequential", params="layers=None, trainable=True, name=None")
def make_sequential(m: Machine, a: Arguments) -> Value:
    """``keras.Sequential([...])``."""
    label, auto = name_for(m, a.get("name"), "sequential")
    ref = m.alloc(SequentialObject(state=LayerState(label, auto, m.site)))
    fill(m, ref, a.get("layers"))
    return ref


def fill(m: Machine, ref: Ref, layers: Value | None) -> None:
    """Add the layers that the constructor was given."""
    if layers is None or layers == NONE:
        return
    items = m.items(layers)
    if items is None:
        _lose(m, ref, "the list of layers is not known")
        return
    for item in items:
        if not add_layer(m, ref, item, in_list=True):
            break
    _rebuilt(m, ref)


def _rebuilt(m: Machine, ref: Ref) -> None:
    """Keras makes a functional model of a Sequential whenever its layers change, which takes a name."""
    obj = m.read(ref)
    if isinstance(obj, SequentialObject) and obj.inputs is not None and obj.layers:
        m.take_name("functional")


def _lose(m: Machine, ref: Ref, reason: str) -> None:
    obj = m.read(ref)
    assert isinstance(obj, SequentialObject)
    m.write(ref, replace(obj, lost=obj.lost or reason, outputs=()))


@function("keras.Sequential.add", params="self, layer, rebuild=True")
def add(m: Machine, a: Arguments) -> Value:
    """``model.add(layer)``."""
    ref = a.values["self"]
    if isinstance(ref, Ref) and isinstance(m.read(ref), SequentialObject):
        add_layer(m, ref, a.values["layer"], in_list=False)
        _rebuilt(m, ref)
    return NONE


@function("keras.Sequential.pop", params="self, rebuild=True")
def pop(m: Machine, a: Arguments) -> Value:
    """``model.pop()``."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or not isinstance(obj, SequentialObject) or not obj.layers:
        return NONE
    m.write(ref, replace(obj, layers=obj.layers[:-1], outputs=obj.outputs[: len(obj.layers) - 1]))
    _rebuilt(m, ref)
    return obj.layers[-1]


def add_layer(m: Machine, ref: Ref, layer: Value, *, in_list: bool) -> bool:
    """Append a layer, and run it if the model's input is known. False: Keras raised."""
    obj = m.read(ref)
    assert isinstance(obj, SequentialObject)
    if isinstance(layer, TensorValue) and layer.kind == "keras" and not obj.layers and obj.inputs is None:
        # Keras takes a `keras.Input` as the first item and uses its shape.
        m.write(ref, replace(obj, inputs=layer, declared=layer.spec))
        return True
    first = not obj.layers and obj.inputs is None
    late = None if first else _input_layer(m, layer)
    if late is not None:
        # Run, 3.15.1: its layer is added, and refused only where the model's input is declared already.
        if obj.inputs is not None:
            raise ShapeFailure(
                Failure(
                    "invalid-argument",
                    "the model has an input already, and cannot be given another",
                    keras="has already been configured to use input shape "
                    f"{obj.declared.shape if obj.declared is not None else ''}. You cannot add a different Input layer",
                )
            )
        m.write(ref, replace(obj, layers=(*obj.layers, late)))
        _lose(m, ref, LATE_INPUT)
        return True
    if isinstance(layer, TensorValue | Const | TupleValue) or (
        isinstance(layer, Lib) and is_library_layer(m, layer.name)
    ):
        _refuse_layer(m, layer)
        _lose(m, ref, "something in its list is no layer")
        return False
    target = m.read(layer) if isinstance(layer, Ref) else None
    if isinstance(target, LayerObject) and target.class_name == INPUT_LAYER:
        tensor = target.state.output_value
        assert isinstance(tensor, TensorValue)
        m.write(ref, replace(obj, inputs=tensor, declared=tensor.spec))
        return True
    if isinstance(layer, Ref):
        _check_name(m, obj, layer)
    if first and isinstance(target, LayerObject):
        declared = declared_shape(m, target)
        if declared is not None:
            dtype = dtype_of(target.get("dtype"), "float32")
            _start(m, ref, TensorSpec(declared, dtype), target.state.made)
    elif first and isinstance(target, SequentialObject | FunctionalObject):
        _start_like(m, ref, target)
    obj = m.read(ref)
    assert isinstance(obj, SequentialObject)
    m.write(ref, replace(obj, layers=(*obj.layers, layer)))
    extended = _extend(m, ref, layer, in_list=in_list)
    # Whatever builds this model calls that one.
    lend(m, layer)
    return extended


def _input_layer(m: Machine, item: Value) -> Ref | None:
    """The input layer that an item of the list is, or that made it: a ``keras.Input`` that nothing computed."""
    if isinstance(item, TensorValue):
        node = None if item.node is None else m.read(Ref(item.node))
        made = item.kind == "keras" and isinstance(node, NodeObject) and not node.inputs and not node.args
        item = node.layer if made and isinstance(node, NodeObject) else item
    if not isinstance(item, Ref):
        return None
    layer = m.read(item)
    return item if isinstance(layer, LayerObject) and layer.class_name == INPUT_LAYER else None


def _check_name(m: Machine, model: SequentialObject, layer: Ref) -> None:
    """Two layers of one Sequential may not have the same name; the same layer twice may be (Keras 3.15.1)."""
    name = given_name(m, layer)
    if name is not None and any(given_name(m, other) == name and other != layer for other in model.layers):
        raise ShapeFailure(
            Failure(
                "invalid-argument",
                f"two layers of this model are named '{name}'",
                keras=f"All layers added to a Sequential model should have unique names. Name '{name}' is already the "
                "name of a layer in this model. Update the `name` argument to pass a unique name.",
            )
        )


def _start(m: Machine, ref: Ref, spec: TensorSpec, made: Span | None) -> None:
    obj = m.read(ref)
    assert isinstance(obj, SequentialObject)
    tensor = symbolic_input(m, spec, None, made or m.site)
    m.write(ref, replace(obj, inputs=tensor, declared=spec))


def _start_like(m: Machine, ref: Ref, first: SequentialObject | FunctionalObject) -> None:
    """A model as the first layer gives its own input shape."""
    tensors = tensors_in(m, first.inputs) if first.inputs is not None else ()
    if len(tensors) == 1:
        _start(m, ref, tensors[0].spec, first.state.made)


def _kind_of(value: Value) -> str:
    return "a tensor" if isinstance(value, TensorValue) else "a tuple" if isinstance(value, TupleValue) else "a value"


def _refuse_layer(m: Machine, layer: Value) -> None:
    """Note that this cannot be added to a model, unless the installed Keras takes it."""
    what = f"the class {layer.name.rpartition('.')[2]}" if isinstance(layer, Lib) else _kind_of(layer)
    found = f" of shape {layer.spec.shape}" if isinstance(layer, TensorValue) else ""
    failure = Failure(
        "invalid-argument",
        f"Sequential takes layers, but this is {what}{found}: give the layer itself, not its result",
        keras="Only instances of `keras.Layer` can be added to a Sequential model.",
        found=layer.spec.shape if isinstance(layer, TensorValue) else None,
        details={"reason": "tensor-in-sequential"},
    )
    try:
        # Which layers the model has already makes no difference.
        consult.confirm(m, Lib("keras.Sequential.add"), (LibObject("keras.Sequential"), layer), {}, failure)
    except ShapeFailure as refused:
        m.fail(refused.failure, layer.origin if isinstance(layer, TensorValue) else None)


def _extend(m: Machine, ref: Ref, layer: Value, *, in_list: bool) -> bool:
    """Run the newest layer on the output so far."""
    obj = m.read(ref)
    assert isinstance(obj, SequentialObject)
    if obj.inputs is None or obj.lost is not None:
        return True
    if len(obj.outputs) != len(obj.layers) - 1:
        return True
    previous = obj.outputs[-1] if obj.outputs else obj.inputs
    target = m.read(layer) if isinstance(layer, Ref) else None
    made = target.state.made if isinstance(target, LayerObject) else None
    try:
        output = _apply(m, layer, previous, made)
    except ShapeFailure as failure:
        # In a list the layer itself is underlined; with `add`, the call that adds it.
        m.fail(_with_maker(failure.failure, made), made)
        _lose(m, ref, "one of its layers does not fit")
        return False
    obj = m.read(ref)
    assert isinstance(obj, SequentialObject)
    m.write(ref, replace(obj, outputs=(*obj.outputs, output)))
    return True


def _with_maker(failure: Failure, made: Span | None) -> Failure:
    if made is None or any(place.span == made for place in failure.places):
        return failure
    return replace(failure, places=(*failure.places, Place(made, "the layer was made here")))


def _apply(m: Machine, layer: Value, inputs: Value, site: Span | None) -> Value:
    target = m.read(layer) if isinstance(layer, Ref) else None
    if isinstance(layer, Ref) and isinstance(target, LayerObject):
        try:
            return call_layer(m, layer, target, (inputs,), {}, site)
        except NotKnown as reason:
            return Unknown(reason.reason)
    if isinstance(layer, Ref | FunctionValue | Lib | LibObject):
        return m.call(layer, (inputs,), {})
    return Unknown("one of the model's layers is not known")


def build_for(m: Machine, ref: Ref, spec: TensorSpec) -> None:
    """Build a model that declares no input for the first data that it meets."""
    obj = m.read(ref)
    assert isinstance(obj, SequentialObject)
    if obj.lost == LATE_INPUT:
        raise ShapeFailure(
            Failure(
                "invalid-argument",
                "this model has an Input behind its first layer, and cannot be built: the Input belongs first",
                keras="Layers added to a Sequential model should have a single positional argument, the input tensor. "
                "Layer InputLayer has no positional arguments.",
            )
        )
    if obj.inputs is not None or obj.lost is not None:
        return
    layers = obj.layers
    m.write(ref, replace(obj, layers=(), outputs=()))
    _start(m, ref, TensorSpec(with_batch(spec.shape, None), spec.dtype), None)
    for layer in layers:
        current = m.read(ref)
        assert isinstance(current, SequentialObject)
        m.write(ref, replace(current, layers=(*current.layers, layer)))
        if not _extend(m, ref, layer, in_list=False):
            break
    current = m.read(ref)
    assert isinstance(current, SequentialObject)
    m.write(ref, replace(current, layers=layers))
    _rebuilt(m, ref)


@function("keras.Sequential.build", params="self, input_shape=None")
def build(m: Machine, a: Arguments) -> Value:
    """``model.build((None, 28, 28))``."""
    ref = a.values["self"]
    shape = shape_of(m, a.get("input_shape"))
    if isinstance(ref, Ref) and isinstance(m.read(ref), SequentialObject) and shape is not None:
        build_for(m, ref, TensorSpec(shape, "float32"))
    return NONE


def call_sequential(
    m: Machine, ref: Ref, obj: SequentialObject, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Value:
    """``model(x)``."""
    first = args[0] if args else kwargs.get("inputs", Unknown("the model is called without inputs"))
    nest = spec_nest(m, first)
    if obj.inputs is None and isinstance(nest, TensorSpec):
        build_for(m, ref, nest)
    inputs = tensors_in(m, first)
    symbolic = is_symbolic(inputs)
    noted = obj.state.output_value is None and (symbolic or not inputs)
    if noted:
        # How it ends is not known yet, and need not become known.
        note_call(m, ref)
    current = m.read(ref)
    assert isinstance(current, SequentialObject)
    fitted = _fitted(m, ref, current, first) if current.lost is None else first
    with loosely_checked(m, first):
        value = run(m, current, fitted)
    outputs = spec_nest(m, value)
    result = value
    if outputs is not None and not isinstance(value, Unknown):
        result = outputs_of(m, outputs, None, symbolic, m.site)
        if symbolic:
            result = with_node(m, result, NodeObject(ref, inputs, args, tuple(kwargs.items()), result, m.site))
            if noted:
                note_call(m, ref, first, result, instead=LENT)
    from shapelens.library.keras.models.counting import count_params

    m.note_site(
        Site(
            m.site, "layer", obj.state.name, "Sequential", nest,
            outputs if not isinstance(value, Unknown) else None, count_params(m, ref),
            made=obj.state.made, value=result,
        )
    )  # fmt: skip
    return result


def _fitted(m: Machine, ref: Ref, obj: SequentialObject, data: Value) -> Value:
    def ran(nest: SpecNest) -> SpecNest:
        with loosely_checked(m, data):
            return specs_of(m, run(m, obj, to_tensors(m, nest, "tensor")))

    return fit_inputs(m, ref, obj, data, ran)


def run(m: Machine, obj: SequentialObject, data: Value) -> Value:
    """The model's output for ``data``, which fit its input."""
    if obj.lost is not None:
        return Unknown(obj.lost)
    if obj.inputs is None or len(obj.outputs) != len(obj.layers):
        return Unknown("the model's input shape is not known")
    output = obj.outputs[-1] if obj.outputs else obj.inputs
    given = tensors_in(m, data)
    declared = tensors_in(m, obj.inputs)
    if len(given) == 1 and len(declared) == 1:
        same_rest = given[0].spec.shape.dims[1:] == declared[0].spec.shape.dims[1:] and not given[0].spec.shape.open
        if same_rest:
            batch = given[0].spec.shape.dims[0] if given[0].spec.shape.dims else None
            return map_tensors(
                m,
                output,
                lambda t: (
                    replace(t, spec=replace(t.spec, shape=with_batch(t.spec.shape, batch)))
                    if t.spec.shape.dims and t.spec.shape.dims[0] is None
                    else t
                ),
            )
    with m.quiet():
        value: Value = data
        for layer in obj.layers:
            value = _apply(m, layer, value, None)
            if isinstance(value, Unknown):
                return value
    return value
