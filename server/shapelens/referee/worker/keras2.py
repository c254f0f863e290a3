"""How Keras 2 is made to work out shapes and nothing else."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

from .libraries import Libraries

# Variables up to this size are real: a few layers compute with them while they are built.
SMALL = 1000


class Keras2:
    """Layers run on Keras's symbolic tensors; large variables are handles to which nothing was ever assigned."""

    _hollow = False

    def __init__(self, libraries: Libraries) -> None:
        self._keras = libraries.keras
        self._tensorflow = libraries.tensorflow
        self._root = self._keras.layers.Layer.__module__.split(".")[0]
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

    def _module(self, name: str) -> Any:
        return importlib.import_module(f"{self._root}.src.{name}")

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
