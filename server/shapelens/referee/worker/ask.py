"""Puts one question to the libraries."""

from __future__ import annotations

import contextlib
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

from ..protocol import ProtocolError, Wire, check_term, decode_scalar, encode_scalar
from . import guard
from .contents import (
    MAX_WEIGHTS,
    affordable,
    all_sizes_known,
    empty_array,
    fails_on_contents,
    on_contents,
    only_on_arrays,
)
from .keras2 import Keras2
from .keras3 import Keras3
from .libraries import Libraries
from .names import OPERATORS, Names, check_name, is_method
from .outcome import describe, sentence
from .refused import Refused, WithoutContent
from .terms import Bench, MakeTensor, build, call, name_of, names_in, says_stateful, tensors
from .training import METHODS, Training

# Not the library's word on a question: the machine's, or ours.
NOT_AN_ANSWER = (MemoryError, RecursionError, ImportError, SystemExit, KeyboardInterrupt, GeneratorExit)
# Functions that work on arrays and not on symbolic tensors.
ON_ARRAYS = {"utils", "preprocessing", "applications"}


class Asker:
    """Everything that stays from one question to the next."""

    def __init__(self, libraries: Libraries) -> None:
        self._libraries = libraries
        self._names = Names(libraries)
        self._family = Keras2(libraries) if libraries.family == 2 else Keras3(libraries)
        self._steps: list[Wire] = []

    def answer(self, question: dict[str, Wire]) -> tuple[dict[str, Wire], bool]:
        """The wire form of an `Answer`, and whether it would be the same another time, on another machine."""
        version, keep = "", True
        try:
            earlier, self._steps = question.get("before"), question.get("steps")  # type: ignore[assignment]
            if not isinstance(earlier, list) or not isinstance(self._steps, list):
                raise ProtocolError("a question has a list of calls before and one of steps")
            for term in (question.get("call"), *earlier, *self._steps):
                check_term(term)
            name = name_of(question["call"], self._steps)
            if name not in METHODS:
                check_name(name)
            version = self._libraries.version_of(self._library(name, question["call"]))
            with guard.asking(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fields = self._put(name, question["call"], earlier)
        except Refused as refused:
            fields = {"refused": str(refused)}
        except ProtocolError as error:
            fields = {"refused": f"it is malformed: {error}"}
        except NOT_AN_ANSWER as error:
            fields = {"refused": f"{type(error).__name__}: {str(error)[:200]}".rstrip(": ")}
            keep = False
        except Exception as error:
            traceback.print_exc()
            fields, keep = {"refused": f"a defect of the worker's: {type(error).__name__}: {str(error)[:200]}"}, False
        return {**fields, "version": version}, keep

    def _put(self, name: str, term: Wire, earlier: list[Wire]) -> dict[str, Wire]:
        root, *namespace = name.split(".")[:-1]
        if term[0] != "C":
            raise Refused("it is no call")
        if name in METHODS:
            return self._train(name, term)
        if term[1][0] in ("C", "g"):
            if root != "keras":
                raise Refused("only objects of Keras can be called")
            return self._call_object(term, earlier)
        if earlier:
            raise Refused("only a layer can have been called before")
        if name in OPERATORS or is_method(name):
            return self._operate(term)
        hows = {how for _, _, how in tensors(term)}
        on_arrays = root == "keras" and bool(ON_ARRAYS & set(namespace[:1])) and hows == {"numpy"}
        if root == "numpy" and "keras" in hows:
            return self._operate(term)
        if root == "numpy" or on_arrays:
            return on_contents(term, self._libraries, lambda tensor: self._outcome(term, tensor))
        makes = root == "keras" and (
            namespace[:1] in ([], ["applications"]) or isinstance(self._names.find(name), type)
        )
        if makes or (root == "keras" and ("keras" in hows or self._libraries.tensorflow is None)):
            with self._scope(term):
                return self._outcome(term, self._symbolic)
        return self._in_graph(term)

    def _bench(self, tensor: MakeTensor) -> Bench:
        return Bench(self._names, tensor, self._steps, self._symbolic)

    def _operate(self, term: Wire) -> dict[str, Wire]:
        """A function that meets each operand as what it is: an operator, a method, one of NumPy's."""
        hows = {how for _, _, how in tensors(term)}
        makers = {name.split(".")[0] for name in names_in(term)} - {"operator"}
        if "keras" in hows or "keras" in makers or self._steps:
            if hows & {"tensor", "variable"} and not affordable(term):
                raise Refused("it can only be tried on tensors with content, and these are too big")
            with self._scope(term):
                return self._outcome(term, self._beside_symbolic)
        if "variable" in hows or (hows <= {"numpy"} and makers <= {"numpy"}):
            return on_contents(term, self._libraries, lambda tensor: self._outcome(term, tensor))
        return self._in_graph(term)

    def _train(self, name: str, term: Wire) -> dict[str, Wire]:
        """``fit`` and its kin; nothing raised is the value ``None``."""
        if self._libraries.tensorflow is None:
            raise Refused("TensorFlow is not installed")
        error = Training(self._libraries, self._bench, self._family, name, term).run()
        return {"value": [None]} if error is None else self._raised(error)

    def _call_object(self, term: Wire, earlier: list[Wire]) -> dict[str, Wire]:
        """Construct, call on what came earlier, and call."""
        with self._scope(term):
            fields, operation = self._construct_and_call(term, earlier, self._symbolic)
        if not operation:
            return self._in_graph(term)
        hows = {how for call_term in (term, *earlier) for _, _, how in tensors(call_term)}
        if hows and "keras" not in hows:
            return self._on_arrays(term, earlier, fields)
        return fields

    def _on_arrays(self, term: Wire, earlier: list[Wire], symbolic: dict[str, Wire]) -> dict[str, Wire]:
        """With arrays a layer checks other things than with symbolic tensors, whose outcome is given."""
        eagerly: list[dict[str, Wire]] = []

        def put(tensor: MakeTensor) -> dict[str, Wire]:
            eagerly.append(self._construct_and_call(term, earlier, tensor)[0])
            return eagerly[-1]

        accepted = "error" not in symbolic
        if accepted and (
            decode_scalar(symbolic.get("params", MAX_WEIGHTS)) >= MAX_WEIGHTS
            or not affordable(term)
            or not all_sizes_known(term)
        ):
            return self._on_placeholders(term, earlier, symbolic)
        if not affordable(term):
            raise Refused("it fails on symbolic tensors, and cannot be tried on arrays of this size")
        try:
            if fails_on_contents(term, self._libraries, put):
                # With sizes that we made up, that sentence would tell them.
                return eagerly[0] if all_sizes_known(term) else symbolic
            if accepted:
                return symbolic
            if all_sizes_known(term):
                return on_contents(term, self._libraries, put)
        except WithoutContent:
            return self._on_placeholders(term, earlier, symbolic)
        raise Refused("it fails on symbolic tensors, but not on arrays")

    def _on_placeholders(self, term: Wire, earlier: list[Wire], symbolic: dict[str, Wire]) -> dict[str, Wire]:
        """What symbolic tensors pass, arrays may not: a functional model lets more of them through.

        Tried in a graph, where nothing has a content either.
        """
        if self._libraries.tensorflow is None:
            raise Refused("TensorFlow is not installed")
        with self._scratch_graph():
            fields = self._construct_and_call(term, earlier, self._placeholder)[0]
        if "error" in fields:
            _trust_graph(fields)
            return fields
        if "error" in symbolic:
            raise Refused("it fails on symbolic tensors, but not on arrays")
        return symbolic

    def _construct_and_call(self, term: Wire, earlier: list[Wire], tensor: MakeTensor) -> tuple[dict[str, Wire], bool]:
        """What came out, and whether what was called is an operation (when it is not, it was not called)."""
        bench = self._bench(tensor)
        try:
            made = build(bench, term[1])
        except (Refused, *NOT_AN_ANSWER):
            raise
        except Exception as error:
            return self._raised(error), True
        if not self._family.is_operation(made):
            if earlier:
                raise Refused("only a layer can have been called before")
            return {}, False
        for past in earlier:
            if past[0] != "C":
                raise Refused("what came before is no call")
            try:
                call(bench, made, past)
            except (Refused, *NOT_AN_ANSWER):
                raise
            except Exception as error:
                raise Refused(f"an earlier call fails: {sentence(error)[:200]}") from None
        fields = self._outcome(term, tensor, made, bench)
        if "outputs" in fields and getattr(made, "built", False):
            fields["params"] = encode_scalar(int(made.count_params()))
        return fields, True

    def _outcome(
        self, term: Wire, tensor: MakeTensor, function: Any = None, bench: Bench | None = None
    ) -> dict[str, Wire]:
        """What the call gives or raises; ``function`` where it is made already, on that ``bench``."""
        bench = bench or self._bench(tensor)
        try:
            value = call(bench, build(bench, term[1]) if function is None else function, term)
        except (Refused, *NOT_AN_ANSWER):
            raise
        except Exception as error:
            return self._raised(error)
        return describe(self._libraries, value)

    def _in_graph(self, term: Wire) -> dict[str, Wire]:
        """On placeholders, which have no content. What fails there must fail on arrays as well, if they are small."""
        if self._libraries.tensorflow is None:
            # On other back ends there are no placeholders.
            return on_contents(term, self._libraries, lambda tensor: self._outcome(term, tensor))
        with self._scratch_graph():
            fields = self._outcome(term, self._placeholder)
        if any(how == "keras" for _, _, how in tensors(term)):
            return fields
        accepted = "error" not in fields
        if accepted and not (affordable(term) and all_sizes_known(term)):
            return fields
        if not affordable(term):
            _trust_graph(fields)
            return fields
        eagerly: list[dict[str, Wire]] = []

        def put(tensor: MakeTensor) -> dict[str, Wire]:
            eagerly.append(self._outcome(term, tensor))
            return eagerly[-1]

        fails = fails_on_contents(term, self._libraries, put)
        if accepted:
            return only_on_arrays(eagerly[0]) if fails else fields
        if not fails:
            raise Refused("it works on arrays, but not in a graph")
        # Most programs run eagerly, and see that sentence; but it would tell the sizes that we made up.
        return eagerly[0] if all_sizes_known(term) else fields

    @contextlib.contextmanager
    def _scratch_graph(self) -> Iterator[None]:
        with self._family.scope(), self._libraries.tensorflow.__internal__.FuncGraph("scratch").as_default():
            yield

    def _placeholder(self, sizes: tuple[int | None, ...], dtype: str, how: str) -> Any:
        if how == "keras":
            return self._symbolic(sizes, dtype, how)
        try:
            return self._libraries.tensorflow.compat.v1.placeholder(dtype, sizes)
        except (TypeError, ValueError, OverflowError) as error:
            raise Refused(f"there is no such tensor: {error}") from None

    def _beside_symbolic(self, sizes: tuple[int | None, ...], dtype: str, how: str) -> Any:
        """Symbolic tensors, and arrays of the kind that they are."""
        if how == "keras":
            return self._symbolic(sizes, dtype, how)
        array = empty_array(self._libraries, sizes, dtype)
        return array if how == "numpy" else self._libraries.tensor(array)

    def _symbolic(self, sizes: tuple[int | None, ...], dtype: str, how: str) -> Any:
        try:
            return self._family.symbolic(sizes, dtype)
        except Exception as error:
            raise Refused(f"there is no such tensor: {str(error)[:200]}") from None

    def _raised(self, error: Exception) -> dict[str, Wire]:
        kind = type(error).__name__
        if kind == "ResourceExhaustedError" or self._family.is_our_doing(error):
            raise WithoutContent(f"it cannot be tried without content: {kind}")
        return {"error": sentence(error) or kind, "error_type": kind}

    def _library(self, name: str, term: Wire) -> str:
        """The library that answers for a name; for an operator, the one whose tensors decide what it does."""
        root = name.split(".")[0]
        if root != "operator":
            return root
        makers = {name.split(".")[0] for name in names_in(term)} | {how for _, _, how in tensors(term)}
        eager = bool(makers & {"tensor", "variable", "tensorflow"})
        if "keras" in makers or (eager and self._libraries.tensorflow is None):
            return "keras"
        return "tensorflow" if eager else "numpy"

    @contextlib.contextmanager
    def _scope(self, term: Wire) -> Iterator[None]:
        tensorflow = self._libraries.tensorflow
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._family.scope())
            if tensorflow is not None and says_stateful(term) and self._family.stateful_needs_a_graph():
                stack.enter_context(tensorflow.__internal__.FuncGraph("scratch").as_default())
            yield


def _trust_graph(fields: dict[str, Wire]) -> None:
    """Raise `Refused` unless an error in a graph, that cannot be tried on arrays, is surely one there."""
    if fields["error_type"] not in ("ValueError", "InvalidArgumentError") or "ymbolic" in fields["error"]:
        raise Refused("it may depend on contents")
