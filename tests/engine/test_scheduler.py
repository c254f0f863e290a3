"""The scheduler: debounced, newest only, off the caller's thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import CANCELLED
from shapelens.engine.scheduler import Delays, Scheduler
from shapelens.text import Document, Layout, document


class Recorder:
    """Analyses as slowly as it is told, and notes what was started and published."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.started: list[int] = []
        self.published: list[int] = []
        self.previous: list[Analysis | None] = []
        self.threads: set[int] = set()

    def analyze(self, doc: Document, previous: Analysis | None, cancelled: Callable[[], bool]) -> Analysis:
        self.started.append(doc.version)
        self.previous.append(previous)
        self.threads.add(threading.get_ident())
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            if cancelled():
                return Analysis(doc, Layout(), stopped=CANCELLED)
            time.sleep(0.005)
        return Analysis(doc, Layout())

    def publish(self, analysis: Analysis) -> None:
        self.published.append(analysis.document.version)


def revision(version: int, uri: str = "u") -> Document:
    return document(uri, "text", version)


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def test_a_burst_of_edits_is_one_analysis_of_the_newest() -> None:
    recorder = Recorder()
    scheduler = Scheduler(recorder.analyze, recorder.publish, Delays(0.1, 5))
    for version in range(10):
        scheduler.submit(revision(version))
    assert recorder.started == []
    eventually(lambda: recorder.published == [9])
    assert recorder.started == [9]
    assert threading.get_ident() not in recorder.threads
    scheduler.stop()


def test_typing_without_a_pause_is_analysed_after_the_longest_wait() -> None:
    recorder = Recorder()
    scheduler = Scheduler(recorder.analyze, recorder.publish, Delays(0.2, 0.4))
    end = time.monotonic() + 1.5
    version = 0
    while time.monotonic() < end:
        version += 1
        scheduler.submit(revision(version))
        time.sleep(0.02)
    assert 2 <= len(recorder.started) <= 5
    scheduler.stop()


def test_a_stale_analysis_is_given_up_but_not_twice_in_a_row() -> None:
    recorder = Recorder(0.3)
    scheduler = Scheduler(recorder.analyze, recorder.publish, Delays(0, 0))
    scheduler.submit(revision(1))
    eventually(lambda: recorder.started == [1])
    scheduler.submit(revision(2))
    eventually(lambda: recorder.started == [1, 2])
    scheduler.submit(revision(3))
    eventually(lambda: recorder.published == [3])
    assert recorder.started == [1, 2, 3]
    assert recorder.previous[1] is not None
    assert recorder.previous[1].stopped == CANCELLED
    assert recorder.previous[2] is not None
    assert recorder.previous[2].stopped is None
    scheduler.stop()


def test_documents_do_not_wait_for_each_other_s_pauses() -> None:
    recorder = Recorder()
    scheduler = Scheduler(recorder.analyze, recorder.publish, Delays(30, 60))
    scheduler.submit(revision(1, "a"))
    scheduler.submit(revision(2, "b"), at_once=True)
    eventually(lambda: recorder.published == [2])
    scheduler.stop()


def test_a_closed_document_is_not_published() -> None:
    recorder = Recorder(0.2)
    scheduler = Scheduler(recorder.analyze, recorder.publish, Delays(0, 0))
    scheduler.submit(revision(1))
    eventually(lambda: recorder.started == [1])
    scheduler.forget("u")
    scheduler.submit(revision(2, "other"))
    eventually(lambda: recorder.published == [2])
    scheduler.stop()


def test_a_broken_analysis_does_not_end_the_worker() -> None:
    recorder = Recorder()

    def broken(doc: Document, previous: Analysis | None, cancelled: Callable[[], bool]) -> Analysis:
        if doc.version == 1:
            raise RuntimeError("as asked")
        return recorder.analyze(doc, previous, cancelled)

    scheduler = Scheduler(broken, recorder.publish, Delays(0, 0))
    scheduler.submit(revision(1))
    time.sleep(0.1)
    scheduler.submit(revision(2))
    eventually(lambda: recorder.published == [2])
    scheduler.stop()
