"""The referee beside a bare ``import tensorflow``, and what it answers in a second."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import report, seconds

from shapelens.referee.live import LiveReferee
from shapelens.referee.settings import Settings
from shapelens.shapes.question import Call, Constant, Name, Question, Tensor

LAYERS = {
    "Dense": ((8,), (None, 20)),
    "Conv2D": ((8, 3), (None, 28, 28, 3)),
    "MaxPooling2D": ((), (None, 28, 28, 3)),
    "Flatten": ((), (None, 28, 28, 3)),
    "Dropout": ((0.5,), (None, 20)),
    "BatchNormalization": ((), (None, 28, 28, 3)),
    "LSTM": ((8,), (None, 10, 4)),
    "Embedding": ((100, 8), (None, 10)),
}
CALLS = 800


def question(number: int) -> Question:
    """A layer on a tensor; each number another question."""
    name = list(LAYERS)[number % len(LAYERS)]
    arguments, sizes = LAYERS[name]
    made = Call(Name(f"keras.layers.{name}"), tuple(map(Constant, arguments)))
    return Question(Call(made, (Tensor((*sizes[:1], sizes[1] + number, *sizes[2:]), "float32"),)))


def referee(memo: Path | None) -> LiveReferee:
    """One whose interpreter is known."""
    found = LiveReferee([sys.executable], lambda answers: None, Settings(memo=memo))
    found.versions(30)
    return found


def children() -> float:
    """The CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu(process: int) -> float:
    """The CPU seconds of a process that runs (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_of(action: Callable[[], object]) -> float:
    """The CPU seconds that an action's child processes take."""
    before = children()
    action()
    return children() - before


def first_answer() -> None:
    """From nothing to the first answer, by the clock and in CPU time, which other programs disturb less."""

    def ask() -> None:
        asked = referee(None)
        asked.ask([question(0)])
        if not asked.wait(600):
            raise RuntimeError(asked.status().sentence)
        asked.close()

    def import_it() -> None:
        subprocess.run([sys.executable, "-c", "import tensorflow"], check=True, stderr=subprocess.DEVNULL)

    ours, other = seconds(ask, 3), seconds(import_it, 3)
    report("referee's first answer", f"{ours:.2f} s", f"import tensorflow {other:.2f} s", ours / other, "(goal: 1.5)")
    ours, other = cpu_of(ask), cpu_of(import_it)
    report("the same in CPU time", f"{ours:.2f} s", f"import tensorflow {other:.2f} s", ours / other, "(goal: 1.5)")


def throughput(memo: Path) -> None:
    """Layer calls in a second, when the worker runs."""
    asked = referee(memo)
    asked.ask([question(number) for number in range(len(LAYERS))])
    asked.wait(600)
    process = asked._process
    assert process is not None
    used, start = cpu(process.pid), time.perf_counter()
    asked.ask([question(number) for number in range(len(LAYERS), CALLS + len(LAYERS))])
    asked.wait(600)
    rate = CALLS / (time.perf_counter() - start)
    rate_of_cpu = CALLS / (cpu(process.pid) - used)
    asked.close()
    report(f"{CALLS} layer calls, {len(LAYERS)} kinds", f"{rate:.0f} /s", "goal 300 /s", rate / 300, "of the goal")
    report("the same for a CPU second", f"{rate_of_cpu:.0f}", "goal 300", rate_of_cpu / 300, "of the goal")


def warm_memo(memo: Path) -> None:
    """The same questions from the memo, without a worker."""
    asked = referee(memo)
    questions = [question(number) for number in range(len(LAYERS), CALLS + len(LAYERS))]
    while asked.status().sentence.startswith("not started"):
        time.sleep(0.01)
    start = time.perf_counter()
    found = asked.answers(questions)
    took = time.perf_counter() - start
    if len(found) != CALLS:
        raise RuntimeError(f"the memo has {len(found)} of {CALLS}")
    state = asked.status().state.value
    asked.close()
    report(f"{CALLS} answers of a warm memo", f"{took * 1000:.0f} ms", f"worker is {state}", CALLS / took, "a second")


def main() -> None:
    """All three."""
    with tempfile.TemporaryDirectory() as folder:
        memo = Path(folder) / "answers.sqlite3"
        first_answer()
        throughput(memo)
        warm_memo(memo)


if __name__ == "__main__":
    main()
