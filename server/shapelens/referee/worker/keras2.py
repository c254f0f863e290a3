"""How Keras 2 is made to work out shapes and nothing else."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import math
from collections.abc import Iterator
from typing import Any

from .libraries import Libraries
from .refused import Refused

# Variables up to this size are real: a few layers compute with them while they are built.
SMALL = 1000


class Keras2:
    """Layers run on Keras's symbolic tensors; large variables are handles to which nothing was ever assigned."""

    _hollow = False

    # Whether losses look at the shapes of outputs alone.
    sees_no_activations = False
    # Whether ``predict`` hands over each batch with its size.
    predicts_batches_as_they_are = False
    # Whether it is not known what it makes of the weights of classes.
    weighs_no_classes = True

    def __init__(self, libraries: Libraries) -> None:
        self._keras = libraries.keras
        self._tensorflow = libraries.tensorflow
        root = self._keras.layers.Layer.__module__.split(".")[0]
        # Before 2.13 what is private had no folder of its own.
        self._private = f"{root}.src" if importlib.util.find_spec(f"{root}.src") else root
        self._backend = self._module("backend")
        self._tensorflow.debugging.disable_traceback_filtering()
        self._make_variables_without_content()
        self._fetch_no_weights()

    def symbolic(self, sizes: tuple[int | None, ...], dtype: str) -> Any:
        """A tensor without content."""
        spec = self._tensorflow.TensorSpec(sizes, dtype)
        return self._module("engine.keras_tensor").keras_tensor_from_type_spec(spec)

    def is_operation(self, value: Any) -> bool:
        """Whether calling this is symbolic when its arguments are."""
        return isinstance(value, self._keras.layers.Layer)

    @contextlib.contextmanager
    def scope(self) -> Iterator[None]:
        """Automatic names start anew, and the graph that Keras keeps for itself."""
        self._backend.reset_uids()
        self._backend._GRAPH.graph = None
        self._hollow = False
        yield

    def is_our_doing(self, error: Exception) -> bool:
        """Whether it may have been raised because variables have no content: an operation ran and failed."""
        return self._hollow and isinstance(error, self._tensorflow.errors.OpError)

    def stateful_needs_a_graph(self) -> bool:
        """Not here: states are variables as others are."""
        return False

    def standard_dtype(self, dtype: str) -> str:
        """What a trainer makes of arrays of this dtype."""
        return str(self._keras.backend.floatx()) if dtype in ("float32", "float64") else dtype

    def split_data(self, data: tuple[Any, ...], split: float) -> Any:
        """``validation_split`` of ``fit``: the data, and those that are held out."""
        every = self._tensorflow.nest.map_structure
        counts = {len(array) for array in self._tensorflow.nest.flatten(data) if array is not None}
        count = min(counts, default=0)
        kept = math.floor(count * (1.0 - split))
        if kept in (0, count) or len(counts) != 1:
            # It copies what it is given, and is asked for what it raises only.
            thin = every(lambda array: None if array is None else array.reshape(len(array), -1)[:, :1], data)
            self._module("engine.data_adapter").train_validation_split(thin, validation_split=split)
        return (
            every(lambda array: None if array is None else array[:kept], data),
            every(lambda array: None if array is None else array[kept:], data),
        )

    def check_validation(self, held_out: Any) -> None:
        """What ``fit`` asks of its validation data before it begins: their truth value."""
        bool(held_out)

    def check_data(self, x: Any, y: Any, weights: Any, batch_size: Any, steps: Any, class_weight: Any) -> None:
        """What a trainer checks before its first step."""
        adapter = self._module("engine.data_adapter")
        if not all(
            hasattr(leaf, "shape") for leaf in self._tensorflow.nest.flatten((x, y, weights)) if leaf is not None
        ):
            raise Refused("it takes lists for arrays")
        adapter.select_data_adapter(x, y)
        adapter._check_data_cardinality(adapter.pack_x_y_sample_weight(x, y, weights))

    def complain_of_no_compile(self, model: Any, method: str) -> None:
        """What a method says that needs ``compile``."""
        model._assert_compile_was_called()

    def never_train(self, model: Any) -> None:
        """The optimizer complains when there are no weights."""
        model.optimizer.minimize = lambda *args, **kwargs: None

    def _module(self, name: str) -> Any:
        return importlib.import_module(f"{self._private}.{name}")

    def _make_variables_without_content(self) -> None:
        resources = importlib.import_module("tensorflow.python.ops.resource_variable_ops")
        home, types = self._module("engine.base_layer_utils"), self._tensorflow
        plain = home.make_variable

        def make_variable(name: str, shape: Any = None, dtype: Any = None, **rest: Any) -> Any:
            whole = types.TensorShape(shape)
            if not whole.is_fully_defined() or whole.num_elements() <= SMALL:
                return plain(name, shape=shape, dtype=dtype, **rest)
            self._hollow = True
            with types.init_scope():
                return resources.UninitializedVariable(
                    shape=whole, dtype=dtype or "float32", name=name, trainable=rest.get("trainable") is not False
                )

        home.make_variable = make_variable

    def _fetch_no_weights(self) -> None:
        """``weights="imagenet"`` is checked as it is in a real run; then nothing is fetched nor loaded."""
        self._module("utils.data_utils").get_file = lambda *args, **kwargs: "weights"
        self._keras.Model.load_weights = lambda *args, **kwargs: None
