"""Which layer classes are derived from which public ones: for ``isinstance`` (read from Keras 2.15.0 and 3.15.1)."""

from __future__ import annotations

from typing import Literal

from shapelens.library.keras.signatures import canonical, known

_LAYER = "keras.layers.Layer"
_OF_BOTH = {
    "Dropout": ("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
    "RNN": ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "SimpleRNN"),
    "Wrapper": ("SpectralNormalization", "TimeDistributed"),
}
# By the class that others are derived from.
DERIVED: dict[Literal[2, 3], dict[str, tuple[str, ...]]] = {
    2: {
        **_OF_BOTH,
        "Conv1D": ("Conv1DTranspose",),
        "Conv2D": ("Conv2DTranspose",),
        "Conv3D": ("Conv3DTranspose",),
        "Wrapper": (*_OF_BOTH["Wrapper"], "Bidirectional"),
    },
    3: {**_OF_BOTH, "Attention": ("AdditiveAttention",), "Embedding": ("ReversibleEmbedding",)},
}


def is_kind(class_name: str, wanted: str, family: Literal[2, 3]) -> bool | None:
    """Whether a layer of a library class is an instance of ``wanted``; `None` where that is not known."""
    name, wanted = canonical(class_name), canonical(wanted)
    if wanted in (name, _LAYER):
        return True
    if not known(name, family) or not known(wanted, family):
        return False if wanted in ("keras.Model", "keras.Sequential") and known(name, family) else None
    return name.rpartition(".")[2] in DERIVED[family].get(wanted.rpartition(".")[2], ())
