"""Runs a program by the interpreter and by Python, and says where they disagree on its variables."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from typing import Any

import numpy

from shapelens.shapes.dims import SymDim
from shapelens.shapes.shape import TensorSpec
from shapelens.values.objects import ARRAY_ATTRIBUTE, DictObject, LibInstance, ListObject
from shapelens.values.value import Const, DatasetValue, OneOf, Ref, SizeValue, TensorValue, TupleValue, Unknown, Value
from tests.support.interpreting import Outcome, interpret


def disagreements(program: str, namespace: Mapping[str, Any] | None = None, prelude: str = "") -> list[str]:
    """Every variable on which the interpreter says something else than a run.

    A variable whose name starts with ``vague`` may be known less exactly, one with ``unknown`` must
    not be known at all, and the statement that assigns to one with ``error`` must raise.
    """
    outcome = interpret(prelude + program)
    names: dict[str, Any] = dict(namespace or {})
    found: list[str] = []
    bound: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(prelude, names)
        for statement in ast.parse(program).body:
            targets = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            raises = any(name.startswith("error") for name in targets)
            bound += [] if raises else targets
            try:
                exec(compile(ast.Module([statement], []), "program", "exec"), names)
            except Exception as error:
                found += [] if raises else [f"{ast.unparse(statement)}: the run raises {error!r}"]
            else:
                found += [f"{ast.unparse(statement)}: the run does not raise"] if raises else []
    for name in dict.fromkeys(bound):
        problem = _disagreement(outcome, name, names)
        found += [f"{name}: {problem}"] if problem else []
    raising = program.count("error")
    if len(outcome.problems) != raising:
        found.append(f"{len(outcome.problems)} problems instead of {raising}: {outcome.problems}")
    return found


def _disagreement(outcome: Outcome, name: str, names: Mapping[str, Any]) -> str | None:
    if name not in names:
        return None
    value = outcome.value(name)
    if name.startswith("unknown"):
        return None if isinstance(value, Unknown) else f"it is known: {value}"
    return compare(outcome, value, names[name], exact=not name.startswith("vague"))


def compare(outcome: Outcome, value: Value, real: Any, *, exact: bool) -> str | None:
    """Why ``value`` does not describe ``real``, or `None`."""
    if isinstance(value, Unknown):
        return f"not known ({value.reason})" if exact else None
    if isinstance(value, OneOf):
        problems = [compare(outcome, one, real, exact=False) for one in value.values]
        return None if None in problems else str(problems)
    if isinstance(value, TensorValue):
        return _compare_array(value, real, exact)
    if isinstance(value, Const | SizeValue):
        known = value.value if isinstance(value, Const) else None
        return None if isinstance(value, SizeValue) or known == real else f"{known} instead of {real!r}"
    if isinstance(value, TupleValue):
        if len(value.items) != len(real):
            return f"{len(value.items)} items instead of {len(real)}"
        problems = [compare(outcome, v, r, exact=exact) for v, r in zip(value.items, real, strict=True)]
        return next((p for p in problems if p), None)
    if isinstance(value, DatasetValue):
        element = real.element_spec if hasattr(real, "element_spec") else real[0]
        return compare(outcome, value.element, element, exact=exact)
    if isinstance(value, Ref):
        obj = outcome.state.get(value.address)
        if isinstance(obj, LibInstance):
            array = dict(obj.attributes).get(ARRAY_ATTRIBUTE)
            return compare(outcome, array, numpy.asarray(real), exact=exact) if array is not None else None
        if isinstance(obj, ListObject):
            if obj.open:
                return None if isinstance(real, list) or not exact else "the list is open"
            return compare(outcome, TupleValue(obj.items), real, exact=exact)
        if isinstance(obj, DictObject):
            wanted = {k.value: v for k, v in obj.entries if isinstance(k, Const)}
            problems = [compare(outcome, v, real[k], exact=exact) for k, v in wanted.items()]
            return next((p for p in problems if p), None)
    return None


def _compare_array(value: TensorValue, real: Any, exact: bool) -> str | None:
    spec: TensorSpec = value.spec
    if not hasattr(real, "shape"):
        real = numpy.asarray(real)
    shape = tuple(real.shape)
    dims = spec.shape.dims
    if spec.shape.open:
        if exact:
            return f"open shape {spec.shape} instead of {shape}"
        shape = shape[len(shape) - len(dims) :]
    if len(dims) != len(shape):
        return f"shape {spec.shape} instead of {shape}"
    for ours, theirs in zip(dims, shape, strict=True):
        if isinstance(ours, int) and theirs is not None and ours != theirs:
            return f"shape {spec.shape} instead of {shape}"
        if exact and isinstance(ours, SymDim):
            return f"vague shape {spec.shape} instead of {shape}"
    dtype = getattr(getattr(real, "dtype", None), "name", None)
    if spec.dtype is not None and dtype is not None and spec.dtype != dtype and spec.dtype not in ("str", "object"):
        return f"dtype {spec.dtype} instead of {dtype}"
    return None
