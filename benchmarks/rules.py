"""The rules alone: one call of each generated case that works; those of layers beside Keras's symbolic call."""

from __future__ import annotations

import ast
import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from measure import report
from tests.conformance import rules, suite
from tests.conformance.cases import Case
from tests.conformance.ops.draw import case as drawn
from tests.conformance.ops.run import MAKERS
from tests.support.array_cases import Case as Expression
from tests.support.array_cases import lift, parse, run_rule
from tests.support.fake_machine import FakeMachine

from shapelens.library.keras.layers.apply import apply_layer
from shapelens.library.load import load_rules
from shapelens.values.failure import NotKnown, ShapeFailure

CASES = 12


def layer_rules() -> None:
    """The median over all cases, each the best of a few calls."""
    from tests.conformance import real_keras

    calls, whole, real = [], [], []
    for name in suite.generators(3):
        for case in suite.cases_of(name, 3, seed=1, count=CASES):
            once = _call(case)
            if once is None:
                continue
            calls.append(_best(once, 5))
            whole.append(_best(partial(rules.run, case), 5))
            real.append(_best(partial(real_keras.run, case), 2))
    ours, made, other = (statistics.median(times) * 1e6 for times in (calls, whole, real))
    slow = statistics.quantiles(calls, n=20)[-1] * 1e6
    name = f"a layer's rule, {len(calls)} calls (95 % under {slow:.0f} us)"
    report(name, f"{ours:.0f} us", f"Keras, symbolic {other:.0f} us", other / ours, "faster (goal: 50 us)")
    report("... with making the layer", f"{made:.0f} us", f"Keras, symbolic {other:.0f} us", other / made, "faster")


def function_rules() -> None:
    """The median over cases of ``keras.ops``, losses and metrics; reading the expression's tree is counted in."""
    load_rules()
    calls = []
    for name, maker in MAKERS.items():
        chooser = random.Random(name)
        for _ in range(CASES):
            parsed = parse(drawn(maker, chooser))
            once = partial(run_rule, parsed, {key: lift(item) for key, item in parsed.inputs.items()}, ast_of(parsed))
            try:
                once()
            except (ShapeFailure, NotKnown, LookupError, TypeError):
                continue
            calls.append(_best(once, 5))
    ours, slow = statistics.median(calls) * 1e6, statistics.quantiles(calls, n=20)[-1] * 1e6
    name = f"a function's rule, {len(calls)} calls (95 % under {slow:.0f} us)"
    report(name, f"{ours:.0f} us", "goal 50 us", 50 / ours, "times as fast as the goal")


def ast_of(parsed: Expression) -> ast.AST:
    """The expression's tree, read once."""
    return ast.parse(parsed.source, mode="eval")


def _call(case: Case) -> Callable[[], object] | None:
    """The call of a layer that is made already, if it works."""
    machine = FakeMachine()
    try:
        layer = rules.construct(machine, case.name, case.args, case.kwargs)
        inputs, others = rules.call_arguments(machine, case)
        apply_layer(machine, layer, inputs, others)
    except (rules.Refused, NotKnown, ShapeFailure):
        return None
    return lambda: apply_layer(machine, layer, inputs, others)


def _best(action: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return min(taken)
