"""Nothing but what computes can be reached, and none of the user's code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shapelens.referee.live import LiveReferee
from shapelens.referee.process import WORKER, environment, probe_versions
from shapelens.referee.protocol import decode_message, encode_message
from shapelens.referee.settings import Settings
from shapelens.referee.wire import question_to_wire
from shapelens.referee.worker.names import check_name
from shapelens.referee.worker.refused import Refused
from shapelens.shapes.question import Call, Constant, Mapping, Name, Question, Sequence
from tests.referee.asking import array, call, layer, tensor
from tests.referee.conftest import Keras

ACTING = Path(__file__).with_name("acting.py")
FORBIDDEN = [
    *("os.system", "builtins.eval", "subprocess.run", "sklearn.svm.SVC", "keras", "tensorflow", "", ".", "keras."),
    *(
        "keras.layers.__init__",
        "keras.layers.Dense.__class__",
        "keras._tf_keras.keras.layers.Dense",
        "numpy.__loader__",
    ),
    *("keras.src.utils.file_utils.os.system", "keras.layers.Dense.from_config", "keras.layers.deserialize"),
    *("keras.saving.load_model", "keras.models.load_model", "keras.models.model_from_json", "keras.config.set_floatx"),
    *("keras.config.enable_unsafe_deserialization", "keras.utils.get_file", "keras.utils.load_img"),
    *(
        "keras.Model.save",
        "keras.Model.load_weights",
        "keras.Model.export",
        "keras.Model.from_config",
        "keras.Model.__init__",
    ),
    *(
        "keras.layers.Layer.from_config",
        "keras.layers.Layer.__class__",
        "keras.layers.Layer.add_loss",
        "keras.Model.summary",
    ),
    *("operator.attrgetter", "operator.methodcaller", "operator.itemgetter", "operator.call", "operator.delitem"),
    *(
        "operator.iconcat",
        "operator.length_hint",
        "numpy.ndarray.__reduce__",
        "numpy.ndarray.dumps.x",
        "tensorflow.Tensor._op",
    ),
    *("keras.utils.image_dataset_from_directory", "keras.utils.set_random_seed", "keras.backend.clear_session"),
    *("keras.layers.TFSMLayer", "keras.datasets.mnist.load_data", "keras.applications.vgg16.decode_predictions"),
    *("tensorflow.py_function", "tensorflow.numpy_function", "tensorflow.load_op_library", "tensorflow.load_library"),
    *("tensorflow.io.read_file", "tensorflow.io.gfile.GFile", "tensorflow.saved_model.load", "tensorflow.function"),
    *("tensorflow.data.Dataset.from_generator", "tensorflow.compat.v1.Session", "tensorflow.python.eager.context"),
    *("tensorflow.train.Checkpoint", "tensorflow.config.set_visible_devices", "tensorflow.distribute.Server"),
    *("tensorflow.init_scope", "tensorflow.print", "tensorflow.random.set_seed", "tensorflow.summary.scalar"),
    *("numpy.load", "numpy.save", "numpy.savez", "numpy.fromfile", "numpy.loadtxt", "numpy.memmap", "numpy.genfromtxt"),
    *("numpy.ctypeslib.load_library", "numpy.f2py.run_main", "numpy.testing.rundocs", "numpy.random.seed"),
    *("numpy.lib.format.open_memmap", "numpy.set_printoptions", "numpy.core.os.system", "numpy.linalg.linalg.os"),
]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_names_of_what_does_more_than_compute(name: str) -> None:
    with pytest.raises(Refused):
        check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("tensorflow.linalg.set_diag", "numpy.setdiff1d", "numpy.newaxis", "tensorflow.meshgrid"),
        *("keras.ops.segment_sum", "keras.layers.Masking", "keras.applications.vgg16.VGG16", "keras.Input"),
        *("tensorflow.image.resize", "tensorflow.strings.split", "numpy.linalg.inv", "keras.random.shuffle"),
    ],
)
def test_names_of_what_computes(name: str) -> None:
    check_name(name)


@pytest.mark.keras
@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_worker_refuses_them_wherever_they_stand(keras3: Keras, name: str) -> None:
    forbidden = Name(name)
    for asked in (
        Call(forbidden),
        Call(Call(forbidden), (tensor(None, 3),)),
        call(layer("Dense", 3, activation=forbidden), tensor(None, 3)),
        call(layer("Lambda", forbidden), tensor(None, 3)),
        call("tensorflow.map_fn", forbidden, tensor(3, how="tensor")),
    ):
        assert keras3.answer(asked).refused


@pytest.mark.keras
def test_only_arrays_of_the_question_are_changed(keras: Keras) -> None:
    changed = Name("keras.layers.Dense")
    for target in (changed, Call(Name("keras.layers.Dense"), (Constant(3),)), Sequence((Constant(1),)), Mapping(())):
        assert keras.answer(Call(Name("operator.setitem"), (target, Constant(0), array(3)))).refused
    assert keras.answer(call("operator.setitem", array(2, 3), 0, array(3))).value == Constant(None)


@pytest.mark.keras
def test_modules_are_no_answer(keras: Keras) -> None:
    for name in ("keras.layers", "tensorflow.nn", "numpy.linalg", "keras.utils.np"):
        assert keras.answer(Call(Name(name))).refused


@pytest.mark.keras
def test_descriptions_of_objects_are_refused(keras: Keras) -> None:
    lambda_code = {"class_name": "__lambda__", "config": {"code": "4wAAAAA=", "defaults": None, "closure": None}}
    serialized = {"module": "keras.layers", "class_name": "Lambda", "config": {"function": lambda_code}}
    module = {"module": "os", "class_name": "function", "config": "system", "registered_name": "function"}
    for description in (serialized, module, lambda_code, {"a": [serialized]}):
        for asked in (
            call(layer("Dense", 3, kernel_initializer=description), tensor(None, 3)),
            call(layer("Bidirectional", description), tensor(None, 3, 3)),
            call(layer("Dense", 3, activation=description), tensor(None, 3)),
            call("keras.Sequential", [description]),
        ):
            assert "describes an object" in (keras.answer(asked).refused or "")


@pytest.mark.keras
def test_files_are_neither_read_nor_written(keras: Keras, tmp_path: Path) -> None:
    secret = tmp_path / "words.txt"
    secret.write_text("a\nb\n", encoding="utf-8")
    for asked in (
        call(layer("StringLookup", vocabulary=str(secret)), tensor(None, 3, dtype="string")),
        call(layer("TextVectorization", vocabulary=str(secret)), tensor(None, 3, dtype="string")),
        call(layer("IntegerLookup", vocabulary=str(secret)), tensor(None, 3, dtype="int64")),
        call("numpy.ndarray.tofile", array(3), str(tmp_path / "out")),
        call("keras.utils.array_to_img", array(3, 3, 3)),
    ):
        answer = keras.answer(asked)
        assert answer.outputs is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["words.txt"]
    weights = keras.answer(call("keras.applications.VGG16", weights=str(tmp_path / "mine.h5"), classes=10))
    assert weights.error is None, "whether the file is there is not told"


@pytest.mark.keras
def test_answers_do_not_change_the_next_ones(keras: Keras) -> None:
    asked = call(layer("Dense", 3), tensor(None, 4))
    before = keras.answer(asked)
    keras.answer(call(layer("Dense", 3, dtype="float16"), tensor(None, 4)))
    keras.answer(call("keras.random.normal", (3,)))
    keras.answer(call("tensorflow.random.normal", (3,)))
    assert keras.answer(asked) == before


@pytest.mark.keras
def test_what_may_be_named_changes_no_setting(keras: Keras, tmp_path: Path) -> None:
    done = subprocess.run([keras.python, str(ACTING)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == []
    assert list(tmp_path.iterdir()) == []


def _poison(folder: Path) -> None:
    """Modules that give themselves away when they are imported."""
    for name in ("keras", "tensorflow", "numpy", "json", "sitecustomize", "usercustomize", "typing"):
        (folder / f"{name}.py").write_text("raise SystemExit('code of the user was run')", encoding="utf-8")


def test_modules_beside_the_program_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _poison(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), "."]))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "keras.py"))
    assert probe_versions([sys.executable], 30).python
    assert str(tmp_path) not in environment().get("PYTHONPATH", "")


@pytest.mark.keras
def test_the_worker_does_not_import_them_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _poison(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    referee = LiveReferee([sys.executable], lambda answers: None, Settings(memo=None))
    try:
        asked = Question(call(layer("Dense", 3), tensor(None, 4)))
        referee.ask([asked])
        assert referee.wait(300)
        assert referee.answers([asked])[asked].params == 15
    finally:
        referee.close()


def test_folders_of_installed_packages_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [os.path.join(os.sep, "opt", "tf", "site-packages"), os.path.join(os.sep, "home", "me", "project")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(entries))
    assert environment()["PYTHONPATH"] == entries[0]


def _raw_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


@pytest.mark.keras
def test_lines_that_are_no_questions_do_no_harm() -> None:
    good = {"id": 7, **question_to_wire(Question(call(layer("Dense", 3), tensor(None, 4))))}
    with _raw_worker() as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        odd = [b"hello\n", b"[]\n", b"\xff\n", b'{"id":1}\n', b'{"id":2,"call":["x"],"before":[]}\n']
        odd += [
            b'{"id":3,"call":["n","keras.layers.Dense"],"before":[]}\n',
            b'{"id":4,"call":["C",1,[],[]],"before":3}\n',
        ]
        worker.stdin.write(b"".join([*odd, encode_message(good)]))
        worker.stdin.flush()
        assert decode_message(worker.stdout.readline()) == {"alive": True}
        assert "ready" in decode_message(worker.stdout.readline())
        replies = [decode_message(worker.stdout.readline()) for _ in range(5)]
        assert [reply["id"] for reply in replies] == [1, 2, 3, 4, 7]
        assert all("refused" in reply["answer"] for reply in replies[:4])
        assert replies[4]["answer"]["params"] == 15
        worker.stdin.close()
        assert worker.wait(20) == 0


@pytest.mark.keras
def test_the_worker_ends_with_the_one_who_started_it() -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(1000)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(WORKER)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        try:
            os.kill(child, 0)
        except OSError:
            return
        with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.1)"]) as nap:
            nap.wait()
    os.kill(child, 9)
    pytest.fail("the worker lives on")
