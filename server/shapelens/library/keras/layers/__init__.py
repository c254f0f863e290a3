"""Layer rules, a file for each family; importing this package registers them."""

from shapelens.library.keras.layers import (
    cells as cells,
)
from shapelens.library.keras.layers import (
    convolution as convolution,
)
from shapelens.library.keras.layers import (
    core as core,
)
from shapelens.library.keras.layers import (
    merging as merging,
)
from shapelens.library.keras.layers import (
    normalization as normalization,
)
from shapelens.library.keras.layers import (
    pooling as pooling,
)
from shapelens.library.keras.layers import (
    recurrent as recurrent,
)
from shapelens.library.keras.layers import (
    reshaping as reshaping,
)
from shapelens.library.keras.layers import (
    simple as simple,
)
from shapelens.library.keras.layers import (
    spatial as spatial,
)
from shapelens.library.keras.layers import (
    wrappers as wrappers,
)
