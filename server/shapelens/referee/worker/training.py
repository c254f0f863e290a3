"""Puts ``fit`` and its kin to the library, without weights and without data: `shapes/question.py` tells how to ask.

A stand-in takes the model's place: it declares the same inputs and gives outputs of the shapes that the
question says. Then it goes as in the library's own trainer: ``compile``, the checks of the data (which
look at arrays of the real sizes that take no memory), then the step that the trainer traces, on placeholders of
the shape of a batch. What a placeholder of unknown batch size lets pass is tried again with the sizes that
the batches really have.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from ..protocol import Wire, decode_scalar
from .contents import MAX_ELEMENTS, MAX_WEIGHTS
from .libraries import Libraries
from .refused import Refused
from .specs import Spec, flatten, is_as_declared, map_nest, structure_of, texts_of
from .terms import Bench, MakeTensor, build

STEPS = {
    "fit": "train_step",
    "evaluate": "test_step",
    "predict": "predict_step",
    "train_on_batch": "train_step",
    "test_on_batch": "test_step",
    "predict_on_batch": "predict_step",
}
METHODS = {f"keras.Model.{method}" for method in STEPS}
ASKED = {
    *("model", "kind", "inputs", "input_names", "outputs", "output_names", "activations", "compile", "arguments"),
    *("element", "validation_element"),
}
# What of a method's arguments decides on shapes; the others are taken and ignored.
DATA = ("x", "y", "sample_weight")
IGNORED = {"epochs", "verbose", "shuffle", "initial_epoch", "validation_freq", "return_dict"}
SIZES = {
    *("batch_size", "validation_batch_size", "validation_split", "steps_per_epoch", "steps"),
    "validation_steps",
}
KNOWN = {*DATA, *IGNORED, *SIZES, "validation_data", "class_weight"}

Sizes = Any


# The losses of Keras 2 tell these apart, and no others.
ACTIVATIONS = {"sigmoid", "softmax"}


class Failed(Exception):
    """The library raised ``raised``."""

    def __init__(self, raised: Exception) -> None:
        super().__init__(str(raised))
        self.raised = raised


class Training:
    """One question about a training method."""

    def __init__(
        self, libraries: Libraries, bench: Callable[[MakeTensor], Bench], family: Any, name: str, term: Wire
    ) -> None:
        self._libraries = libraries
        self._bench = bench
        self._family = family
        self._method = name.rsplit(".", 1)[1]
        self._on_batch = self._method.endswith("on_batch")
        if term[2]:
            raise Refused("it has positional arguments")
        self._asked: dict[str, Wire] = dict(term[3])
        if not set(self._asked) <= ASKED:
            raise Refused("it does not describe a model and its data")
        # Without a model it is about what is checked before one is called.
        self._data_alone = not {"outputs", "model"} & set(self._asked)

    def run(self) -> Exception | None:
        """What the library raises, `None` where it raises nothing."""
        given = texts_of(self._asked.get("activations"))
        # Keras 2 looks at the operation that made the output, and has other checks for other ones.
        told = given or "outputs" not in self._asked or self._family.sees_no_activations
        guesses = [given] if told else [[], ["sigmoid"] * 99, ["softmax"] * 99]
        outcomes = [self._raised(activations) for activations in guesses]
        if len({type(outcome) for outcome in outcomes}) > 1:
            raise Refused("it depends on the activations of the outputs")
        return outcomes[0]

    def _raised(self, activations: list[str]) -> Exception | None:
        self._activations = activations
        try:
            self._run()
        except Failed as failed:
            return failed.raised
        return None

    def _run(self) -> None:
        given = self._arguments()
        steps = given.get("steps_per_epoch" if self._method == "fit" else "steps")
        held_out = given.get("validation_data")
        if self._method == "fit":
            with _library():
                self._family.check_validation(held_out)
        if self._data_alone and ("x" not in given or {"element", "validation_element"} & set(self._asked)):
            raise Refused("without a model nothing is checked but arrays")
        if "element" in self._asked:
            self._try(self._method, self._element("element"))
        else:
            data = tuple(given.get(name) for name in DATA)
            split = given.get("validation_split")
            if self._method == "fit" and split and held_out is None:
                with _library():
                    data, held_out = self._family.split_data(data, split)
            self._check_and_try(self._method, data, given.get("batch_size"), steps, given.get("class_weight"))
        if self._method == "fit" and "validation_element" in self._asked:
            self._try("evaluate", self._element("validation_element"))
        elif self._method == "fit" and held_out is not None:
            # One array is inputs without targets.
            later = tuple(held_out) if isinstance(held_out, (list, tuple)) else (held_out,)
            if not 1 <= len(later) <= 3:
                raise Refused("its validation data are not one, two or three arrays")
            size = given.get("validation_batch_size") or given.get("batch_size")
            self._check_and_try("evaluate", (*later, None, None)[:3], size, given.get("validation_steps"), None)

    def _arguments(self) -> dict[str, Any]:
        """The method's own arguments, with arrays that take no memory."""
        numpy = self._libraries.numpy

        def array(sizes: Sizes, dtype: str, how: str) -> Any:
            kind = self._family.standard_dtype(dtype)
            try:
                # An unknown number of samples is a number that divides by every batch size that is used.
                whole = [UNKNOWN if size is None else size for size in sizes]
                return numpy.broadcast_to(numpy.zeros((), kind), whole)
            except (TypeError, ValueError, OverflowError, MemoryError) as error:
                raise Refused(f"there is no such array: {error}") from None

        term = self._asked.get("arguments", ["m", []])
        found = build(self._bench(array), term)
        if not isinstance(found, dict) or not set(found) <= KNOWN:
            raise Refused("an argument of it is not understood")
        return found

    def _check_and_try(
        self, method: str, data: tuple[Any, ...], batch_size: Any, steps: Any, class_weight: Any
    ) -> None:
        arrays = [array for array in flatten(data) if hasattr(array, "shape")]
        counts = {array.shape[0] for array in arrays if array.shape}
        if self._data_alone and (self._on_batch or UNKNOWN in counts):
            raise Refused("without a model nothing is checked of such data")
        if class_weight is not None:
            if max(counts, default=0) > MAX_ELEMENTS or self._family.weighs_no_classes:
                raise Refused("the weights of its classes cannot be tried")
            with _library():
                self._family.check_data(*data, batch_size, None, class_weight)
            # Of those Keras makes a weight for each sample.
            data = (data[0], data[1], self._libraries.numpy.ones(data[1].shape[:1], "float32"))
        if UNKNOWN in counts:
            self._try(method, [self._batch(data, None)])
            return
        if not self._on_batch:
            with _library():
                self._family.check_data(*data, batch_size, steps, None)
        samples = min(counts, default=0)
        if self._on_batch:
            self._try(method, [self._batch(data, 0)])
            return
        size = batch_size if isinstance(batch_size, int) and batch_size > 0 else 32
        sizes = list(dict.fromkeys(size for size in (min(size, samples), samples % size) if size))
        batches = [self._batch(data, size) for size in sizes]
        if method == "predict" and self._family.predicts_batches_as_they_are and batches:
            first, batches = batches[:1], batches[1:]
        elif samples % size == 0:
            first, batches = [self._batch(data, size)], []
        else:
            first = [self._batch(data, None)]
        self._try(method, first + batches)

    def _batch(self, data: tuple[Any, ...], size: int | None) -> Any:
        """The shapes of one batch: ``size`` samples, `None` for an unknown number, 0 for all that there are."""

        def spec(array: Any) -> Any:
            if not hasattr(array, "shape"):
                return array
            if not array.shape:
                raise Refused("an array of it has no axes")
            return Spec((array.shape[0] if size == 0 else size, *array.shape[1:]), array.dtype.name)

        x, y, weights = (map_nest(spec, part) for part in data)
        return (x, y, weights) if weights is not None else (x, y) if y is not None else (x,)

    def _element(self, name: str) -> list[Any]:
        """One element of a dataset, as the question gives it."""

        def spec(sizes: Sizes, dtype: str, how: str) -> Any:
            return Spec(sizes, self._family.standard_dtype(dtype))

        element = build(self._bench(spec), self._asked[name])
        return [element if isinstance(element, tuple) else (element,)]

    def _try(self, method: str, batches: list[Any]) -> None:
        """Run the step on these batches; the first is what is traced."""
        if self._data_alone:
            return
        for number, batch in enumerate(batches):
            graph = self._libraries.tensorflow.__internal__.FuncGraph("scratch")
            error = None
            with self._family.scope():
                model = self._model()
                try:
                    with graph.as_default(), _library():
                        getattr(model, STEPS[method])(map_nest(self._placeholder, batch))
                except Failed as failed:
                    error = failed
            if error is not None:
                if number:
                    # It was traced without a complaint, so it fails while it runs: that has another sentence.
                    self._run_eagerly(method, batch, error)
                raise error
        self._vouch(batches[0])

    def _vouch(self, batch: tuple[Any, ...]) -> None:
        """The layers inside may refuse data that are not as they were declared, which a stand-in cannot know."""
        if "model" in self._asked or decode_scalar(self._asked.get("kind", "functional")) == "subclass":
            return
        given, declared = list(flatten(batch[0])), list(flatten(structure_of(self._asked.get("inputs", []))))
        if len(given) != len(declared) or not all(map(is_as_declared, given, declared)):
            raise Refused("what the layers do with such data is not known")

    def _run_eagerly(self, method: str, batch: Any, error: Failed) -> None:
        elements = 0
        for spec in flatten(batch):
            if isinstance(spec, Spec):
                elements += spec.elements()
        if elements > MAX_ELEMENTS:
            raise Refused("it may fail while it runs, and its batches are too big to be tried")
        with self._family.scope():
            model = self._model()
            if model.built and model.count_params() > MAX_WEIGHTS:
                raise error
            try:
                with _library():
                    getattr(model, STEPS[method])(map_nest(self._zeros, batch))
            except Failed as failed:
                raise error if self._family.is_our_doing(failed.raised) else failed from None
        raise Refused("it fails in a graph, but not on arrays")

    def _placeholder(self, spec: Any) -> Any:
        if not isinstance(spec, Spec):
            return spec
        return self._libraries.tensorflow.compat.v1.placeholder(spec.dtype, spec.sizes)

    def _zeros(self, spec: Any) -> Any:
        if not isinstance(spec, Spec):
            return spec
        return self._libraries.tensorflow.zeros(spec.sizes, spec.dtype)

    def _model(self) -> Any:
        """The model itself or its stand-in, compiled."""
        model = self._itself() if "model" in self._asked else self._stand_in()
        described = self._asked.get("compile")
        if described is not None:
            with _library():
                model.compile(**build(self._bench(_no_tensor), described))
            self._family.never_train(model)
        elif not self._method.startswith("predict"):
            with _library():
                self._family.complain_of_no_compile(model, self._method)
        return model

    def _itself(self) -> Any:
        try:
            model = build(self._bench(_no_tensor), self._asked["model"])
        except (Refused, MemoryError, RecursionError, ImportError):
            raise
        except Exception as error:
            raise Refused(f"the model cannot be made: {str(error)[:200]}") from None
        if not isinstance(model, self._libraries.keras.Model):
            raise Refused("what is trained is no model")
        # What its weights learn says nothing of shapes.
        model.trainable = False
        return model

    def _stand_in(self) -> Any:
        keras = self._libraries.keras
        kind = decode_scalar(self._asked.get("kind", "functional"))
        outputs = structure_of(self._asked["outputs"])
        names, activations = iter(texts_of(self._asked.get("output_names"))), iter(self._activations)
        layers = map_nest(lambda spec: self._layer(spec, next(names, None), next(activations, None)), outputs)
        if kind == "subclass":
            return self._subclass(layers)
        given = iter(texts_of(self._asked.get("input_names")))
        declared = structure_of(self._asked.get("inputs", []))

        def declare(spec: Spec, name: str | None) -> Any:
            return keras.Input(spec.sizes[1:], batch_size=spec.sizes[0], dtype=spec.dtype, name=name)

        if isinstance(declared, dict):
            inputs: Any = {key: declare(spec, key) for key, spec in declared.items()}
        else:
            inputs = map_nest(lambda spec: declare(spec, next(given, None)), declared)
        if kind == "sequential":
            return keras.Sequential([inputs, layers])
        return keras.Model(inputs, map_nest(lambda layer: layer(inputs), layers))

    def _subclass(self, layers: Any) -> Any:
        do_not_convert: Any = self._libraries.tensorflow.autograph.experimental.do_not_convert

        class StandIn(self._libraries.keras.Model):  # type: ignore[misc,name-defined]
            @do_not_convert  # type: ignore[untyped-decorator,unused-ignore]
            def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
                return map_nest(lambda layer: layer(inputs), layers)

        return StandIn()

    def _layer(self, spec: Spec, name: str | None, activation: str | None) -> Any:
        tensorflow = self._libraries.tensorflow
        do_not_convert: Any = tensorflow.autograph.experimental.do_not_convert
        activate = self._libraries.keras.activations.get(activation if activation in ACTIVATIONS else None)
        if not spec.sizes:
            raise Refused("an output of the model has no axes")

        class Output(self._libraries.keras.layers.Layer):  # type: ignore[misc,name-defined]
            # AutoGraph hides the signature, so it takes whatever Keras may hand over.
            @do_not_convert  # type: ignore[untyped-decorator,unused-ignore]
            def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
                first = next(iter(flatten(inputs)))
                static = first.shape[0] if spec.sizes[0] is None else spec.sizes[0]
                dynamic = [tensorflow.shape(first)[0] if static is None else static]
                dynamic += [1 if size is None else size for size in spec.sizes[1:]]
                # A half is a probability as well as any other number.
                half = tensorflow.cast(tensorflow.fill(dynamic, 0.5), spec.dtype)
                if tensorflow.executing_eagerly():
                    if None in spec.sizes[1:]:
                        raise Refused("a size of the model's output is not known")
                    return activate(half)
                return activate(tensorflow.compat.v1.placeholder_with_default(half, (static, *spec.sizes[1:])))

            def compute_output_shape(self, *shapes: Any) -> Any:
                return spec.sizes

        return Output(name=name)


# No program has so many samples; it stands for a number that is not known.
UNKNOWN = 2**40


@contextlib.contextmanager
def _library() -> Iterator[None]:
    """What is raised in it is the library's word."""
    try:
        yield
    except (Refused, Failed, MemoryError, RecursionError, ImportError):
        raise
    except Exception as error:
        raise Failed(error) from error


def _no_tensor(sizes: Sizes, dtype: str, how: str) -> Any:
    raise Refused("compile takes no tensors")
