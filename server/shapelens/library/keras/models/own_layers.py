"""Layers that the modules of ``keras.applications`` define for themselves (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.keras.layers.config import size
from shapelens.library.keras.layers.results import single, tensor, weights
from shapelens.library.keras.models.blueprints import OWN_CLASSES
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes.shape import TensorSpec
from shapelens.values.failure import NotKnown


@layer(OWN_CLASSES["LayerScale"])
def layer_scale(m: Machine, call: LayerCall) -> LayerResult:
    """ConvNeXt's: each channel times a weight of its own."""
    return LayerResult(tensor(call, single(call).shape), weights((size(m, call.config, "projection_dim"),)))


@layer(OWN_CLASSES["CustomScaleLayer"])
def custom_scale(m: Machine, call: LayerCall) -> LayerResult:
    """InceptionResNetV2's: one input plus the other, scaled."""
    if isinstance(call.inputs, TensorSpec | dict) or not call.inputs or not isinstance(call.inputs[0], TensorSpec):
        raise NotKnown("the layer takes two tensors")
    return LayerResult(call.inputs[0])
