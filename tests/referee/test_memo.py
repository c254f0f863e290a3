"""The file of the memo: shared, bounded, and never a reason to fail."""

from __future__ import annotations

import multiprocessing
import sqlite3
import sys
from pathlib import Path

import pytest

from shapelens.referee.memo import Keys, Memo
from shapelens.referee.settings import cache_folder
from shapelens.shapes.question import Answer, Question, Versions
from tests.referee.asking import layer, question

VERSIONS = Versions("3.11", "3.15.1", "2.21.0", "2.4.6")
NO = Answer(error="no", error_type="ValueError", version="Keras 3.15.1")


def dense(units: int) -> Question:
    return question(layer("Dense", units))


def key(asked: Question, versions: Versions = VERSIONS) -> bytes:
    found = Keys(versions).key(asked)
    assert found is not None
    return found


def look(memo: Memo, asked: Question) -> Answer | None:
    return memo.get({asked: key(asked)}).get(asked)


def test_an_answer_is_kept_for_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "memo.sqlite3"
    memo = Memo(path)
    memo.put([(key(dense(3)), NO)])
    assert look(memo, dense(3)) == NO
    memo.close()
    again = Memo(path)
    assert look(again, dense(3)) == NO
    assert look(again, dense(4)) is None
    assert again.where == str(path)
    again.close()


def test_an_answer_holds_for_its_versions_only() -> None:
    others = [Versions("3.11", "2.15.0", "2.15.1", "1.26"), Versions("3.12", "3.15.1", "2.21.0", "2.4.6")]
    assert len({key(dense(3)), *(key(dense(3), other) for other in others)}) == 3


def test_an_answer_holds_for_one_configuration_of_keras_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    before = key(dense(3))
    (tmp_path / "keras.json").write_text('{"image_data_format": "channels_first"}', encoding="utf-8")
    assert key(dense(3)) != before


def test_the_oldest_make_room(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo.sqlite3", limit=50)
    for start in range(0, 200, 10):
        memo.put([(key(dense(units)), NO) for units in range(start, start + 10)])
    kept = [units for units in range(200) if look(memo, dense(units))]
    assert len(kept) <= 60
    assert kept == list(range(kept[0], 200))
    memo.close()


def _write(path: Path, start: int) -> None:
    memo = Memo(path)
    for units in range(start, start + 50):
        memo.put([(key(dense(units)), NO)])
    memo.close()


def test_several_servers_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "memo.sqlite3"
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write, args=(path, start)) for start in (0, 50, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    memo = Memo(path)
    assert all(look(memo, dense(units)) == NO for units in range(150))
    assert memo.problem is None
    memo.close()


@pytest.mark.parametrize(
    "content", [b"this is no database, but a long text " * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_broken_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "memo.sqlite3"
    path.write_bytes(content)
    memo = Memo(path)
    memo.put([(key(dense(3)), NO)])
    assert look(memo, dense(3)) == NO
    memo.close()
    assert (tmp_path / "memo.sqlite3.aside").read_bytes() == content


def test_a_file_that_breaks_while_it_is_used_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "memo.sqlite3"
    memo = Memo(path)
    memo.put([(key(dense(units)), NO) for units in range(500)])
    memo.close()
    pages = path.read_bytes()
    path.write_bytes(pages[:4096] + b"\xff" * (len(pages) - 4096))
    memo = Memo(path)
    for units in range(500):
        look(memo, dense(units))
    memo.put([(key(dense(3)), NO)])
    memo.put([(key(dense(3)), NO)])
    assert look(memo, dense(3)) == NO
    memo.close()
    assert (tmp_path / "memo.sqlite3.aside").exists()


def test_a_foreign_database_is_set_aside_unharmed(tmp_path: Path) -> None:
    path = tmp_path / "memo.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (address TEXT)")
    other.commit()
    other.close()
    memo = Memo(path)
    memo.put([(key(dense(3)), NO)])
    assert look(memo, dense(3)) == NO
    memo.close()
    aside = sqlite3.connect(tmp_path / "memo.sqlite3.aside")
    assert aside.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]
    aside.close()


def test_a_damaged_row_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "memo.sqlite3"
    memo = Memo(path)
    memo.put([(key(dense(3)), NO)])
    other = sqlite3.connect(path)
    other.execute("UPDATE answers SET answer = '{\"nothing\": 1}'")
    other.commit()
    other.close()
    assert look(memo, dense(3)) is None
    memo.close()


def test_a_full_disk_costs_the_memo_only(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo.sqlite3")
    connection = memo._connection
    assert connection is not None
    connection.execute("PRAGMA max_page_count = 8")
    for start in range(0, 300, 100):
        memo.put([(key(dense(units)), NO) for units in range(start, start + 100)])
    assert memo.problem == "database or disk is full"
    assert "database or disk is full" in memo.where
    assert look(memo, dense(299)) is None
    memo.close()


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    memo = Memo(tmp_path / "file" / "memo.sqlite3")
    memo.put([(key(dense(3)), NO)])
    assert look(memo, dense(3)) is None
    assert memo.problem
    memo.close()


def test_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHAPELENS_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("SHAPELENS_CACHE")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache_folder() == tmp_path / "cache" / "shapelens"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == Path.home() / "Library" / "Caches" / "shapelens"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache_folder() == tmp_path / "local" / "shapelens" / "Cache"
