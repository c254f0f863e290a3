"""One name for each library thing, however a program spells it.

``tf.keras.layers.Dense``, ``tensorflow.python.keras.layers.core.Dense`` and
``keras.src.layers.core.dense.Dense`` are all ``keras.layers.Dense``.
"""

from __future__ import annotations

from functools import lru_cache

# Prefixes, first match wins; repeated until nothing changes.
PREFIXES = (
    ("tensorflow.compat.v1.", "tensorflow."),
    ("tensorflow.compat.v2.", "tensorflow."),
    ("tensorflow._api.v2.", "tensorflow."),
    ("tensorflow.python.keras.", "keras."),
    ("tensorflow.contrib.keras.", "keras."),
    ("tensorflow.keras.", "keras."),
    ("tensorflow.initializers.", "keras.initializers."),
    ("tensorflow.losses.", "keras.losses."),
    ("tensorflow.metrics.", "keras.metrics."),
    ("tensorflow.optimizers.", "keras.optimizers."),
    ("tf_keras.", "keras."),
    ("keras.api.", "keras."),
    ("keras._tf_keras.keras.", "keras."),
    ("keras.src.", "keras."),
    ("keras.engine.topology.", "keras.layers."),
    ("keras.engine.base_layer.", "keras.layers."),
    ("keras.engine.training.", "keras.models."),
    ("keras.engine.sequential.", "keras.models."),
    ("keras.engine.", "keras."),
    ("keras.legacy.", "keras."),
    ("keras.layers.legacy.", "keras.layers."),
    ("keras.layers.experimental.preprocessing.", "keras.layers."),
    ("keras.layers.experimental.", "keras.layers."),
    ("keras.utils.np_utils.", "keras.utils."),
    ("keras.utils.file_utils.", "keras.utils."),
    ("keras.utils.image_utils.", "keras.utils."),
    ("keras.utils.numerical_utils.", "keras.utils."),
    ("keras.utils.sequence_utils.", "keras.utils."),
    ("keras.utils.image_dataset_utils.", "keras.utils."),
    ("keras.utils.text_dataset_utils.", "keras.utils."),
    ("keras.utils.timeseries_dataset_utils.", "keras.utils."),
    ("keras.utils.audio_dataset_utils.", "keras.utils."),
    ("keras.utils.dataset_utils.", "keras.utils."),
    ("keras.utils.PyDataset", "keras.utils.Sequence"),
    ("keras_preprocessing.", "keras.preprocessing."),
    ("keras._legacy.preprocessing.", "keras.preprocessing."),
    ("keras.preprocessing.image.save_img", "keras.utils.save_img"),
    ("keras.preprocessing.timeseries.", "keras.utils."),
    ("sklearn.cross_validation.", "sklearn.model_selection."),
    ("sklearn.model_selection._split.", "sklearn.model_selection."),
    ("keras.utils.data_utils.", "keras.utils."),
    ("keras.utils.vis_utils.", "keras.utils."),
    ("keras.utils.generic_utils.", "keras.utils."),
    ("keras.preprocessing.sequence.pad_sequences", "keras.utils.pad_sequences"),
    ("keras.preprocessing.image_dataset_from_directory", "keras.utils.image_dataset_from_directory"),
    ("keras.preprocessing.text_dataset_from_directory", "keras.utils.text_dataset_from_directory"),
    ("keras.preprocessing.timeseries_dataset_from_array", "keras.utils.timeseries_dataset_from_array"),
    ("keras.preprocessing.image.load_img", "keras.utils.load_img"),
    ("keras.preprocessing.image.img_to_array", "keras.utils.img_to_array"),
    ("keras.preprocessing.image.array_to_img", "keras.utils.array_to_img"),
    ("keras.models.model.Model", "keras.Model"),
    ("keras.models.sequential.Sequential", "keras.Sequential"),
    ("keras.models.functional.Functional", "keras.Model"),
    ("keras.models.Model", "keras.Model"),
    ("keras.models.Functional", "keras.Model"),
    ("keras.models.Sequential", "keras.Sequential"),
    ("keras.training.Model", "keras.Model"),
    ("keras.layers.Input", "keras.Input"),
    ("keras.layers.InputSpec", "keras.InputSpec"),
    ("keras.Layer", "keras.layers.Layer"),
    ("keras.sequential.Sequential", "keras.Sequential"),
    ("keras.training.Model", "keras.Model"),
    ("keras.datasets.mnist.load_data", "keras.datasets.mnist.load_data"),
    ("keras.ops.numpy.", "keras.ops."),
    ("keras.ops.nn.", "keras.ops."),
    ("keras.ops.linalg.", "keras.ops."),
    ("numpy.core.", "numpy."),
    ("numpy.random.mtrand.", "numpy.random."),
    ("tensorflow.math.", "tensorflow.math."),
    ("six.moves.xrange", "builtins.range"),
    ("six.moves.range", "builtins.range"),
    ("six.moves.zip", "builtins.zip"),
    ("six.moves.map", "builtins.map"),
)
WHOLE = {
    "tensorflow.keras": "keras",
    "tf_keras": "keras",
    "keras.src": "keras",
    "keras.api": "keras",
    "tensorflow.python.keras": "keras",
    "tensorflow.contrib.keras": "keras",
    "tensorflow.compat.v1": "tensorflow",
    "tensorflow.compat.v2": "tensorflow",
    "keras.utils.np_utils": "keras.utils",
    "keras.layers.experimental.preprocessing": "keras.layers",
    "tensorflow.python": "tensorflow",
}


@lru_cache(maxsize=8192)
def canonical(name: str) -> str:
    """The canonical spelling of a dotted library name."""
    for _ in range(6):
        known = WHOLE.get(name)
        if known is not None:
            return known
        for prefix, replacement in PREFIXES:
            if name == prefix and replacement != name:
                name = replacement
                break
            if prefix.endswith(".") and name.startswith(prefix) and prefix != replacement:
                name = replacement + name[len(prefix) :]
                break
        else:
            break
    return _flat_layers(name)


def _flat_layers(name: str) -> str:
    """Layers live in modules of their own (``keras.layers.core.Dense``): one flat namespace here."""
    parts = name.split(".")
    if parts[:2] == ["keras", "layers"] and len(parts) > 3 and _class_like(parts[-1]):
        name = ".".join(("keras", "layers", parts[-1]))
    for family in ("losses", "metrics", "optimizers", "callbacks", "initializers", "regularizers"):
        if parts[:2] == ["keras", family] and len(parts) > 3 and _class_like(parts[-1]):
            name = f"keras.{family}.{parts[-1]}"
    if parts[:3] == ["keras", "layers", "merge"] and len(parts) == 4:
        name = f"keras.layers.{parts[-1]}"
    return {"keras.layers.Input": "keras.Input"}.get(name, name)


def _class_like(name: str) -> bool:
    return name[:1].isupper()


KNOWN_ROOTS = ("keras", "tensorflow", "numpy", "builtins", "sklearn", "pandas", "tf_keras")
