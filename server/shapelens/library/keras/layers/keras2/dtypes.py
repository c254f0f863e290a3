"""The dtypes of outputs: Keras 2 casts floats alone to a layer's dtype. From runs of Keras 2.15.0."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.inputs import flatten
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import is_float
from shapelens.library.keras.signatures import canonical
from shapelens.library.registry import LayerCall, LayerResult
from shapelens.shapes.shape import SpecNest, TensorSpec

_MERGES = ("Add", "Maximum", "Minimum", "Multiply", "Subtract", "Concatenate", "Dot")
# Give integers for integers.
_KEEPING = {
    *_MERGES,
    *("AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise", "ReLU", "RepeatVector"),
    *(
        f"{kind}{rank}D"
        for kind in (
            "Cropping",
            "GlobalAveragePooling",
            "GlobalMaxPooling",
            "MaxPooling",
            "SpatialDropout",
            "UpSampling",
            "ZeroPadding",
        )
        for rank in (1, 2, 3)
    ),
}
# Cast integers themselves.
_CASTING = {
    *("BatchNormalization", "CategoryEncoding", "CenterCrop", "Dense", "Embedding", "LayerNormalization"),
    *("Normalization", "RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomHeight"),
    *("RandomRotation", "RandomTranslation", "RandomWidth", "RandomZoom", "Rescaling", "Resizing"),
    *("SyncBatchNormalization", "UnitNormalization"),
}
# Say their dtype themselves: what they make are indices, or their inputs keep theirs.
_OWN = {"Discretization", "Hashing", "HashedCrossing", "IntegerLookup", "StringLookup", "TextVectorization"}
# Names of activations that make a layer.
_LAYERS = {"ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "ThresholdedReLU"}
_OWN |= {"Activation", "Flatten", "Identity", "Lambda", "Permute", "Reshape"}


def with_dtypes_of_keras2(call: LayerCall, result: LayerResult) -> LayerResult:
    """``result``, whose dtypes are those of Keras 3, with those of Keras 2.

    Many layers refuse integers there, or not, depending on what their TensorFlow functions take; a model casts
    its inputs, a layer does not. Nothing is said of that: the dtype is unknown then.
    """
    dtypes = {spec.dtype for spec in flatten(call.inputs)}
    name = short_name(canonical(call.class_name))
    if read.text(call.config, "activation") in _LAYERS and read.compute_dtype(call.config) != "float32":
        # The activation is a layer, with a dtype of its own.
        return replace(result, outputs=_all_of(None, result.outputs))
    if name in _CASTING or name in _OWN or all(map(is_float, dtypes)):
        return result
    kept = dtypes.pop() if name in _KEEPING and len(dtypes) == 1 else None
    if name == "LeakyReLU":
        kept = "float32"
    return replace(result, outputs=_all_of(kept, result.outputs))


def _all_of(dtype: str | None, nest: SpecNest) -> SpecNest:
    if isinstance(nest, TensorSpec):
        return TensorSpec(nest.shape, dtype)
    if isinstance(nest, dict):
        return {key: _all_of(dtype, child) for key, child in nest.items()}
    return tuple(_all_of(dtype, child) for child in nest)
