"""Whatever the worker does, there is an answer, a status that says what is wrong, and another try."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shapelens.referee.api import State
from shapelens.referee.live import LiveReferee
from shapelens.referee.settings import Settings
from shapelens.shapes.question import Answer, Question
from tests.referee.asking import layer, question, quick, referee

FAKE = str(Path(__file__).with_name("fake_interpreter.py"))
DENSE = question(layer("Dense", 3))


def fake(behaviour: str, folder: Path) -> list[str]:
    return [sys.executable, FAKE, behaviour, str(folder)]


def starts(folder: Path) -> int:
    return len(list(folder.glob("started-*")))


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def answer_to(live: LiveReferee, told: dict[Question, Answer], asked: Question) -> Answer:
    """What is told when this is asked."""
    told.pop(asked, None)
    live.ask([asked])
    assert live.wait(10)
    return told[asked]


def test_answers_come_late_and_are_remembered(tmp_path: Path) -> None:
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        assert live.answers([DENSE]) == {}
        live.ask([DENSE])
        assert live.wait(10)
        assert told[DENSE].outputs is not None
        assert live.answers([DENSE]) == told
        assert live.status().state is State.RUNNING
        assert "Keras 3.15.1" in live.status().sentence


def test_nothing_is_started_before_something_is_asked(tmp_path: Path) -> None:
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, _):
        assert live.versions(5).keras == "3.15.1"
        assert eventually(lambda: live.status().sentence.endswith("when it is needed"))
        assert live.status().state is State.IDLE
        assert starts(tmp_path) == 0


def test_a_warm_memo_answers_without_a_worker(tmp_path: Path) -> None:
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        answer_to(live, told, DENSE)
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        live.versions(5)
        assert eventually(lambda: bool(live.answers([DENSE])))
        live.ask([DENSE])
        assert live.wait(5)
        assert told[DENSE].outputs is not None
    assert starts(tmp_path) == 1


def test_two_hundred_questions_at_once_from_many_threads(tmp_path: Path) -> None:
    asked = [question(layer("Dense", units)) for units in range(1, 201)]
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        threads = [threading.Thread(target=live.ask, args=(asked[start::2],)) for start in (0, 1, 0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert live.wait(20)
        assert set(told) == set(asked)
    assert starts(tmp_path) == 1


def test_asking_never_waits(tmp_path: Path) -> None:
    with referee(fake("stuck-import", tmp_path), quick(tmp_path)) as (live, _):
        start = time.monotonic()
        live.ask([DENSE])
        live.answers([DENSE])
        live.status()
        assert not live.wait(0.2)
        assert time.monotonic() - start < 1


def test_an_interpreter_that_does_not_exist(tmp_path: Path) -> None:
    with referee([str(tmp_path / "nothing")], quick(tmp_path)) as (live, told):
        live.ask([DENSE])
        assert live.wait(5)
        assert "cannot be run" in (told[DENSE].refused or "")
        assert live.status().state is State.ABSENT


def test_an_interpreter_that_is_no_python(tmp_path: Path) -> None:
    with referee(fake("no-python", tmp_path), quick(tmp_path)) as (live, told):
        live.ask([DENSE])
        assert live.wait(5)
        assert "is not a Python that can be asked" in (told[DENSE].refused or "")
        assert "is not a Python that can be asked" in live.status().sentence


def test_an_interpreter_that_says_nothing(tmp_path: Path) -> None:
    settings = replace(quick(tmp_path), probe=0.3)
    with referee(fake("stuck-probe", tmp_path), settings) as (live, told):
        live.ask([DENSE])
        assert live.wait(5)
        assert "did not say" in (told[DENSE].refused or "")


def test_an_interpreter_without_keras_until_it_is_installed(tmp_path: Path) -> None:
    with referee(fake("no-keras", tmp_path), quick(tmp_path)) as (live, told):
        assert "there is no Keras in" in (answer_to(live, told, DENSE).refused or "")
        assert live.status().state is State.ABSENT
        assert starts(tmp_path) == 0
        (tmp_path / "installed").write_text("", encoding="utf-8")
        assert eventually(lambda: live.answers([DENSE]) == {})
        assert answer_to(live, told, DENSE).outputs is not None


@pytest.mark.parametrize(
    ("behaviour", "state", "words"),
    [
        ("broken", State.ERRORED, "cannot be imported: ImportError: libfoo.so"),
        ("dead", State.ERRORED, "ImportError: something is missing"),
        ("garbage", State.ERRORED, "not a Python that can be asked"),
        ("stuck-import", State.ERRORED, "took longer than"),
    ],
)
def test_a_worker_that_does_not_start(tmp_path: Path, behaviour: str, state: State, words: str) -> None:
    with referee(fake(behaviour, tmp_path), replace(quick(tmp_path), waits=(100.0,))) as (live, told):
        live.ask([DENSE, question(layer("Flatten"))])
        assert live.wait(10)
        assert len(told) == 2
        assert all(words in (answer.refused or "") for answer in told.values())
        status = live.status()
        assert status.state is state
        assert words in status.sentence
        assert "started again in" in status.sentence
        assert live.answers([DENSE]) == {DENSE: told[DENSE]}


@pytest.mark.parametrize("behaviour", ["dead-once", "stuck-import"])
def test_a_worker_that_starts_the_second_time(tmp_path: Path, behaviour: str) -> None:
    with referee(fake(behaviour, tmp_path), replace(quick(tmp_path), start=0.5)) as (live, told):
        live.ask([DENSE])
        assert live.wait(10)
        assert eventually(lambda: live.answers([DENSE]) == {})
        assert answer_to(live, told, DENSE).outputs is not None
        assert live.status().state is State.RUNNING


def test_a_worker_that_dies_once_is_asked_again(tmp_path: Path) -> None:
    once, after = question(layer("DieOnce")), question(layer("Dense", 4))
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        live.ask([DENSE, once, after])
        assert live.wait(10)
        assert all(told[asked].outputs is not None for asked in (DENSE, once, after))
    assert starts(tmp_path) == 2


def test_a_question_that_kills_twice_is_refused_and_not_kept(tmp_path: Path) -> None:
    deadly = question(layer("Die"))
    with referee(fake("good", tmp_path), replace(quick(tmp_path), patience=1.0)) as (live, told):
        live.ask([deadly, DENSE])
        assert live.wait(10)
        assert "exit code 3" in (told[deadly].refused or "")
        assert told[DENSE].outputs is not None
        live.ask([deadly])
        assert live.wait(10)
    assert starts(tmp_path) == 3
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, _):
        live.versions(5)
        assert eventually(lambda: DENSE in live.answers([DENSE]))
        assert live.answers([deadly]) == {}


def test_a_worker_that_is_killed_again_and_again(tmp_path: Path) -> None:
    asked = [question(layer("Dense", units)) for units in range(1, 201)]
    with referee(fake("good", tmp_path), replace(quick(tmp_path), patience=1.0)) as (live, told):
        live.ask(asked)
        for _ in range(8):
            process = live._process
            if process is not None:
                process.kill()
            time.sleep(0.07)
        assert live.wait(20)
        assert set(told) == set(asked)
        assert all(answer.outputs or answer.refused for answer in told.values())
        assert eventually(lambda: answer_to(live, told, DENSE).outputs is not None)
        assert live.status().state is State.RUNNING


def test_a_question_that_takes_too_long(tmp_path: Path) -> None:
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        hanging = question(layer("Hang"))
        live.ask([hanging, DENSE])
        assert live.wait(10)
        assert told[hanging].refused == "no answer within 0.5 s"
        assert told[DENSE].outputs is not None


@pytest.mark.parametrize("name", ["Nonsense", "Garbage", "Other"])
def test_what_is_no_answer_is_a_refusal(tmp_path: Path, name: str) -> None:
    odd = question(layer(name))
    with referee(fake("good", tmp_path), replace(quick(tmp_path), patience=1.0)) as (live, told):
        live.ask([odd, DENSE])
        assert live.wait(10)
        assert told[odd].refused
        assert told[DENSE].outputs is not None


def test_a_worker_that_has_grown_is_replaced(tmp_path: Path) -> None:
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        live.ask([question(layer("Grow")), DENSE])
        assert live.wait(10)
        assert all(answer.outputs is not None for answer in told.values())
    assert starts(tmp_path) == 2


def test_a_worker_that_answered_many_is_replaced(tmp_path: Path) -> None:
    with referee(fake("good", tmp_path), replace(quick(tmp_path), questions=5)) as (live, told):
        live.ask([question(layer("Dense", units)) for units in range(1, 11)])
        assert live.wait(10)
        assert len(told) == 10
    assert starts(tmp_path) == 2


def test_a_worker_that_is_not_asked_gives_its_memory_back(tmp_path: Path) -> None:
    with referee(fake("good", tmp_path), replace(quick(tmp_path), idle=0.2)) as (live, told):
        answer_to(live, told, DENSE)
        assert eventually(lambda: live.status().state is State.IDLE)
        assert answer_to(live, told, question(layer("Dense", 4))).outputs is not None
    assert starts(tmp_path) == 2


def test_refusals_that_pass_are_not_kept(tmp_path: Path) -> None:
    passing = question(layer("Passing"))
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        assert answer_to(live, told, passing).refused == "no memory"
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        live.versions(5)
        time.sleep(0.1)
        assert live.answers([passing]) == {}


def test_what_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    too_long = question(layer("Dense", "x" * 9_000_000))
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        live.ask([too_long])
        assert live.wait(10)
        assert "cannot be asked" in (told[too_long].refused or "")


def test_the_worker_s_noise_goes_to_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="shapelens.referee")
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        answer_to(live, told, question(layer("Noise")))
        assert eventually(lambda: "some noise" in caplog.text)


def test_a_listener_that_fails_harms_nobody(tmp_path: Path) -> None:
    def fail(answers: object) -> None:
        raise ValueError

    live = LiveReferee(fake("good", tmp_path), fail, quick(tmp_path))
    try:
        live.ask([DENSE])
        assert live.wait(10)
        assert live.answers([DENSE])[DENSE].outputs is not None
    finally:
        live.close()


def test_closing_ends_everything_at_once(tmp_path: Path) -> None:
    with referee(fake("stuck-import", tmp_path), Settings(memo=None)) as (live, told):
        live.ask([DENSE])
        assert eventually(lambda: starts(tmp_path) == 1)
        start = time.monotonic()
        live.close()
        live.close()
        assert time.monotonic() - start < 3
        live.ask([DENSE])
        assert not live.answers([DENSE])
        assert told == {}
        assert live.status().state is State.CLOSED


def test_a_folder_that_cannot_be_written_only_costs_the_memo(tmp_path: Path) -> None:
    blocked = tmp_path / "memo"
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    with referee(fake("good", tmp_path), quick(tmp_path)) as (live, told):
        assert answer_to(live, told, DENSE).outputs is not None
        assert str(blocked) in live.status().memo
        assert live.status().memo != str(blocked / "answers.sqlite3")
