"""The process that has TensorFlow imported and forks one child for each program.

Started by `keras_run.py`. A line of JSON in, a line of JSON out: `{"text": ...}` to what was seen.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from typing import Any

from . import keras_stubs
from .forked import answer_in_child
from .probes import FILE_NAME, Recorder, Rewriter
from .targets import Places

SECONDS = 90.0
# After an error in one of these calls the object that they were to change is not what was meant.
CHANGING_METHODS = frozenset({"add", "compile", "build", "append"})


def run_program(text: str) -> dict[str, Any]:
    """Run the program as a notebook would, one statement at a time, past the statements that raise."""
    recorder = Recorder()
    keras_stubs.install(recorder)
    scope: dict[str, Any] = {
        "__name__": "__main__",
        "__seen__": recorder.seen,
        "__bound__": recorder.bound,
        "__caught__": recorder.caught,
    }
    skipped: list[int] = []
    broken: set[str] = set()
    rewriter = Rewriter(Places(text))
    for statement in ast.parse(text).body:
        bound, used = _names(statement)
        if used & broken:
            # It would fail for want of what an earlier error left undone: that is no second mistake.
            broken |= bound
            skipped.extend(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
            continue
        rewritten = rewriter.visit(statement)
        body = rewritten if isinstance(rewritten, list) else [rewritten]
        module = ast.fix_missing_locations(ast.Module(body, []))
        try:
            exec(compile(module, FILE_NAME, "exec"), scope)
        except BaseException as error:
            recorder.raised(error, caught=False)
            broken |= bound | _changed(statement)
        else:
            broken -= bound
    return {**recorder.finish(), "skipped": skipped}


def _names(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """The names that a top-level statement binds in the module, and those that it reads there at once."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return {statement.name}, set()
    bound: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            (bound if isinstance(node.ctx, ast.Store) else used).add(node.id)
        elif isinstance(node, ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
    return bound, used - bound if isinstance(statement, ast.For | ast.While | ast.With) else used


def _changed(statement: ast.stmt) -> set[str]:
    return {
        node.func.value.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CHANGING_METHODS
        and isinstance(node.func.value, ast.Name)
    }


def main() -> None:
    """Import once, then answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    import keras
    import pandas
    import sklearn.model_selection
    import tensorflow

    versions = [keras.__version__, tensorflow.__version__, pandas.__version__, sklearn.__version__]
    answers.write(json.dumps({"keras": versions[0]}) + "\n")
    for line in sys.stdin:
        answer = answer_in_child(json.loads(line)["text"], run_program, seconds=SECONDS)
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
