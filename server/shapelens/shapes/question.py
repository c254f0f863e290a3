"""What real Keras can be asked, and what it answers: plain data that crosses every border.

A `Question` is one call of a public function, class or layer of Keras, TensorFlow or NumPy, written as
an expression of plain data. It is hashable, so that it can be a cell of the interpreter's state, a key
of the memo and a line of the protocol. The interpreter asks, `referee/` answers.

Operators and methods
---------------------
An operator is a call of its function in Python's module ``operator`` (``Name("operator.matmul")``,
``Name("operator.getitem")``) with a tensor among the operands. A method is a call of its name in the class
(``Name("numpy.ndarray.reshape")``, ``Name("keras.Model.get_layer")``) with the object first; so is an
attribute (``Name("keras.layers.Layer.output")``), with nothing but the object.

Training
--------
``fit``, ``evaluate``, ``predict``, ``train_on_batch``, ``test_on_batch`` and ``predict_on_batch`` are asked as
``Call(Name("keras.Model.fit"), kwargs=...)``. The model is described, not made; these are the keywords:

``kind``            ``"functional"`` (default), ``"sequential"``, or ``"subclass"``, which checks no inputs
``model``           the model itself (a `Call` or a `Given`), where it can be told: then its layers get the data, and
                    of the others ``compile``, ``arguments`` and ``element`` count alone
``inputs``          the declared inputs: a `Tensor`, a `Sequence` of them, or a `Mapping` from their names
``input_names``     the names of inputs that are no `Mapping` (list of `str`; optional)
``outputs``         what the model gives for a batch of these data: `Tensor`s, batch axis included
``output_names``    as ``input_names``
``activations``     the activation behind each output (list of `str`; ``""`` for one that is not known). Keras 2
                    looks at it; without them, an answer that depends on it is ``refused``
``compile``         a `Mapping` of the arguments of ``compile``; left out when it is never called
``arguments``       a `Mapping` of the method's arguments: ``x``, ``y``, ``sample_weight``, ``batch_size``,
                    ``validation_data``, ``validation_split``, ``steps_per_epoch`` ...; `Tensor`s are ``"numpy"``
``element``         for a ``tf.data.Dataset`` as ``x``: a tuple of the `Tensor`s of one of its elements
``validation_element``  as ``element``, for a dataset as ``validation_data``

With neither ``model`` nor ``outputs`` only what is checked before the model gets any data is tried: the counts of the
samples of arrays.

The answer is an ``error``, or the ``value`` ``Constant(None)``: nothing is raised by the checks of the data, the
inputs, the loss and the metrics, for the sizes that the batches have. Errors that depend on contents (labels
out of range) are not seen, and without ``model`` those of the layers inside neither; then data that are not as
declared are ``refused`` when only the layers inside can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType
from typing import Literal, TypeAlias

from shapelens.shapes.shape import SpecNest

Plain: TypeAlias = int | float | complex | str | bytes | bool | EllipsisType | None


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A Python scalar; equal to another of the same type only (in Python ``1 == True == 1.0``)."""

    value: Plain

    def _key(self) -> tuple[type, object]:
        # A float by its text: ``nan`` is one constant, ``0.0`` and ``-0.0`` are two. Of an int there may be none:
        # Python writes out no more than 4,300 digits.
        value = self.value
        return type(value), repr(value) if isinstance(value, float | complex) else value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Constant) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


TensorHow: TypeAlias = Literal["keras", "tensor", "numpy", "variable"]


@dataclass(frozen=True, slots=True)
class Name:
    """A public object by its canonical name: ``keras.layers.Dense``, ``tensorflow.float32``."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list or tuple."""

    items: tuple[Term, ...]
    type_name: Literal["list", "tuple"] = "list"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A dict, in order."""

    entries: tuple[tuple[Term, Term], ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """A ``slice``."""

    start: Term
    stop: Term
    step: Term


@dataclass(frozen=True, slots=True)
class Tensor:
    """An array or tensor of these sizes and dtype; its content is not told.

    ``how``: a symbolic ``KerasTensor``, a TensorFlow tensor, a NumPy array, or a variable. A size that is
    `None` is Keras's own dynamic size in a ``KerasTensor``, which Keras refuses where it needs a number;
    in the others it is one that is not known.
    """

    sizes: tuple[int | None, ...]
    dtype: str
    how: TensorHow = "keras"


@dataclass(frozen=True, slots=True)
class Call:
    """``function(*args, **kwargs)``: an object made on the way (a layer, a cell, an initializer)."""

    function: Term
    args: tuple[Term, ...] = ()
    kwargs: tuple[tuple[str, Term], ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a step of the question made: the same object wherever it is used."""

    step: int


Term: TypeAlias = "Constant | Name | Sequence | Mapping | Slice | Tensor | Call | Given"


@dataclass(frozen=True, slots=True)
class Question:
    """What does ``call`` give, or how does it fail?

    ``before`` are earlier calls of the same layer, oldest first (each a `Call` whose function is that of
    ``call``): the layer is constructed once, called on these, and then as ``call`` says. Where
    ``call.function`` is not itself a `Call` it is empty.
    ``steps`` are made first, each once and in order: layers, symbolic tensors and models that ``call`` or
    later steps need. Nothing follows from a question of which a step fails.
    """

    call: Call
    before: tuple[Call, ...] = ()
    steps: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the installed library did with a `Question`; exactly one of the first four is given.

    ``outputs``: the structure of the tensors that came out; a size that is `None` was not known to Keras
    either. Where a model came out (``keras.applications.VGG16()``), they are its outputs.
    ``value``: what came out where that is not tensors alone: a plain value, a structure of such values
    and of tensors (`Tensor`), or the `Name` of the public class of the object that was made.
    ``error``: it raised; the library's own sentence, without a traceback and the names of graph nodes;
    ``error_type`` is the exception's class, with ``" on arrays"`` behind it where nothing but the arrays that
    were tried raised it, whose contents may be the reason. ``refused``: it could not be asked, for this reason (the
    name is not public, the answer depends on contents, the time was up); nothing follows from that.
    ``params``: the number of weights of the layer that was called, or of the model that was made.
    ``version``: who answers, ``"Keras 3.15.1"``.
    """

    outputs: SpecNest | None = None
    value: Term | None = None
    error: str | None = None
    refused: str | None = None
    error_type: str | None = None
    params: int | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class Versions:
    """The libraries of the user's interpreter; ``""`` for one that is not installed.

    ``keras`` is what ``tensorflow.keras`` or ``keras`` means there, which may be 2.x.
    """

    python: str = ""
    keras: str = ""
    tensorflow: str = ""
    numpy: str = ""

    @property
    def family(self) -> Literal[2, 3]:
        """Keras 2 or Keras 3; the newest where none is installed."""
        return 2 if self.keras.startswith("2.") else 3


NEWEST = Versions()
# What a program means that says no more than the family.
FAMILIES: dict[Literal[2, 3], Versions] = {2: Versions(keras="2.15.0", tensorflow="2.15.0"), 3: NEWEST}
