"""Counting the names that Keras makes up (see `values/names.py`), as far as the program is followed exactly."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from shapelens.library.keras.registered import REGISTERED
from shapelens.names.canonical import KNOWN_ROOTS
from shapelens.values.names import (
    EPOCH,
    NAMES,
    AutoName,
    NameBase,
    NameCount,
    NameEpoch,
    base_cell,
    count_in,
)
from shapelens.values.value import TRUE

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter
    from shapelens.interp.result import Content

# Modules beside Python's own that no one makes layers with; any other unknown one may.
WITHOUT_LAYERS = frozenset(
    [
        "albumentations",
        "beartype",
        "bs4",
        "category_encoders",
        "click",
        "colorama",
        "cv2",
        "dask",
        "dateutil",
        "gensim",
        "google",
        "graphviz",
        "gym",
        "gymnasium",
        "h5py",
        "imageio",
        "imblearn",
        "imgaug",
        "IPython",
        "ipywidgets",
        "jaxtyping",
        "joblib",
        "kaggle",
        "kagglehub",
        "librosa",
        "lightgbm",
        "matplotlib",
        "mlflow",
        "mpl_toolkits",
        "networkx",
        "nltk",
        "numba",
        "openpyxl",
        "PIL",
        "plotly",
        "psutil",
        "pyarrow",
        "pycocotools",
        "pydot",
        "pytz",
        "requests",
        "rich",
        "scipy",
        "seaborn",
        "shap",
        "skimage",
        "soundfile",
        "spacy",
        "statsmodels",
        "sympy",
        "tensorboard",
        "tensorflow_datasets",
        "tqdm",
        "typeguard",
        "wandb",
        "wordcloud",
        "xgboost",
        "yaml",
        "yfinance",
    ]
)


def take(m: Interpreter, kind: str, number: int = 1) -> AutoName:
    """The first of the next ``number`` made-up names of ``kind``."""
    overlay = m.state.overlay
    epoch = overlay.get((NAMES, EPOCH))
    afresh = isinstance(epoch, NameEpoch)
    count = overlay.get((NAMES, kind))
    taken = count.taken if isinstance(count, NameCount) else 0
    if isinstance(epoch, NameEpoch) and epoch.lost:
        taken = None
    m.state.set((NAMES, kind), NameCount(None if taken is None else taken + number))
    return AutoName(kind, m.root.uid, taken, afresh)


def skip(m: Interpreter, kind: str) -> None:
    """From here on names of ``kind`` are not known: there may have been one more, or not."""
    m.state.set((NAMES, kind), NameCount(None))


def begin_anew(m: Interpreter) -> None:
    """``clear_session``: counting starts again."""
    _drop_counts(m)
    m.state.set((NAMES, EPOCH), NameEpoch(m.root.uid))


def lose(m: Interpreter) -> None:
    """From here on no made-up name is known, until a ``clear_session``: something not followed may make layers."""
    _drop_counts(m)
    m.state.set((NAMES, EPOCH), NameEpoch(m.root.uid, lost=True))


def imported_unknown(m: Interpreter, module: str) -> None:
    """A module that is not seen: unless it has nothing to do with layers, it may make some, and register names."""
    root = module.partition(".")[0]
    if root not in KNOWN_ROOTS and root not in WITHOUT_LAYERS and root not in sys.stdlib_module_names:
        lose(m)
        m.set_setting(REGISTERED, TRUE)


def name_of(m: Interpreter, auto: AutoName) -> str | None:
    """The name, or `None` when it is not known."""
    if auto.ordinal is None:
        return None
    if auto.unit != m.root.uid:
        base = m.state.get(base_cell(auto.kind, auto.unit))
        before = base.taken if isinstance(base, NameBase) else None
    elif auto.afresh:
        before = 0
    else:
        epoch = m.state.before((NAMES, EPOCH))
        before = count_in(m.state.before((NAMES, auto.kind)), epoch if isinstance(epoch, NameEpoch) else NameEpoch())
    if before is None:
        return None
    number = before + auto.ordinal
    return f"{auto.kind}_{number}" if number else auto.kind


def join_counts(left: Content | None, right: Content | None) -> Content | None:
    """What two paths counted; `None` where a cell is not about names."""
    if isinstance(left, NameEpoch) or isinstance(right, NameEpoch):
        if left == right:
            return left
        unit = left.unit if isinstance(left, NameEpoch) else right.unit if isinstance(right, NameEpoch) else None
        return NameEpoch(unit, lost=True)
    if isinstance(left, NameCount) or isinstance(right, NameCount):
        return left if left == right else NameCount(None)
    return None


def _drop_counts(m: Interpreter) -> None:
    state = m.state
    for cell in [cell for cell, content in state.overlay.items() if isinstance(content, NameCount)]:
        state.drop(cell)
