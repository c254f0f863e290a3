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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(prelude, names)
        for statement in ast.parse(program).body:
            found += _run(statement, names, outcome)
    raising = program.count("error")
    if len(outcome.problems) != raising:
        found.append(f"{len(outcome.problems)} problems instead of {raising}: {outcome.problems}")
    return found


def _run(statement: ast.stmt, names: dict[str, Any], outcome: Outcome) -> list[str]:
    code = compile(ast.Module([statement], []), "program", "exec")
    bound = sorted({n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)})
    try:
        exec(code, names)
    except Exception as error:
        if any(name.startswith("error") for name in bound):
            return []
        return [f"{ast.unparse(statement)}: the run raises {error!r}"]
    found = []
    for name in bound:
        if name.startswith("error"):
            found.append(f"{name} does not raise")
        elif name.startswith("unknown"):
            if not isinstance(outcome.value(name), Unknown):
                found.append(f"{name} is known: {outcome.value(name)}")
        else:
            problem = compare(outcome, outcome.value(name), names[name], exact=not name.startswith("vague"))
            found += [f"{name}: {problem}"] if problem else []
    return found


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
        obj = outcome.state[value.address]
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
