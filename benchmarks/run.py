"""Measures ShapeLens beside what a user would do instead: ``python benchmarks/run.py``."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile

from measure import PROGRAM, long_program, memory, report, seconds
from rules import function_rules, layer_rules
from tests.support.editor import Editor

import referee

# Without this, Python would not be allowed to keep what it compiled, as it does for users.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"


def whole_process() -> None:
    """The command, start of Python included, beside running the program to its error."""

    def run(*arguments: str, status: int) -> None:
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
        if done.returncode != status:
            raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stderr}")

    ours = seconds(lambda: run("-m", "shapelens", "check", str(PROGRAM), status=1), 5)
    real = seconds(lambda: run(str(PROGRAM), status=1), 3)
    name = f"shapelens check, {len(PROGRAM.read_text().splitlines())} lines"
    report(name, f"{ours:.2f} s", f"run to its error {real:.2f} s", real / ours, "faster (goal: 5)")


def in_process(text: str) -> None:
    """A fresh analysis beside parsing the same text."""
    from shapelens.engine.analyze import analyze
    from shapelens.text.document import document

    ours = seconds(lambda: analyze(document("file:///p.py", text)), 7)
    parsing = seconds(lambda: ast.parse(text), 21)
    name = f"fresh analysis, {text.count(chr(10))} lines"
    report(name, f"{ours * 1000:.0f} ms", f"ast.parse {parsing * 1000:.1f} ms", ours / parsing, "slower (goal: 20)")


def server_memory() -> None:
    """The language server with a file open, beside a Python that only imported TensorFlow."""
    with Editor() as editor:
        editor.open(long_program(500))
        editor.wait_for_diagnostics()
        rss, pss = memory(editor.process)
    code = "import os, sys, tensorflow; sys.stdout.write('.'); sys.stdout.flush(); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdout is not None
        child.stdout.read(1)
        _, other = memory(child.pid)
        assert child.stdin is not None
        child.stdin.close()
    name = f"server's memory, 500 lines (RSS {rss:.0f} MB)"
    report(name, f"{pss:.0f} MB", f"import tensorflow {other:.0f} MB", other / pss, "less (goal: under 150 MB)")


def keystroke() -> None:
    """From an edit to new diagnostics, through the protocol, without the delay for typing on."""
    from shapelens.engine.analyze import analyze
    from shapelens.text.document import document

    filler = long_program(500)
    # Each edit makes another shape wrong, so that there is always something to publish.
    edited = "import numpy as np\n\nrows = np.zeros((4, 30)).reshape(4, 0)\n"
    text = filler + edited
    line, column = text.count("\n") - 1, len("rows = np.zeros((4, 30)).reshape(4, ")
    digit = 0

    def press() -> None:
        nonlocal digit
        digit = digit % 9 + 1
        editor.type(line, column, column + 1, str(digit))

    with Editor({"diagnostics": {"delay": 0, "maxDelay": 0}}) as editor:
        editor.open(text)
        editor.wait_for_diagnostics()
        ours = seconds(press, 41)
    fresh = seconds(lambda: analyze(document("file:///p.py", text)), 5)
    name = f"keystroke to diagnostics, {text.count(chr(10))} lines"
    report(name, f"{ours * 1000:.0f} ms", f"fresh analysis {fresh * 1000:.0f} ms", fresh / ours, "faster")


def main() -> None:
    """All of them, in a folder of their own: the program must not find files beside it."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        print(f"{'what':<44} {'ShapeLens':>12} {'beside':>26} {'ratio':>9}")
        whole_process()
        in_process(PROGRAM.read_text(encoding="utf-8"))
        in_process(long_program(500))
        server_memory()
        keystroke()
        referee.main()
        layer_rules()
        function_rules()
        os.chdir("/")


if __name__ == "__main__":
    main()
