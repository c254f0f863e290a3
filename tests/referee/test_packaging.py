"""The worker is a folder of real files, which works wherever it is copied to."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import shapelens.referee
from shapelens.referee.process import PROBE, WORKER, environment
from shapelens.referee.protocol import decode_message

REFEREE = Path(shapelens.referee.__file__).parent


def copied(folder: Path) -> Path:
    """Only this room, without the rest of ShapeLens, in a folder whose name is hard."""
    target = folder / "a folder é" / "referee"
    shutil.copytree(REFEREE, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def test_the_files_that_are_started_are_there() -> None:
    assert WORKER.is_file()
    assert PROBE.is_file()
    assert WORKER.parent.parent == REFEREE


def test_the_probe_runs_by_itself(tmp_path: Path) -> None:
    probe = copied(tmp_path) / "worker" / PROBE.name
    done = subprocess.run([sys.executable, str(probe)], capture_output=True, check=True, env=environment())
    found = json.loads(done.stdout)
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(found) == {"python", "keras", "tensorflow", "numpy"}


def test_the_worker_runs_by_itself(tmp_path: Path) -> None:
    worker = copied(tmp_path) / "worker" / WORKER.name
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, str(worker)], stdin=pipe, stdout=pipe, env=environment()) as child:
        assert child.stdout is not None
        assert decode_message(child.stdout.readline()) == {"alive": True}
        child.kill()
