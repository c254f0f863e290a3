"""Answers of the installed library: in any order, late, never; and the outcome is that of a fresh analysis."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import analyze, default_interpreter
from shapelens.engine.consultant import Consultant
from shapelens.engine.examine import examine
from shapelens.engine.fixes import Edit, Fix, verified_fixes
from shapelens.engine.installed import Installed, installed_by
from shapelens.engine.scheduler import Delays, Scheduler
from shapelens.engine.settle import settled
from shapelens.interp.result import UnitResult
from shapelens.referee.api import OnAnswers, State
from shapelens.shapes.question import Answer, Constant, Name, Question, Versions
from shapelens.shapes.shape import TensorSpec, shape
from shapelens.text import Document, Unit, document
from tests.support.fake_referee import FakeReferee
from tests.support.plain import plain

KERAS = Versions(python="3.11.0", keras="3.15.1", tensorflow="2.21.0", numpy="2.3.0")
KERAS_2 = Versions(python="3.11.0", keras="2.15.0", tensorflow="2.15.0", numpy="1.26.0")
WHO = "Keras 3.15.1"

PROGRAM = """\
import keras
from keras import layers

def block(x, units):
    y = keras.ops.unruled(x, units)
    return layers.Dense(units)(y)

x = keras.Input((4,))
y = layers.Conv2D(3, 2)(x)
z = block(x, 5)
w = block(z, 6)
v = keras.ops.refusing(w)
u = keras.ops.never(x)
d = layers.Dense(-3)
"""


def verdict(question: Question) -> Answer:
    """A Keras of its own: it refuses `Conv2D`, accepts the rest; what it gives depends on what it is given."""
    text = repr(question)
    if "refusing" in text or "Conv2D" in text:
        return Answer(error="Keras says no.", error_type="ValueError", version=WHO)
    if "never" in text:
        return Answer(refused="the time was up", version=WHO)
    if "Dense" in text:
        return Answer(value=Name("keras.layers.Dense"), version=WHO)
    last = question.call.args[-1]
    size = last.value if isinstance(last, Constant) and isinstance(last.value, int) else 1
    return Answer(outputs=TensorSpec(shape(None, size), "float32"), version=WHO)


def fake(**others: object) -> FakeReferee:
    return FakeReferee(**{"later": verdict, "libraries": KERAS, **others})  # type: ignore[arg-type]


def fresh(text: str, referee: FakeReferee) -> Analysis:
    """The analysis with every answer at hand."""

    def answer(question: Question) -> Answer:
        return referee._answer(question)

    return analyze(document("u", text), installed=Installed(KERAS, answer))


def codes(analysis: Analysis) -> list[tuple[str, str | None]]:
    return [(at.problem.failure.code, at.problem.failure.confirmed) for at in analysis.problems]


def test_known_answers_are_there_at_once() -> None:
    complete = fresh(PROGRAM, fake())
    assert complete.questions == ()
    assert codes(complete) == [("rank-mismatch", WHO), ("keras-refuses", WHO)]


def test_what_is_not_known_yet_is_listed_and_hinders_nothing() -> None:
    analysis = analyze(document("u", PROGRAM), installed=installed_by(fake()))
    assert "y" not in {at.site.name for at in analysis.sites if at.site.output}
    assert codes(analysis) == [("rank-mismatch", None), ("invalid-argument", None)]
    # What comes after a first question is asked when that is answered.
    assert [question.call.args[-1] for question in analysis.questions if "unruled" in repr(question)] == [Constant(5)]


def test_only_what_asked_is_interpreted_again() -> None:
    referee = fake()
    before = analyze(document("u", PROGRAM), installed=installed_by(referee))
    referee.ask([question for question in before.questions if "unruled" in repr(question)])
    referee.deliver()
    ran: list[str] = []
    real = default_interpreter()

    def run_unit(unit: Unit, *others: Any) -> UnitResult:
        ran.append(unit.text.strip().splitlines()[0])
        return real.run_unit(unit, *others)

    interpreter = replace(real, run_unit=run_unit)
    analyze(document("u", PROGRAM), before, installed=installed_by(referee), interpreter=interpreter)
    assert ran == ["z = block(x, 5)", "w = block(z, 6)"]


@given(st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_answers_in_any_order_end_like_a_fresh_analysis(random: Random, batch: int) -> None:
    referee = fake()
    text = PROGRAM
    analysis = analyze(document("u", text), installed=installed_by(referee))
    for _ in range(50):
        if not analysis.questions:
            break
        chosen = random.sample(analysis.questions, min(batch, len(analysis.questions)))
        referee.ask(chosen)
        referee.deliver()
        if random.random() < 0.3:
            text = text.replace("block(x, 5)", f"block(x, {random.randint(5, 9)})")
        analysis = analyze(document("u", text), analysis, installed=installed_by(referee))
    assert plain(analysis) == plain(fresh(text, referee))


def test_another_library_is_another_analysis() -> None:
    text = "import keras\nx = keras.Input((4,))\ny = keras.ops.unruled(x, 3)\n"
    referee = fake()
    before = settled(analyze(document("u", text)), referee, seconds=5)
    nobody = analyze(document("u", text), before)
    assert plain(nobody) == plain(analyze(document("u", text)))
    assert plain(nobody) != plain(before)
    assert before.asks
    assert not analyze(document("u", "import keras\nx = keras.Input((4,))\n")).asks
    assert analyze(document("u", "import tf_keras\n")).minds_versions


def test_a_family_that_is_not_installed_is_not_asked() -> None:
    assert installed_by(fake(), 2).known is None
    assert installed_by(fake(), 2).versions.family == 2
    assert installed_by(fake(libraries=KERAS_2), 2).known is not None
    assert installed_by(fake(libraries=KERAS_2), 3).known is None
    assert installed_by(fake(libraries=Versions(numpy="2.3.0"))).known is None


# Callers that wait


def test_settling_asks_until_nothing_is_open() -> None:
    referee = fake()
    analysis = settled(analyze(document("u", PROGRAM)), referee, seconds=5)
    assert analysis.questions == ()
    assert plain(analysis) == plain(fresh(PROGRAM, referee))
    assert len(referee.asked) == len(set(referee.asked))


def test_settling_ends_when_nobody_answers() -> None:
    class Silent(FakeReferee):
        def wait(self, seconds: float) -> bool:
            return False

    referee = Silent(libraries=KERAS)
    analysis = settled(analyze(document("u", PROGRAM)), referee, seconds=5)
    assert analysis.questions
    assert codes(analysis) == [("rank-mismatch", None), ("invalid-argument", None)]


def test_settling_ends_although_each_answer_raises_a_question() -> None:
    text = "import keras\nx = keras.Input((4,))\nwhile len(x.shape) < 3:\n    x = keras.ops.unruled(x, 3)\n"
    analysis = settled(analyze(document("u", text)), fake(), seconds=5)
    assert analysis.stopped is None


# Quick fixes


def offered(old: str, new: str, text: str, referee: FakeReferee) -> bool:
    analysis = settled(analyze(document("u", text)), referee, seconds=5)
    start = text.index(old)
    fix = Fix("it", (Edit(start, start + len(old), new),))
    return bool(verified_fixes(analysis, analysis.problems[0], proposals=lambda problem, analysis: [fix]))


def test_a_fix_is_tried_with_what_is_known() -> None:
    text = "import keras\nx = keras.Input((4,))\ny = keras.layers.Conv2D(3, 2)(x)\n"
    new = fake(later=lambda q: verdict(q) if "Conv2D" in repr(q) else Answer(refused="not asked"))
    # A new question counts as no problem; an answer that is known counts.
    assert offered("keras.layers.Conv2D(3, 2)(x)", "keras.ops.refusing(x)", text, new)
    known = fake()
    settled(analyze(document("u", text.replace("layers.Conv2D(3, 2)", "ops.refusing"))), known, seconds=5)
    assert not offered("keras.layers.Conv2D(3, 2)(x)", "keras.ops.refusing(x)", text, known)


# Time


class Published:
    """A scheduler with a referee whose answers come when the test says so."""

    def __init__(self) -> None:
        self.analyses: list[Analysis] = []
        self.referee = fake(on_answers=lambda answers: self.scheduler.recheck(answers.keys()))
        self.scheduler = Scheduler(self.analyze, self.analyses.append, Delays(0, 0), ask=self.ask)

    def analyze(self, doc: Document, previous: Analysis | None, cancelled: Callable[[], bool]) -> Analysis:
        return analyze(doc, previous, cancelled=cancelled, installed=installed_by(self.referee))

    def ask(self, questions: Collection[Question]) -> None:
        self.referee.ask(questions)


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def deliver_all(published: Published) -> None:
    """Answers in rounds, as the worker would, until nothing is asked any more."""
    quiet = time.monotonic() + 0.4
    while time.monotonic() < quiet:
        if published.referee.deliver():
            quiet = time.monotonic() + 0.4
        time.sleep(0.01)


def test_late_answers_are_published_once() -> None:
    published = Published()
    published.scheduler.submit(document("u", PROGRAM, 1))
    eventually(lambda: len(published.analyses) == 1)
    assert published.analyses[0].questions
    deliver_all(published)
    eventually(lambda: len(published.analyses) == 2)
    assert published.analyses[1].questions == ()
    assert plain(published.analyses[1]) == plain(fresh(PROGRAM, published.referee))
    published.scheduler.stop()


def test_answers_that_go_on_coming_are_not_kept_back_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shapelens.engine.scheduler.PATIENCE", 0.1)
    published = Published()
    published.scheduler.submit(document("u", PROGRAM, 1))
    eventually(lambda: len(published.analyses) == 1)
    published.referee.deliver()
    eventually(lambda: len(published.analyses) == 2)
    assert published.analyses[1].questions
    published.scheduler.stop()


def test_answers_for_a_revision_that_is_gone_analyse_the_new_one_only() -> None:
    published = Published()
    published.scheduler.submit(document("u", PROGRAM, 1))
    eventually(lambda: len(published.analyses) == 1)
    published.scheduler.submit(document("u", "x = 1\n", 2))
    eventually(lambda: len(published.analyses) == 2)
    published.referee.deliver()
    time.sleep(0.3)
    assert [analysis.document.version for analysis in published.analyses] == [1, 2]
    published.scheduler.stop()


def test_a_session_asks_the_interpreter_that_it_is_told() -> None:
    opened: list[tuple[str, ...]] = []
    referees: list[FakeReferee] = []
    news: list[Collection[Question] | None] = []

    def opener(argv: Sequence[str], on_answers: OnAnswers) -> FakeReferee:
        opened.append(tuple(argv))
        referees.append(fake(on_answers=on_answers))
        return referees[-1]

    consultant = Consultant(news.append, opener)
    assert consultant.installed().known is None
    consultant.use(("python",))
    consultant.use(("python",))
    eventually(lambda: news == [None])
    assert opened == [("python",)]
    (question, *_) = analyze(document("u", PROGRAM), installed=consultant.installed()).questions
    consultant.ask((question,))
    referees[0].deliver()
    assert list(news[-1] or ()) == [question]
    consultant.ask((question,))
    assert len(news) == 3, "what is known by now is news, too"
    consultant.use(None)
    eventually(lambda: len(news) == 4)
    assert referees[0].closed
    assert consultant.installed().known is None


def test_a_referee_that_cannot_be_opened_is_none(caplog: pytest.LogCaptureFixture) -> None:
    def opener(argv: Sequence[str], on_answers: OnAnswers) -> FakeReferee:
        raise OSError("as asked")

    consultant = Consultant(lambda answered: None, opener)
    consultant.use(("python",))
    assert consultant.installed().known is None
    assert consultant.status().state is State.ABSENT
    assert "as asked" in caplog.text


# The doctor


def test_an_examination_asks_something_new() -> None:
    def dense(question: Question) -> Answer:
        layer = question.call.function
        units = layer.args[0].value  # type: ignore[union-attr]
        return Answer(outputs=TensorSpec(shape(None, units), "float32"), version=WHO)  # type: ignore[arg-type]

    found = examine(fake(later=dense))
    assert (found.starts, found.trouble) == (True, ())
    assert found.seconds is not None


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Answer(refused="it died"), "it died"),
        (Answer(error="broken", error_type="ImportError"), "broken"),
        (Answer(outputs=TensorSpec(shape(None, 1), "float32")), "a wrong answer"),
    ],
)
def test_an_examination_says_what_is_broken(answer: Answer, trouble: str) -> None:
    found = examine(fake(later=lambda question: answer))
    assert found.starts is False
    assert trouble in found.trouble[0]


def test_an_examination_without_keras_is_in_order() -> None:
    found = examine(fake(libraries=Versions(python="3.11.0"), state=State.ABSENT))
    assert (found.starts, found.trouble) == (None, ())
