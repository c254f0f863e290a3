"""``compile``, ``fit``, ``evaluate``, ``predict`` of a model: its facts handed to the checks of the boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.models import functional, sequential
from shapelens.library.keras.models.counting import count_params
from shapelens.library.keras.models.facts import model_facts
from shapelens.library.keras.models.nests import map_tensors, to_tensors, with_batch
from shapelens.library.keras.models.sequential import build_for
from shapelens.library.keras.models.subclass import call_instance
from shapelens.library.keras.training.boundary import check_training_call
from shapelens.library.keras.training.confirming import confirm_training
from shapelens.library.keras.training.facts import Method, TrainingOutcome
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.facts import Site
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import (
    CompileState,
    FunctionalObject,
    InstanceObject,
    ModelState,
    SequentialObject,
)
from shapelens.values.value import (
    NONE,
    DatasetValue,
    LibObject,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

COMPILE = (
    "self, optimizer='rmsprop', loss=None, loss_weights=None, metrics=None, weighted_metrics=None, "
    "run_eagerly=False, steps_per_execution=1, jit_compile='auto', auto_scale_loss=True, **kwargs"
)
SIGNATURES = {
    "fit": "self, x=None, y=None, batch_size=None, epochs=1, verbose='auto', callbacks=None, validation_split=0.0, "
    "validation_data=None, shuffle=True, class_weight=None, sample_weight=None, initial_epoch=0, "
    "steps_per_epoch=None, validation_steps=None, validation_batch_size=None, validation_freq=1, **kwargs",
    "evaluate": "self, x=None, y=None, batch_size=None, verbose='auto', sample_weight=None, steps=None, "
    "callbacks=None, return_dict=False, **kwargs",
    "predict": "self, x, batch_size=None, verbose='auto', steps=None, callbacks=None, **kwargs",
    "train_on_batch": "self, x, y=None, sample_weight=None, class_weight=None, return_dict=False",
    "test_on_batch": "self, x, y=None, sample_weight=None, return_dict=False",
    "predict_on_batch": "self, x",
}
MODELS = (SequentialObject, FunctionalObject, InstanceObject)


@function("keras.Model.compile", params=COMPILE)
def compile_model(m: Machine, a: Arguments) -> Value:
    """``model.compile(...)``: remembered for the calls that train."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if isinstance(ref, Ref) and isinstance(obj, MODELS):
        given = tuple((name, value) for name, value in a.values.items() if name != "self")
        state = replace(obj.model or ModelState(), compiled=CompileState(given, m.site))
        m.write(ref, replace(obj, model=state))
        note_model(m, ref)
    return NONE


def _register(method: Method) -> None:
    names = [f"keras.Model.{method}"]
    if method in ("fit", "evaluate", "predict"):
        names.append(f"keras.Model.{method}_generator")

    @function(*names, params=SIGNATURES[method])
    def rule(m: Machine, a: Arguments) -> Value:
        return train(m, method, a)


for _method in get_args(Method):
    if _method in SIGNATURES:
        _register(_method)


def train(m: Machine, method: Method, a: Arguments) -> Value:
    """Check one call that trains or predicts, and say what it returns."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    arguments = {name: value for name, value in a.values.items() if name != "self"}
    arguments.update((k, v) for k, v in a.extra.items() if k in ("generator", "data"))
    if "generator" in arguments and "x" not in arguments:
        arguments["x"] = arguments.pop("generator")
    outcome = TrainingOutcome()
    if isinstance(ref, Ref) and isinstance(obj, MODELS):
        facts = model_facts(m, ref, obj, lambda nest: _run(m, ref, nest))
        note_model(m, ref)
        try:
            outcome = check_training_call(m, method, facts, arguments)
        except ShapeFailure as failure:
            confirm_training(m, method, ref, facts, arguments, failure.failure)
        if method in ("fit", "train_on_batch") and "train_step" in facts.overrides:
            _follow_train_step(m, ref, arguments)
        # A Sequential without a declared input was built just now.
        note_model(m, ref)
    if method in ("predict", "predict_on_batch"):
        if outcome.outputs is None:
            return Unknown("the model's output is not known")
        value = to_tensors(m, functional.unpacked(outcome.outputs), "numpy")
        return map_tensors(m, value, lambda tensor: replace(tensor, origin=m.site))
    if method == "fit":
        return LibObject("keras.callbacks.History", origin=m.site)
    # A number, or a list of them when there are metrics.
    return Unknown("losses and metrics are not followed")


def note_model(m: Machine, ref: Ref) -> None:
    """Note the shapes of a whole model at its constructor, once they are known."""
    obj = m.read(ref)
    if not isinstance(obj, SequentialObject | FunctionalObject) or obj.state.made is None:
        return
    facts = model_facts(m, ref, obj)
    label = "Sequential" if isinstance(obj, SequentialObject) else "Functional"
    if facts.outputs is not None:
        params = count_params(m, ref)
        m.note_site(
            Site(
                obj.state.made, "layer", obj.state.name, label, facts.inputs, facts.outputs, params, made=obj.state.made
            )
        )


def _run(m: Machine, ref: Ref, nest: SpecNest) -> SpecNest:
    """The model's outputs for inputs of these shapes."""
    obj = m.read(ref)
    if isinstance(obj, SequentialObject) and obj.inputs is None and isinstance(nest, TensorSpec):
        build_for(m, ref, nest)
    data = to_tensors(m, nest, "tensor")
    if isinstance(obj, InstanceObject):
        # Keras traces the model once for batches of any size.
        data = one_batch(m, data)
        value = call_instance(m, ref, obj, (data,), {}, shown=False)
    elif isinstance(obj, SequentialObject):
        current = m.read(ref)
        assert isinstance(current, SequentialObject)
        value = sequential.run(m, current, data)
    else:
        assert isinstance(obj, FunctionalObject)
        value = functional.run(m, obj, data)
    found = None if isinstance(value, Unknown) else spec_nest(m, value)
    if found is None:
        raise NotKnown(value.reason if isinstance(value, Unknown) else "the model's output is not known")
    return found


def _follow_train_step(m: Machine, ref: Ref, arguments: Mapping[str, Value]) -> None:
    """A ``train_step`` of the user's gets one batch of what ``fit`` is given."""
    x = arguments.get("x", Unknown("fit is called without data"))
    if isinstance(x, DatasetValue):
        data: Value = x.element
    else:
        y = arguments.get("y")
        data = one_batch(m, x) if y is None or y == NONE else TupleValue((one_batch(m, x), one_batch(m, y)))
        if isinstance(x, Unknown):
            data = Unknown("the data are not known")
    step = m.attribute(ref, "train_step")
    m.call(step, (data,), {})


def one_batch(m: Machine, value: Value) -> Value:
    """A batch of the samples in ``value``, as a tensor."""

    def batch(tensor: TensorValue) -> TensorValue:
        spec = replace(tensor.spec, shape=with_batch(tensor.spec.shape, None))
        return TensorValue(spec, "tensor", labels=tensor.labels, origin=tensor.origin)

    return map_tensors(m, value, batch)
