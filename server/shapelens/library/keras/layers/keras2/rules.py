"""Importing this module registers the rules for Keras 2."""

from shapelens.library.keras.layers.keras2 import (  # noqa: F401
    core,
    images,
    legacy,
    merging,
    preprocessing,
    recurrent,
    windows,
)
