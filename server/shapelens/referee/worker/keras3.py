"""How Keras 3 is made to work out shapes and nothing else."""

from __future__ import annotations

import contextlib
import importlib
import inspect
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from .libraries import Libraries


class Keras3:
    """Layers run on ``KerasTensor``s in a scope where variables have a shape but no content."""

    # Whether losses look at the shapes of outputs alone.
    sees_no_activations = True
    # Whether ``predict`` hands over each batch with its size.
    predicts_batches_as_they_are = True
    # Whether it is not known what it makes of the weights of classes.
    weighs_no_classes = False

    def __init__(self, libraries: Libraries) -> None:
        self._keras = libraries.keras
        self._tensorflow = libraries.tensorflow
        self._state = importlib.import_module("keras.src.backend.common.global_state")
        self._scope = importlib.import_module("keras.src.backend.common.stateless_scope").StatelessScope
        if "initialize_variables" not in inspect.signature(self._scope.__init__).parameters:
            raise ImportError(f"Keras {self._keras.__version__} is too old: 3.1 is the first that can be asked")
        self._keras.config.disable_traceback_filtering()
        if self._tensorflow is not None:
            self._tensorflow.debugging.disable_traceback_filtering()
        # Made at the first need, it would belong to the scratch graph of one question.
        importlib.import_module("keras.src.random.seed_generator").global_seed_generator()
        self._let_states_have_no_content()
        self._fetch_no_weights()

    def symbolic(self, sizes: tuple[int | None, ...], dtype: str) -> Any:
        """A tensor without content."""
        return self._keras.KerasTensor(sizes, dtype)

    def is_operation(self, value: Any) -> bool:
        """Whether calling this is symbolic when its arguments are."""
        return isinstance(value, (self._keras.Layer, self._keras.Operation))

    @contextlib.contextmanager
    def scope(self) -> Iterator[None]:
        """In it no variable gets a content. Automatic names start anew."""
        # `clear_session` would also collect garbage, at half a second each.
        self._state.set_global_attribute("object_name_uids", defaultdict(int))
        with self._scope(initialize_variables=False):
            yield
        self._state.set_global_attribute("uninitialized_variables", [])

    def standard_dtype(self, dtype: str) -> str:
        """What a trainer makes of arrays of this dtype."""
        floats = dtype in ("float16", "float32", "float64", "bfloat16")
        return str(self._keras.config.floatx()) if floats else dtype

    def split_data(self, data: tuple[Any, ...], split: float) -> Any:
        """``validation_split`` of ``fit``: the data, and those that are held out."""
        return importlib.import_module("keras.src.trainers.data_adapters.array_slicing").train_validation_split(
            data, validation_split=split
        )

    def check_validation(self, held_out: Any) -> None:
        """What ``fit`` asks of its validation data before it begins: nothing."""

    def check_data(self, x: Any, y: Any, weights: Any, batch_size: Any, steps: Any, class_weight: Any) -> None:
        """What a trainer checks before its first step."""
        iterator = importlib.import_module("keras.src.trainers.epoch_iterator").EpochIterator
        iterator(
            x=x, y=y, sample_weight=weights, batch_size=batch_size, steps_per_epoch=steps, class_weight=class_weight
        )

    def complain_of_no_compile(self, model: Any, method: str) -> None:
        """What a method says that needs ``compile``."""
        model._assert_compile_called(method)

    def never_train(self, model: Any) -> None:
        """A model without weights is not trained anyway."""

    def _let_states_have_no_content(self) -> None:
        """An RNN that is stateful makes its states from zeros, which the scope refuses: give their shape only."""
        base = importlib.import_module("keras.src.backend.common.variables").Variable
        in_scope = importlib.import_module("keras.src.backend.common.stateless_scope").in_stateless_scope
        zeros = self._keras.initializers.Zeros()
        plain = base.__init__

        def init(variable: Any, initializer: Any, shape: Any = None, dtype: Any = None, **rest: Any) -> None:
            if in_scope() and not callable(initializer) and not isinstance(initializer, str):
                value = variable._convert_to_tensor(initializer, dtype=dtype)
                initializer, shape, dtype = zeros, value.shape, dtype or value.dtype
            plain(variable, initializer, shape, dtype, **rest)

        base.__init__ = init

    def _fetch_no_weights(self) -> None:
        """``weights="imagenet"`` is checked as it is in a real run; then nothing is fetched nor loaded."""
        files: Any = importlib.import_module("keras.src.utils.file_utils")
        files.get_file = lambda *args, **kwargs: "weights"
        files.exists = lambda path: True
        self._keras.Model.load_weights = _forget

    def is_our_doing(self, error: Exception) -> bool:
        """Whether it was raised because variables have no content."""
        return False

    def stateful_needs_a_graph(self) -> bool:
        """The initial states of a stateful RNN are computed at once, unless a graph is being built."""
        return True


def _forget(*args: object, **kwargs: object) -> None:
    """Load nothing."""
