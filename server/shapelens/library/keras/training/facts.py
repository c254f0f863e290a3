"""What the checks of a training call need to know of a model, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from shapelens.shapes.shape import SpecNest
from shapelens.shapes.span import Span
from shapelens.values.objects import CompileState

Method: TypeAlias = Literal["fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch", "call"]
# Those that a model offers by these names.
TRAINING_METHODS: tuple[str, ...] = tuple(method for method in get_args(Method) if method != "call")

# Gives a model's outputs for actual inputs (batch axis first; structured as `ModelFacts.inputs` when
# that is known), or raises `ShapeFailure` where a layer inside refuses them.
Run: TypeAlias = Callable[[SpecNest], SpecNest]


@dataclass(frozen=True, slots=True)
class OutputLayer:
    """The layer that makes an output: its class (``Dense``), literal activation, and constructor's place."""

    class_name: str
    activation: str | None = None
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model, as far as it is known.

    * ``inputs``: the declared input shapes, batch axis first; `None` when nothing is declared (a
      subclassed model, a Sequential that is built from its data). ``outputs`` likewise.
    * ``input_names``/``output_names``: Keras's names, in order; empty when they are not known.
      ``name``: the model's own, or the class's default (``functional``, ``sequential``).
    * ``output_layers``: the layer of each output, in order; empty when not known.
    * ``input_place``: where the input shape is declared.
    * ``overrides``: methods of Keras's that the user's class redefines (``train_step``, ``compute_loss``);
      what they do is their own affair.
    * ``stateful``: the first stateful RNN inside, and the batch size that it was built for.
    """

    kind: Literal["sequential", "functional", "subclass"]
    inputs: SpecNest | None = None
    outputs: SpecNest | None = None
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    name: str | None = None
    compiled: CompileState | None = None
    run: Run | None = None
    output_layers: tuple[OutputLayer, ...] = ()
    input_place: Span | None = None
    overrides: frozenset[str] = frozenset()
    stateful: tuple[str, int] | None = None

    @property
    def title(self) -> str:
        """The name that Keras's messages use."""
        return self.name or ("sequential" if self.kind == "sequential" else "functional")


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """What a call does when nothing is wrong.

    ``inputs``: what the model is called with, after Keras's adjustments (one batch).
    ``outputs``: for ``predict``, ``predict_on_batch`` and ``call`` what the call gives (all samples);
    for the others the outputs of one batch. `None` where it is not known.
    """

    inputs: SpecNest | None = None
    outputs: SpecNest | None = None
