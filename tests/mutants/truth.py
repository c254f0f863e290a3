"""What real Keras does with programs: asked of several processes at once, and kept in `.build/`."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.keras_run import start_keras

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".build" / "mutants"
# Another way of running programs makes other answers: then this changes.
EDITION = 2


@dataclass(frozen=True)
class Raised:
    """One exception. The places are first and last lines of expressions, from the outermost call inwards."""

    type: str
    message: str
    chain: tuple[tuple[int, int], ...]
    statement: tuple[int, int]
    library: bool

    def __str__(self) -> str:
        # What happened stands at the end of a graph's long story of where it happened.
        message = self.message.partition("most recent call last")[2].rpartition("\n\n")[2] or self.message
        return f"{self.type}: {' '.join(message.split())[:300]}"


@dataclass(frozen=True)
class Truth:
    """What a run showed. `entered`: the first lines of functions that ran; `failure`: why there was no run."""

    errors: tuple[Raised, ...] = ()
    caught: tuple[Raised, ...] = ()
    skipped: frozenset[int] = frozenset()
    entered: frozenset[int] = frozenset()
    failure: str = ""


@dataclass
class RealKeras:
    """Some processes of one interpreter that run programs. `python` is an interpreter that has Keras."""

    python: str = sys.executable
    processes: int = 2
    cache: Path | None = CACHE
    versions: dict[str, str] = field(default_factory=dict)

    def run(self, texts: Iterable[str]) -> dict[str, Truth]:
        """The truth about each text; what was run before is not run again."""
        known: dict[str, dict[str, Any]] = {}
        missing: list[str] = []
        for text in dict.fromkeys(texts):
            found = self._read(text)
            if found is None:
                missing.append(text)
            else:
                known[text] = found
        lock = threading.Lock()
        waiting = list(reversed(missing))
        total = len(missing)

        def work() -> None:
            process: subprocess.Popen[str] | None = None
            while True:
                with lock:
                    if not waiting:
                        break
                    text = waiting.pop()
                    if len(waiting) % 50 == 0 and total > 100:
                        print(f"   {total - len(waiting)} of {total} programs run", file=sys.stderr, flush=True)
                process = process or start_keras("tests.mutants.child", self.python)
                answer = _ask(process, text)
                self._write(text, answer)
                known[text] = answer
            if process is not None:
                _end(process)

        threads = [threading.Thread(target=work) for _ in range(min(self.processes, total))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {text: read_truth(answer) for text, answer in known.items()}

    def version(self) -> dict[str, str]:
        """The versions of what runs here."""
        if not self.versions:
            asked = (
                "import importlib.metadata as m, json;"
                "found = {d.name.replace('_', '-'): d.version for d in m.distributions()};"
                "names = 'keras', 'tensorflow', 'tensorflow-cpu', 'numpy';"
                "print(json.dumps({n: found[n] for n in names if n in found}))"
            )
            said = subprocess.run([self.python, "-c", asked], capture_output=True, text=True, check=True).stdout
            self.versions = json.loads(said)
        return self.versions

    def _file(self, text: str) -> Path | None:
        if self.cache is None:
            return None
        key = hashlib.sha256(f"{EDITION} {sorted(self.version().items())} {text}".encode()).hexdigest()[:40]
        return self.cache / key[:2] / f"{key}.json"

    def _read(self, text: str) -> dict[str, Any] | None:
        file = self._file(text)
        if file is None or not file.exists():
            return None
        answer: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return answer

    def _write(self, text: str, answer: dict[str, Any]) -> None:
        file = self._file(text)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(answer), encoding="utf-8")


def read_truth(answer: dict[str, Any]) -> Truth:
    """The truth, from the plain data that a process gives."""
    return Truth(
        _read_raised(answer.get("errors", [])),
        _read_raised(answer.get("caught", [])),
        frozenset(answer.get("skipped", [])),
        frozenset(answer.get("entered", [])),
        answer.get("failure", ""),
    )


def _read_raised(items: Sequence[dict[str, Any]]) -> tuple[Raised, ...]:
    return tuple(
        Raised(
            item["type"],
            item["message"],
            tuple((start, end) for start, end in item["chain"]),
            (item["statement"][0], item["statement"][1]),
            item["library"],
        )
        for item in items
    )


def _ask(process: subprocess.Popen[str], text: str) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"text": text}) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.wait(30)
