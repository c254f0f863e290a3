"""The command line and the installed Keras: asked only when it matters, and for a limited time."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy
import pytest

from shapelens.cli.api import analyze_text, check_text, shapes_text
from shapelens.cli.asking import Asking
from shapelens.cli.check import check
from shapelens.cli.doctor import doctor
from shapelens.cli.main import main
from shapelens.engine.installed import installed_here
from shapelens.referee.api import OnAnswers, State
from shapelens.shapes.question import Answer, Question, Versions
from shapelens.shapes.shape import TensorSpec, shape
from tests.support.fake_referee import FakeReferee

KERAS = Versions(python="3.11.0", keras="3.15.1", tensorflow="2.21.0", numpy="2.3.0")
WHO = "Keras 3.15.1"
HEAD = "import keras\nfrom keras import layers\n\nx = keras.Input((4,))\n"
WRONG = HEAD + "y = layers.Conv2D(3, 2)(x)\n"
UNRULED = HEAD + "y = keras.ops.unruled(x)\n"
RIGHT = HEAD + "y = layers.Dense(3)(x)\n"


def refusing(question: Question) -> Answer:
    return Answer(error="The words of Keras.", error_type="ValueError", version=WHO)


def accepting(question: Question) -> Answer:
    return Answer(outputs=TensorSpec(shape(None, 9), "float32"), version=WHO)


class Opened:
    """An opener of fake referees that remembers what was opened."""

    def __init__(self, later: Callable[[Question], Answer] = refusing, libraries: Versions = KERAS) -> None:
        self.later, self.libraries = later, libraries
        self.commands: list[tuple[str, ...]] = []
        self.referees: list[FakeReferee] = []

    def __call__(self, argv: Sequence[str], on_answers: OnAnswers) -> FakeReferee:
        self.commands.append(tuple(argv))
        self.referees.append(FakeReferee(later=self.later, libraries=self.libraries))
        return self.referees[-1]


def messages(text: str, asking: Asking) -> list[object]:
    found = check_text(text, "program.py", asking)["diagnostics"]
    assert isinstance(found, list)
    return [item["message"] for item in found if isinstance(item, dict)]


def test_a_file_without_questions_opens_nothing() -> None:
    opener = Opened()
    assert messages(RIGHT, Asking(opener=opener)) == []
    assert opener.commands == []


def test_an_error_is_confirmed_by_the_named_python() -> None:
    opener = Opened()
    (message,) = messages(WRONG, Asking("/some/python", opener=opener))
    assert str(message).endswith("\nKeras 3.15.1: The words of Keras.")
    assert opener.commands == [("/some/python",)]


def test_what_keras_accepts_is_no_error() -> None:
    assert messages(WRONG, Asking(opener=Opened(accepting))) == []


def test_shapes_come_from_keras_where_no_rule_knows() -> None:
    sites = shapes_text(UNRULED, "program.py", Asking(opener=Opened(accepting)))["sites"]
    assert isinstance(sites, list)
    assert [site["output_shape"] for site in sites if isinstance(site, dict)] == [[None, 4], [None, 9]]


def test_without_keras_nothing_changes() -> None:
    for libraries in (Versions(), Versions(python="3.12.0", numpy="2.3.0")):
        assert messages(WRONG, Asking(opener=Opened(libraries=libraries))) == messages(WRONG, Asking(None))


def test_several_files_share_a_referee_and_its_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "ab":
        (tmp_path / f"{name}.py").write_text(WRONG)
    opener = Opened()
    asking = Asking(opener=opener)
    assert check([str(tmp_path)], "text", asking) == 1
    asking.close()
    assert len(opener.commands) == 1
    assert opener.referees[0].closed
    assert capsys.readouterr().out.count("= Keras 3.15.1: The words of Keras.") == 2


def test_a_silent_keras_is_not_waited_for_longer_than_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Silent(FakeReferee):
        def wait(self, seconds: float) -> bool:
            time.sleep(min(seconds, 0.3))
            return False

    for name in "abc":
        (tmp_path / f"{name}.py").write_text(WRONG)
    asking = Asking(left=0.3, opener=lambda argv, on_answers: Silent(libraries=KERAS))
    started = time.monotonic()
    assert check([str(tmp_path)], "text", asking) == 1
    assert time.monotonic() - started < 3
    captured = capsys.readouterr()
    assert captured.out.count("= raises: ") == 3
    assert captured.err.count("Keras did not answer in time") == 3


def test_which_versions_are_here_is_seen_without_asking() -> None:
    versions = installed_here().versions
    assert versions.python == platform.python_version()
    assert versions.numpy == numpy.__version__


def test_another_python_is_asked_for_its_versions_alone() -> None:
    opener = Opened(libraries=Versions(python="3.11.0", keras="2.15.0"))
    analysis = analyze_text(RIGHT, "program.py", Asking("/some/python", opener=opener))
    assert analysis.installed.versions.keras == "2.15.0"
    assert opener.referees[0].asked == []


def test_the_family_can_be_forced() -> None:
    keras_3 = Opened()
    assert analyze_text(WRONG, "program.py", Asking("python", 2, opener=keras_3)).installed.versions.family == 2
    assert keras_3.referees[0].asked == []
    keras_2 = Opened(libraries=Versions(python="3.11.0", keras="2.15.0"))
    analyze_text(WRONG, "program.py", Asking("python", 2, opener=keras_2))
    assert keras_2.referees[0].asked
    assert analyze_text(WRONG, "program.py", Asking(None, 2)).installed.versions.family == 2


def test_options_say_whom_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    asked: list[Asking] = []

    def noted(paths: Sequence[str], output_format: str, asking: Asking) -> int:
        asked.append(asking)
        return 0

    monkeypatch.setattr("shapelens.cli.check.check", noted)
    for options in ([], ["--no-keras"], ["--python", "/p"], ["--keras-version", "2"]):
        assert main(["check", str(path), *options]) == 0
    assert [asking.python is None for asking in asked] == [False, True, False, False]
    assert asked[2].python == "/p"
    assert [asking.family for asking in asked] == [None, None, None, 2]
    assert main_exits(["check", str(path), "--keras-version", "4"]) == 2


def main_exits(arguments: list[str]) -> object:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    return raised.value.code


def dense(question: Question) -> Answer:
    units = question.call.function.args[0].value  # type: ignore[union-attr]
    return Answer(outputs=TensorSpec(shape(None, units), "float32"), version=WHO)  # type: ignore[arg-type]


def test_the_doctor_finds_all_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    opener = Opened(dense)
    assert doctor("/some/python", "text", opener) == 0
    assert opener.referees[0].closed
    out = capsys.readouterr().out
    assert "It has Keras 3.15.1, TensorFlow 2.21.0, NumPy 2.3.0.\n" in out
    assert "Keras can be asked: the first answer came after 0.0 seconds.\n" in out


def test_the_doctor_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(None, "json", Opened(dense)) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {
        *("shapelens", "interpreter", "python", "keras", "tensorflow", "numpy", "state", "message"),
        *("worker_starts", "first_answer_seconds", "memo", "memo_bytes", "trouble"),
    }
    assert (found["keras"], found["worker_starts"], found["trouble"]) == ("3.15.1", True, [])


def test_the_doctor_says_what_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(None, "text", Opened(lambda question: Answer(refused="the worker died"))) == 1
    assert "Broken: Keras did not answer: the worker died.\n" in capsys.readouterr().out


def test_no_keras_is_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    def opener(argv: Sequence[str], on_answers: OnAnswers) -> FakeReferee:
        return FakeReferee(libraries=Versions(python="3.11.0"), state=State.ABSENT)

    assert doctor(None, "text", opener) == 0
    assert "those of Keras 3.15" in capsys.readouterr().out


def test_a_python_that_is_none_is_broken() -> None:
    def opener(argv: Sequence[str], on_answers: OnAnswers) -> FakeReferee:
        return FakeReferee(libraries=Versions(), state=State.ABSENT)

    assert doctor("/nowhere/python", "text", opener) == 1
