"""The referee itself: one thread that owns the worker, and what everybody else may ask of it."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence

from shapelens.referee.api import OnAnswers, State, Status
from shapelens.referee.memo import Keys, Memo
from shapelens.referee.process import Gone, Process, TimeUp, TooMuch, probe_versions
from shapelens.referee.protocol import ProtocolError, Wire, decode_scalar
from shapelens.referee.settings import Settings
from shapelens.referee.wire import answer_from_wire, question_to_wire, versions_from_wire
from shapelens.shapes.question import NEWEST, Answer, Question, Versions

logger = logging.getLogger("shapelens.referee")
MAX_REMEMBERED = 20_000
# A worker that answered so many was healthy: its end is not one of a row of failures.
HEALTHY = 20


class LiveReferee:
    """See `api.Referee`. ``_lock`` guards every field but those of the thread, which come last."""

    def __init__(self, argv: Sequence[str], on_answers: OnAnswers, settings: Settings | None = None) -> None:
        self._argv = tuple(argv)
        self._on_answers = on_answers
        self._settings = settings or Settings()
        self._lock = threading.Condition()
        self._known: OrderedDict[Question, Answer] = OrderedDict()
        # Refusals for a reason that passes, and until when they hold.
        self._passing: dict[Question, tuple[Answer, float]] = {}
        self._queue: deque[Question] = deque()
        self._pending: set[Question] = set()
        self._state, self._sentence = State.IDLE, "not started yet"
        self._versions: Versions | None = None
        self._keys: Keys | None = None
        self._closed = False
        self._process: Process | None = None
        self._memo = Memo(self._settings.memo) if self._settings.memo else None
        self._probed = 0.0
        self._failures = 0
        self._not_before = 0.0
        self._served = 0
        self._baseline = 0
        self._deaths: dict[Question, int] = {}
        self._untold: dict[Question, Answer] = {}
        self._unkept: list[tuple[bytes, Answer]] = []
        self._untold_since = 0.0
        self._thread = threading.Thread(target=self._run, name="referee", daemon=True)
        self._thread.start()

    def versions(self, seconds: float = 0.0) -> Versions:
        """See `api.Referee`."""
        with self._lock:
            self._lock.wait_for(lambda: self._versions is not None or self._closed, seconds)
            return self._versions or NEWEST

    def answers(self, questions: Iterable[Question]) -> dict[Question, Answer]:
        """See `api.Referee`."""
        found: dict[Question, Answer] = {}
        others: list[Question] = []
        now = time.monotonic()
        with self._lock:
            keys = self._keys
            for question in questions:
                known = self._known.get(question)
                if known is None and question in self._passing:
                    answer, end = self._passing[question]
                    known = answer if now < end else None
                if known is None:
                    others.append(question)
                else:
                    found[question] = known
        if others and keys is not None and self._memo is not None:
            kept = self._memo.get({question: key for question in others if (key := keys.key(question))})
            with self._lock:
                for question, answer in kept.items():
                    self._remember(question, answer)
            found.update(kept)
        return found

    def ask(self, questions: Iterable[Question]) -> None:
        """See `api.Referee`."""
        with self._lock:
            if self._closed:
                return
            for question in questions:
                if question not in self._pending:
                    self._pending.add(question)
                    self._queue.append(question)
            self._lock.notify_all()

    def wait(self, seconds: float) -> bool:
        """See `api.Referee`."""
        with self._lock:
            self._lock.wait_for(lambda: not self._pending or self._closed, seconds)
            return not self._pending

    def status(self) -> Status:
        """See `api.Referee`."""
        with self._lock:
            sentence = self._sentence
            waiting = self._not_before - time.monotonic()
            if self._state in (State.ERRORED, State.EXITED):
                sentence += f"; it is started again in {waiting:.0f} s" if waiting > 1 else "; it is started again"
            return Status(
                self._state,
                sentence,
                self._argv[0],
                self._versions or NEWEST,
                len(self._pending),
                self._memo.where if self._memo else "answers are not kept",
            )

    def close(self) -> None:
        """See `api.Referee`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._state, self._sentence = State.CLOSED, "closed"
            self._queue.clear()
            process = self._process
            self._lock.notify_all()
        if process is not None:
            process.kill()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=2)

    # From here on: the referee's own thread.

    def _run(self) -> None:
        try:
            self._probe()
            while self._next():
                pass
        except Exception:
            logger.exception("the referee's thread has a defect")
            with self._lock:
                self._state, self._sentence = State.ERRORED, "the referee has a defect; see the log"
        finally:
            self._end_process()
            if self._memo is not None:
                self._memo.close()
            self.close()

    def _next(self) -> bool:
        """Deal with one question, or wait for one; whether to go on."""
        with self._lock:
            if not self._queue and not self._untold:
                asked = self._lock.wait_for(lambda: bool(self._queue) or self._closed, self._settings.idle)
                if not asked and self._process is not None:
                    self._set(State.IDLE, f"{self._name()} is asked when it is needed")
            if self._closed:
                return False
            question = self._queue.popleft() if self._queue else None
            idle = self._state is State.IDLE
        if question is None:
            self._tell()
            if idle:
                self._end_process()
            return True
        known = self.answers([question]).get(question)
        if known is not None:
            self._answered(question, known, keep=False)
        else:
            self._ask_worker(question)
        self._tell(only_after=self._settings.tell)
        return True

    def _ask_worker(self, question: Question) -> None:
        try:
            message = {"id": self._served, **question_to_wire(question)}
        except ProtocolError as error:
            self._answered(question, Answer(refused=f"it cannot be asked: {error}"), keep=False)
            return
        if not self._started():
            self._refuse_all(question)
            return
        process = self._process
        assert process is not None
        try:
            process.send(message)
            reply = process.receive(self._settings.answer)
            if reply.get("id") != message["id"]:
                raise Gone("the worker answers what it was not asked")
            answer = answer_from_wire(reply.get("answer"))
        except (TimeUp, TooMuch) as problem:
            self._end_process()
            reason = str(problem) or f"no answer within {self._settings.answer:g} s"
            self._set(State.IDLE, f"{self._name()} is asked when it is needed")
            # A machine that was busy for a while may be faster later; what takes too much memory always will.
            end = time.monotonic() + self._settings.again if isinstance(problem, TimeUp) else None
            self._answered(question, Answer(refused=reason), keep=False, until=end)
            return
        except ProtocolError as error:
            self._answered(question, Answer(refused=f"it cannot be asked: {error}"), keep=False)
            return
        except Gone as gone:
            self._died(question, str(gone))
            return
        self._served += 1
        if self._served >= HEALTHY:
            self._failures = 0
        self._answered(question, answer, keep=reply.get("keep") is True)
        self._recycle(decode_scalar(reply.get("memory")))

    def _died(self, question: Question, reason: str) -> None:
        """A worker that is killed from outside is no fault of the question, which gets a second try."""
        self._deaths[question] = self._deaths.get(question, 0) + 1
        self._failures = self._failures + 1 if self._served < HEALTHY else 1
        self._failed(State.EXITED, reason)
        if self._deaths[question] < 2:
            with self._lock:
                self._queue.appendleft(question)
        else:
            self._answered(question, Answer(refused=reason), keep=False)

    def _started(self) -> bool:
        """Whether there is a worker that is ready."""
        if self._process is not None:
            return True
        absent = self._state is State.ABSENT
        if absent and time.monotonic() - self._probed > self._settings.absent:
            self._probe()
            absent = self._state is State.ABSENT
        if absent or not self._patient():
            return False
        self._set(State.STARTING, f"importing {self._name()}")
        try:
            process = Process(self._argv)
            with self._lock:
                self._process = process
                closed = self._closed
            if closed:
                process.kill()
            self._handshake(process)
        except (Gone, ProtocolError) as problem:
            # The first wait is none, for a worker that was killed; one that does not start needs some.
            self._failures = max(self._failures + 1, 2)
            self._failed(State.ERRORED, str(problem))
            return False
        return True

    def _handshake(self, process: Process) -> None:
        try:
            message = process.receive(self._settings.alive)
            if message != {"alive": True}:
                process.kill()
                raise Gone(f"{self._argv[0]} is not a Python that can be asked")
        except TimeUp:
            raise Gone(f"{self._argv[0]} did not start within {self._settings.alive:g} s") from None
        try:
            message = process.receive(self._settings.start)
        except TimeUp:
            raise Gone(f"importing {self._name()} took longer than {self._settings.start:g} s") from None
        if "broken" in message:
            raise Gone(f"{self._name()} cannot be imported: {message['broken']}")
        versions = versions_from_wire(message.get("ready"))
        memory = decode_scalar(message.get("memory"))
        self._served, self._baseline = 0, memory if isinstance(memory, int) else 0
        self._found(versions)
        self._set(State.RUNNING, f"{self._name()} answers")

    def _patient(self) -> bool:
        """Wait for the end of the back-off, if that is soon; whether it is over."""
        left = self._not_before - time.monotonic()
        if left > self._settings.patience:
            return False
        with self._lock:
            return left <= 0 or not self._lock.wait_for(lambda: self._closed, left)

    def _failed(self, state: State, reason: str) -> None:
        if not self._closed:
            logger.warning("%s", reason)
        waits = self._settings.waits
        self._not_before = time.monotonic() + waits[min(max(self._failures, 1), len(waits)) - 1]
        self._end_process()
        self._set(state, reason)

    def _refuse_all(self, question: Question) -> None:
        """Nobody can answer for a while: say so to all who wait."""
        with self._lock:
            waiting = [question, *self._queue]
            self._queue.clear()
            reason = self._sentence
            absent = self._state is State.ABSENT
            end = self._probed + self._settings.absent if absent else self._not_before
        for one in waiting:
            self._answered(one, Answer(refused=reason), keep=False, until=end)

    def _answered(self, question: Question, answer: Answer, keep: bool, until: float | None = None) -> None:
        """``keep``: it is the library's word, and holds for these versions; ``until``: only for a while."""
        with self._lock:
            if self._closed:
                return
            if until is None:
                self._remember(question, answer)
            else:
                self._passing = {key: held for key, held in self._passing.items() if held[1] > time.monotonic()}
                self._passing[question] = answer, until
            keys = self._keys
        if not self._untold:
            self._untold_since = time.monotonic()
        self._untold[question] = answer
        key = keys.key(question) if keep and keys is not None else None
        if key is not None:
            self._unkept.append((key, answer))

    def _tell(self, only_after: float = 0.0) -> None:
        """Hand over the answers; while more are to come, not too often."""
        with self._lock:
            more = bool(self._queue)
        if not self._untold or (more and time.monotonic() - self._untold_since < only_after):
            return
        told, self._untold = self._untold, {}
        if self._memo is not None and self._unkept:
            self._memo.put(self._unkept)
        self._unkept = []
        try:
            self._on_answers(told)
        except Exception:
            logger.exception("the answers were not taken")
        with self._lock:
            self._pending.difference_update(told)
            self._lock.notify_all()

    def _recycle(self, memory: Wire) -> None:
        grown = isinstance(memory, int) and memory > self._baseline + self._settings.growth
        if grown or self._served >= self._settings.questions:
            logger.info("the worker is replaced after %d questions", self._served)
            self._end_process()
            self._set(State.IDLE, f"{self._name()} is asked when it is needed")

    def _end_process(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.dispose()

    def _probe(self) -> None:
        self._probed = time.monotonic()
        try:
            versions = probe_versions(self._argv, self._settings.probe)
        except Gone as gone:
            self._found(NEWEST)
            self._set(State.ABSENT, str(gone))
            return
        self._found(versions)
        if versions.keras:
            self._set(State.IDLE, f"{self._name()} is asked when it is needed")
        else:
            self._set(State.ABSENT, f"there is no Keras in {self._argv[0]}")

    def _found(self, versions: Versions) -> None:
        with self._lock:
            if versions != self._versions:
                self._keys = Keys(versions)
            self._versions = versions
            self._lock.notify_all()

    def _set(self, state: State, sentence: str) -> None:
        with self._lock:
            if not self._closed:
                self._state, self._sentence = state, sentence

    def _name(self) -> str:
        versions = self._versions or NEWEST
        tensorflow = f" (TensorFlow {versions.tensorflow})" if versions.tensorflow else ""
        return f"Keras {versions.keras}{tensorflow}" if versions.keras else "Keras"

    def _remember(self, question: Question, answer: Answer) -> None:
        self._known[question] = answer
        if len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)
