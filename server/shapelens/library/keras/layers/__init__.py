"""Layer rules, a file for each family; importing this package registers them."""

from shapelens.library.keras.layers import (  # noqa: F401
    attention,
    cells,
    convolution,
    core,
    features,
    images,
    merge_functions,
    merging,
    normalization,
    pooling,
    recurrent,
    reshaping,
    simple,
    spatial,
    wrappers,
)
from shapelens.library.keras.layers.keras2 import rules  # noqa: F401
