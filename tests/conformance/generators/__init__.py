"""Random cases for every layer that has a rule: mostly valid, some wrong as people get them wrong."""

from __future__ import annotations

from tests.conformance.generators import core, images, preprocessing, recurrent, spatial
from tests.conformance.generators.draw import Generator

# The layers that Keras 3 has, and most of Keras 2.
GENERATORS: dict[str, Generator] = {
    **core.GENERATORS,
    **recurrent.GENERATORS,
    **preprocessing.GENERATORS,
    **spatial.GENERATORS,
    **images.IMAGES,
}
