"""``match``: which case is taken, and what its names are."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from shapelens.interp import scopes
from shapelens.interp.store import Store, join_stores
from shapelens.interp.truth import equal
from shapelens.interp.trying import guarded
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import Const, Lib, Opaque, Ref, TupleValue, Unknown, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

_REST = "it is matched"


def execute_match(m: Interpreter, node: ast.Match) -> None:
    """The first case that fits; where that is not known, each that may."""
    subject = m.evaluate(node.subject)
    before = m.state
    ends: list[Store | None] = []
    for case in node.cases:
        captured: dict[str, Value] = {}
        answer = _matches(m, case.pattern, subject, captured)
        if answer is False:
            continue
        m.store = before.fork()
        for name, value in captured.items():
            scopes.bind(m, name, value)
        if case.guard is not None:
            holds = m.truth(m.evaluate(case.guard))
            if holds is False:
                continue
            answer = answer if holds else None
        guarded(m, case.body)
        ends.append(m.store)
        if answer:
            break
    else:
        ends.append(before)
    m.store = join_stores(ends)


def _matches(m: Interpreter, pattern: ast.pattern, subject: Value, captured: dict[str, Value]) -> bool | None:
    """Whether a pattern fits, `None` where that is not known; ``captured`` gets its names."""
    if isinstance(pattern, ast.MatchValue):
        return equal(m, m.evaluate(pattern.value), subject)
    if isinstance(pattern, ast.MatchSingleton):
        return subject.value is pattern.value if isinstance(subject, Const) else None
    if isinstance(pattern, ast.MatchAs):
        answer = True if pattern.pattern is None else _matches(m, pattern.pattern, subject, captured)
        if pattern.name is not None:
            captured[pattern.name] = subject
        return answer
    if isinstance(pattern, ast.MatchOr):
        return _any_of(m, pattern, subject, captured)
    if isinstance(pattern, ast.MatchSequence):
        return _sequence(m, pattern, subject, captured)
    if isinstance(pattern, ast.MatchMapping):
        return _mapping(m, pattern, subject, captured)
    for inner in ast.walk(pattern):
        if isinstance(inner, ast.MatchAs | ast.MatchStar) and inner.name is not None:
            captured[inner.name] = Unknown(_REST)
    return _class(m, pattern, subject, captured) if isinstance(pattern, ast.MatchClass) else None


def _any_of(m: Interpreter, pattern: ast.MatchOr, subject: Value, captured: dict[str, Value]) -> bool | None:
    answer: bool | None = False
    for one in pattern.patterns:
        names: dict[str, Value] = {}
        fits = _matches(m, one, subject, names)
        if fits is False:
            continue
        if fits and answer is False:
            captured.update(names)
            return True
        captured.update(dict.fromkeys(names, Unknown(_REST)))
        answer = None
    return answer


def _sequence(m: Interpreter, pattern: ast.MatchSequence, subject: Value, captured: dict[str, Value]) -> bool | None:
    obj = m.read(subject) if isinstance(subject, Ref) else None
    if isinstance(subject, Const) or isinstance(obj, DictObject):
        return False
    is_list = isinstance(obj, ListObject) and obj.type_name != "set"
    items = m.items(subject) if isinstance(subject, TupleValue) or is_list else None
    star = next((i for i, one in enumerate(pattern.patterns) if isinstance(one, ast.MatchStar)), None)
    if items is None:
        for one in pattern.patterns:
            _matches(m, one, Unknown(_REST), captured)
            if isinstance(one, ast.MatchStar) and one.name is not None:
                captured[one.name] = Unknown(_REST)
        return None
    least = len(pattern.patterns) - (star is not None)
    if len(items) < least or (star is None and len(items) > least):
        return False
    answers: list[bool | None] = []
    for position, one in enumerate(pattern.patterns):
        if isinstance(one, ast.MatchStar):
            if one.name is not None:
                captured[one.name] = m.alloc(ListObject(items[position : position + len(items) - least]))
            continue
        place = position if star is None or position < star else position - 1 + len(items) - least
        answers.append(_matches(m, one, items[place], captured))
    return _all(answers)


def _mapping(m: Interpreter, pattern: ast.MatchMapping, subject: Value, captured: dict[str, Value]) -> bool | None:
    obj = m.read(subject) if isinstance(subject, Ref) else None
    if isinstance(subject, Const | TupleValue) or isinstance(obj, ListObject):
        return False
    known = obj if isinstance(obj, DictObject) else DictObject((), open=True)
    keys = [m.evaluate(key) for key in pattern.keys]
    answers: list[bool | None] = []
    for key, inner in zip(keys, pattern.patterns, strict=True):
        found = known.get(key)
        fits = _matches(m, inner, Unknown(_REST) if found is None else found, captured)
        certain = found is not None and key not in known.perhaps
        answers.append(fits if certain or fits is False else None if known.open or found is not None else False)
    if pattern.rest is not None:
        rest = tuple(entry for entry in known.entries if entry[0] not in keys)
        captured[pattern.rest] = m.alloc(DictObject(rest, known.open))
    return _all(answers)


def _class(m: Interpreter, pattern: ast.MatchClass, subject: Value, captured: dict[str, Value]) -> bool | None:
    answer = m.truth(m.call(Lib("builtins.isinstance"), (subject, m.evaluate(pattern.cls)), {}))
    if answer is not True or isinstance(subject, Unknown | Opaque):
        return answer
    answers: list[bool | None] = [True]
    for name, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
        answers.append(_matches(m, inner, m.attribute(subject, name), captured))
    for inner in pattern.patterns:
        # `int(n)` captures the number itself; of other classes `__match_args__` decides.
        itself = isinstance(subject, Const) and len(pattern.patterns) == 1
        answers.append(_matches(m, inner, subject if itself else Unknown(_REST), captured) if itself else None)
    return _all(answers)


def _all(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True
