"""Pillow's rules against Pillow, and matplotlib's."""

from __future__ import annotations

import pytest

from tests.support.programs import disagreements

PRELUDE = "import numpy as np\nfrom PIL import Image\nimport PIL.Image\n"
PROGRAMS = {
    "new": "i = Image.new('RGB', (30, 20))\na = np.array(i)\nb = np.asarray(i.resize((8, 9)))\nc = i.size\n"
    "d = np.array(i.convert('L'))\ne = np.array(i.convert('RGBA').resize((4, 4)))\n"
    "f = np.array(i.crop((0, 0, 5, 7)))\n"
    "g = np.array(Image.new('1', (3, 4)))\nvague_h = np.array(i.rotate(90))\nw = i.resize((8, 9)).size\n",
    "from array": "a = np.array(Image.fromarray(np.zeros((20, 30, 3), 'uint8')))\n"
    "b = np.array(PIL.Image.fromarray(np.zeros((20, 30), 'uint8')).convert('RGB'))\nc = np.array(b) / 255.0\n",
    "unknown file": "i = Image.new('L', (3, 4))\nj = i.convert('RGB').resize((224, 224))\n"
    "x = np.expand_dims(np.array(j), 0)\n",
}


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_images(name: str) -> None:
    assert disagreements(PROGRAMS[name], prelude=PRELUDE) == []
