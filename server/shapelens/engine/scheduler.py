"""When documents are analysed: off the caller's thread, debounced, the newest revision only."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import CANCELLED
from shapelens.shapes.question import Question
from shapelens.text.document import Document

# Following deeply nested calls takes stack; what is not used costs nothing.
STACK_BYTES = 64 * 1024 * 1024

# Analyses a revision; the last argument tells whether to give up.
Analyze: TypeAlias = Callable[[Document, "Analysis | None", Callable[[], bool]], Analysis]

# Seconds for which answers that come one after the other are gathered, and at most kept from the user.
GATHER = 0.05
PATIENCE = 2.0
# Of one revision: each answers what the one before could not know to ask.
MAX_ROUNDS = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds from an edit to its analysis: after the last edit, and at most after the first."""

    quiet: float = 0.2
    longest: float = 1.0


@dataclass(slots=True)
class _Pending:
    """``again``: only answers are new, the document is not."""

    document: Document
    first: float
    due: float
    again: bool = False


@dataclass(slots=True)
class _State:
    """``previous`` serves re-use only; it may be of an older revision, or incomplete.

    ``rounds`` is how often the newest revision was analysed again. ``held`` was not published, because more
    answers are to come, and will be at ``held_until``.
    """

    document: Document
    pending: _Pending | None = None
    previous: Analysis | None = None
    was_cancelled: bool = False
    rounds: int = 0
    held: Analysis | None = None
    held_until: float = 0.0


class Scheduler:
    """One worker thread for all documents. Every method returns at once, from any thread.

    ``publish`` is called on the worker with each analysis that is of its document's newest
    revision; others are dropped. ``ask`` is called there, too, with what such an analysis asks: when
    the answers have come, `recheck` has it analysed again, and published once.
    """

    def __init__(
        self,
        analyze: Analyze,
        publish: Callable[[Analysis], None],
        delays: Delays | None = None,
        ask: Callable[[Collection[Question]], None] | None = None,
    ) -> None:
        self._analyze = analyze
        self._publish = publish
        self._ask = ask
        self._delays = delays or Delays()
        self._states: dict[str, _State] = {}
        self._jobs: list[Callable[[], None]] = []
        self._stopped = False
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def submit(self, document: Document, *, at_once: bool = False) -> None:
        """Analyse a new revision when its author pauses, or ``at_once``."""
        with self._wake:
            state = self._states.setdefault(document.uri, _State(document))
            state.document, state.held = document, None
            now = time.monotonic()
            first = state.pending.first if state.pending and not state.pending.again else now
            due = now if at_once else min(now + self._delays.quiet, first + self._delays.longest)
            state.pending = _Pending(document, first, due)
            self._start()
            self._wake.notify()

    def recheck(self, answered: Collection[Question] | None = None) -> None:
        """Analyse again what asked one of these questions; everything, where `None`: it is another library."""
        with self._wake:
            due = time.monotonic() + GATHER
            for state in self._states.values():
                asked = state.previous.questions if state.previous else ()
                if state.pending is None and (answered is None or any(question in answered for question in asked)):
                    state.pending = _Pending(state.document, due, due, again=True)
            self._wake.notify()

    def run_soon(self, job: Callable[[], None]) -> None:
        """Do something else on the worker, before the next analysis."""
        with self._wake:
            self._jobs.append(job)
            self._start()
            self._wake.notify()

    def forget(self, uri: str) -> None:
        """The document was closed: drop its work and what is known of it."""
        with self._wake:
            self._states.pop(uri, None)

    def set_delays(self, delays: Delays) -> None:
        """Take other delays from the next edit on."""
        with self._wake:
            self._delays = delays

    def stop(self) -> None:
        """End the worker as soon as it notices; nothing more is published."""
        with self._wake:
            self._stopped = True
            self._states.clear()
            self._wake.notify()

    def _start(self) -> None:
        """Start the worker with the first work. A daemon: it must not keep the process alive."""
        if self._thread is None and not self._stopped:
            before = threading.stack_size(STACK_BYTES)
            try:
                self._thread = threading.Thread(target=self._work, name="shapelens-analysis", daemon=True)
                self._thread.start()
            finally:
                threading.stack_size(before)

    def _work(self) -> None:
        while True:
            with self._wake:
                job = self._next()
                while job is None:
                    if self._stopped:
                        return
                    self._wake.wait(self._seconds_to_wait())
                    job = self._next()
            try:
                job()
            except Exception:
                log.exception("internal error in the analysis thread")

    def _next(self) -> Callable[[], None] | None:
        """The next thing to do, if anything is due; needs the lock."""
        if self._stopped:
            return None
        if self._jobs:
            return self._jobs.pop(0)
        waiting = [state for state in self._states.values() if state.pending is not None]
        for state in sorted(waiting, key=_due):
            pending = state.pending
            if pending is not None and pending.due <= time.monotonic():
                state.pending = None
                return lambda: self._analyze_now(state, pending)
        for state in self._states.values():
            held = state.held
            if held is not None and state.held_until <= time.monotonic():
                state.held = None
                return lambda: self._publish(held)
        return None

    def _seconds_to_wait(self) -> float | None:
        dues = [state.pending.due for state in self._states.values() if state.pending is not None]
        dues += [state.held_until for state in self._states.values() if state.held is not None]
        return max(min(dues) - time.monotonic(), 0) if dues else None

    def _analyze_now(self, state: _State, pending: _Pending) -> None:
        document = pending.document
        # Twice in a row it is not given up: somebody who types without a pause sees results, too.
        may_give_up = not state.was_cancelled

        def cancelled() -> bool:
            with self._wake:
                newer = _has_newer(state) and _due(state) <= time.monotonic()
                return self._stopped or self._states.get(document.uri) is not state or (newer and may_give_up)

        analysis = self._analyze(document, state.previous, cancelled)
        with self._wake:
            state.previous = analysis
            state.was_cancelled = analysis.stopped == CANCELLED
            current = self._states.get(document.uri) is state
            if _has_newer(state) or state.was_cancelled or not current:
                return
            state.rounds = state.rounds + 1 if pending.again else 0
            asks = self._ask is not None and bool(analysis.questions) and state.rounds < MAX_ROUNDS
            if pending.again and asks:
                state.held_until = state.held_until if state.held else time.monotonic() + PATIENCE
                state.held = analysis
            else:
                state.held = None
        if self._ask is not None and asks:
            self._ask(analysis.questions)
        if not (pending.again and asks):
            self._publish(analysis)


def _has_newer(state: _State) -> bool:
    return state.pending is not None and not state.pending.again


def _due(state: _State) -> float:
    return state.pending.due if state.pending else 0.0
