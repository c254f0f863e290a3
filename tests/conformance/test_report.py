"""The conformance report adds up what the modules of the suite have written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import report


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "report.jsonl"
    monkeypatch.setenv(report.VARIABLE, str(path))
    return path


def test_counts_of_one_operation_are_added_up_by_family(file: Path) -> None:
    report.record(3, "keras.ops", "add", cases=5, refused=2)
    report.record(3, "keras.ops", "add", cases=4, unknown=1)
    report.record(2, "keras.ops", "add", cases=1)
    parts = report.read(file.read_text().splitlines())
    new, old = parts[3, "keras.ops"], parts[2, "keras.ops"]
    assert (new.cases, new.refused, new.unknown, new.covered) == (9, 2, 1, {"add"})
    assert old.cases == 1


def test_public_operations_without_cases_are_named_with_their_reason(file: Path) -> None:
    report.public(3, "keras.ops", ["add", "map", "scan"], version="Keras 3.15.1", without={"map": "takes a function"})
    report.record(3, "keras.ops", "add", cases=5)
    text = report.render(report.read(file.read_text().splitlines()))
    assert "1 / 3" in text
    assert "keras.ops.map: takes a function" in text
    assert "keras.ops.scan: NO REASON GIVEN" in text


def test_a_disagreement_is_printed_and_fails(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.record(3, "keras.ops", "add", cases=5, disagreements=["SHAPE add(1, 2)"])
    assert report.main(str(file)) == 1
    assert "SHAPE add(1, 2)" in capsys.readouterr().out


def test_nothing_is_written_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(report.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    report.record(3, "keras.ops", "add", cases=5)
    assert not list(tmp_path.iterdir())
