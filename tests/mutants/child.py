"""The process that has Keras imported and forks one child for each program. Runs under Python 3.9, too.

Started by `truth.py`: a line of JSON in (`{"text": ...}`), a line of JSON out. A program is run one statement
at a time, past the statements that raise, as in `tests/support/keras_child.py`, but not watched on its way.
"""

from __future__ import annotations

import ast
import json
import os
import random
import re
import sys
import traceback
from typing import Any

from tests.support import keras_stubs
from tests.support.forked import answer_in_child
from tests.support.keras_child import _changed, _names

FILE_NAME = "<mutant>"
SECONDS = 40.0
MEMORY = 6 << 30


class _Nobody:
    """In the place of the recorder that `keras_stubs` tells of every layer."""

    def called(self, layer: Any, output: Any) -> None:
        """Nobody listens."""


class _Watched(ast.NodeTransformer):
    """Notes the exceptions that a program itself catches, and the functions that are entered."""

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        """A call at the beginning of each handler."""
        self.generic_visit(node)
        node.body.insert(0, _call("__caught__", [], node))
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """A call at the beginning of each function."""
        self.generic_visit(node)
        # Keras reads the signatures of functions, not their first line, so that it may stand before a docstring.
        node.body.insert(0, _call("__entered__", [ast.Constant(node.lineno)], node.body[0]))
        return node


def _call(name: str, arguments: list[ast.expr], place: ast.AST) -> ast.stmt:
    call = ast.Expr(ast.Call(ast.Name(name, ast.Load()), arguments, []))
    return ast.fix_missing_locations(ast.copy_location(call, place))


def run_program(text: str) -> dict[str, Any]:
    """What is raised where, and which lines were left out for want of what had failed."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)
    errors: list[dict[str, Any]] = []
    caught: list[dict[str, Any]] = []
    skipped: list[int] = []
    broken: set[str] = set()
    entered: set[int] = set()
    scope: dict[str, Any] = {
        "__name__": "__main__",
        "__entered__": entered.add,
        "__caught__": lambda: caught.append(_described(sys.exc_info()[1], [0, 0])),
    }
    for statement in ast.parse(text).body:
        place = [statement.lineno, statement.end_lineno or statement.lineno]
        bound, used = _names(statement)
        if used & broken:
            broken |= bound
            skipped.extend(range(place[0], place[1] + 1))
            continue
        module = ast.fix_missing_locations(ast.Module([_Watched().visit(statement)], []))
        try:
            exec(compile(module, FILE_NAME, "exec"), scope)
        except BaseException as error:
            errors.append(_described(error, place))
            broken |= bound | _changed(statement)
        else:
            broken -= bound
    return {"errors": errors, "caught": caught, "skipped": skipped, "entered": sorted(entered)}


def _described(error: BaseException | None, statement: list[int]) -> dict[str, Any]:
    assert error is not None
    chain: list[list[int]] = []
    library = False
    for frame, _ in traceback.walk_tb(error.__traceback__):
        library = frame.f_code.co_filename != FILE_NAME
        if not library:
            chain.append(_lines(frame, error))
    return {
        "type": type(error).__name__,
        "message": re.sub(r"\x1b\[[0-9;]*m", "", str(error))[-2000:],
        "chain": chain,
        "statement": statement,
        "library": library,
    }


def _lines(frame: Any, error: BaseException) -> list[int]:
    """The first and the last line of the expression where the frame stands."""
    step: Any = error.__traceback__
    while step is not None and step.tb_frame is not frame:
        step = step.tb_next
    if step is None:
        return [frame.f_lineno, frame.f_lineno]
    if hasattr(frame.f_code, "co_positions"):
        start, end, _, _ = list(frame.f_code.co_positions())[step.tb_lasti // 2]
        if start and end:
            return [start, end]
    return [step.tb_lineno, step.tb_lineno]


def main() -> None:
    """Import once, then answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    import keras
    import tensorflow as tf

    for name in ("pandas", "sklearn.model_selection"):
        try:
            __import__(name)
        except ImportError:
            # Programs that need it raise so, in this interpreter, and are no programs for it.
            pass
    keras_stubs.install(_Nobody())
    answers.write(json.dumps({"keras": keras.__version__, "tensorflow": tf.__version__}) + "\n")
    for line in sys.stdin:
        answer = answer_in_child(json.loads(line)["text"], run_program, seconds=SECONDS, memory=MEMORY)
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
