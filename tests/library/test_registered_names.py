"""Names of functions that only the program knows are no errors; those that nobody registered are."""

from __future__ import annotations

import pytest

from tests.support.interpreting import interpret

IMPORTS = "import keras\nimport tensorflow as tf\nfrom keras import layers\n"
USE = "layers.Activation('softplusk')\nlayers.Dense(3, activation='softplusk')\nlayers.GRU(3, activation='softplusk')\n"


def codes(program: str) -> list[str]:
    return [problem.failure.code for problem in interpret(IMPORTS + program).problems]


def test_a_name_that_nobody_registered_is_refused() -> None:
    assert codes(USE) == ["invalid-argument"] * 3
    assert codes("import numpy\nimport os\n" + USE) == ["invalid-argument"] * 3


@pytest.mark.parametrize(
    "registering",
    [
        "keras.utils.get_custom_objects().update({'softplusk': layers.Activation(f)})\n",
        "tf.keras.utils.get_custom_objects()['softplusk'] = f\n",
        "@keras.saving.register_keras_serializable(package='p', name='softplusk')\ndef g(x):\n    return x\n",
        "import project.activations\n",
    ],
)
def test_a_name_that_may_be_registered_is_not(registering: str) -> None:
    assert codes("def f(x):\n    return x\n" + registering + USE) == []


def test_a_name_in_a_scope_of_its_own_is_not() -> None:
    uses = "".join(f"    {line}\n" for line in USE.splitlines())
    assert codes("with keras.utils.custom_object_scope({'softplusk': tf.nn.relu}):\n" + uses) == []


def test_other_mistakes_are_found_all_the_same() -> None:
    assert codes("keras.utils.get_custom_objects()\nlayers.Dense(-3, activation='softplusk')\n") == ["invalid-argument"]
