"""scikit-learn's rules against scikit-learn."""

from __future__ import annotations

import pytest

from tests.support.programs import disagreements

PRELUDE = """
import numpy as np
import pandas as pd
from sklearn import datasets, decomposition, metrics, model_selection, preprocessing
from sklearn.datasets import load_iris
from sklearn.model_selection import KFold, train_test_split
from sklearn.preprocessing import LabelBinarizer, LabelEncoder, OneHotEncoder, StandardScaler
from sklearn.utils import resample, shuffle
X = np.zeros((103, 5), dtype="float32")
Y = np.zeros((103,), dtype="int64")
I = np.zeros((103, 8, 8, 3), dtype="uint8")
"""
PROGRAMS = {
    "split": "a, b, c, d = train_test_split(X, Y, test_size=0.2, random_state=1)\n"
    "e, f = train_test_split(I)\ng, h = train_test_split(X, test_size=7)\n"
    "i, j = train_test_split(X, train_size=0.33)\nk, l = train_test_split(X, train_size=50)\n"
    "m, n = train_test_split(X, train_size=0.5, test_size=0.1)\n"
    "o, p = train_test_split(X, train_size=50, test_size=0.1)\n"
    "q, r, s, t, u, v = train_test_split(X, Y, I, test_size=0.3, shuffle=False)\n"
    "w, x = train_test_split([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], test_size=1)\n"
    "y, z = train_test_split(list(range(10)), test_size=0.3)\n",
    "split fails": "error = train_test_split(X, Y[:100])\n",
    "split again": "a, b, c, d = train_test_split(X, Y, test_size=0.4)\n"
    "e, f, g, h = train_test_split(b, d, test_size=0.5)\nn = len(e)\n",
    "folds": "kf = KFold(n_splits=5, shuffle=True)\n"
    "for vague_train, vague_test in kf.split(X, Y):\n    vague_x = X[vague_train]\n    vague_y = Y[vague_test]\n"
    "n = kf.get_n_splits()\nm = KFold(3).get_n_splits(X)\n",
    "shuffle": "a, b = shuffle(X, Y, random_state=0)\nc = shuffle(I)\nd = resample(X, n_samples=7)\n"
    "e, f = shuffle(X, Y, n_samples=4)\n",
    "scalers": "s = StandardScaler()\na = s.fit_transform(X)\nb = s.transform(X[:3])\nc = s.inverse_transform(b)\n"
    "d = preprocessing.MinMaxScaler(feature_range=(0, 1)).fit(X).transform(X)\n"
    "e = preprocessing.RobustScaler().fit_transform(Y.reshape(-1, 1))\n"
    "f = preprocessing.Normalizer().fit_transform(X)\n"
    "g = preprocessing.MaxAbsScaler().fit_transform([[1, 2], [3, 4]])\n",
    "scaler takes samples by features": "error = StandardScaler().fit_transform(I)\n",
    "scaler takes no vector": "s = StandardScaler()\nerror = s.fit_transform(Y)\n",
    "scaler fitted on others": "s = StandardScaler().fit(X)\nerror = s.transform(X[:, :3])\n",
    "labels": "le = LabelEncoder()\na = le.fit_transform(['a', 'b', 'a', 'c'])\nb = le.classes_\n"
    "c = le.transform(['a'])\n"
    "d = le.inverse_transform(c)\ne = LabelEncoder().fit(['x', 'y']).transform(['x', 'y', 'y'])\n"
    "f = LabelBinarizer().fit_transform(['a', 'b', 'c', 'a'])\ng = LabelBinarizer().fit_transform([0, 1, 1])\n",
    "one hot": "y = np.array([0, 1, 2, 0])\n"
    "a = OneHotEncoder(sparse_output=False).fit_transform(y.reshape(-1, 1))\n"
    "s = OneHotEncoder().fit_transform(y.reshape(-1, 1))\nb = s.toarray()\nc = s.shape\n"
    "vague_d = OneHotEncoder().fit_transform(X).toarray()\n",
    "projections": "p = decomposition.PCA(n_components=2)\na = p.fit_transform(X)\nb = p.transform(X[:4])\n"
    "c = p.inverse_transform(b)\n"
    "vague_d = decomposition.PCA(0.9).fit_transform(np.random.rand(30, 5))\n"
    "vague_e = decomposition.PCA().fit_transform(X)\n"
    "f = decomposition.TruncatedSVD().fit_transform(X)\n",
    "bundled": "iris = load_iris()\nX1, y1 = iris.data, iris.target\nX2 = iris['data']\n"
    "n = len(iris.target_names)\n"
    "a, b = load_iris(return_X_y=True)\nd = datasets.load_digits()\nimages = d.images\nc = d.data\n"
    "e = datasets.load_wine()\nf = e.data, e.target\ng = datasets.load_breast_cancer().data\n"
    "h = datasets.load_diabetes().target\n",
    "made up": "a, b = datasets.make_classification(n_samples=50, n_features=7, n_informative=5, n_classes=3)\n"
    "c, d = datasets.make_regression(n_samples=9, n_features=2)\n"
    "e, f = datasets.make_regression(n_samples=9, n_targets=3)\n"
    "g, h = datasets.make_blobs(n_samples=30, centers=4)\ni, j = datasets.make_moons(20, noise=0.1)\n"
    "k, l = datasets.make_circles(n_samples=21)\nm, n = datasets.make_swiss_roll()\n"
    "o, p = datasets.make_multilabel_classification(n_samples=12, n_classes=4)\n"
    "q, r = datasets.make_blobs(8, 3, centers=[[1, 2], [3, 4]])\n",
    "metrics": "vague_a = metrics.accuracy_score([1, 0], [1, 1])\n"
    "vague_m = metrics.confusion_matrix([0, 1, 2], [0, 1, 1])\n"
    "m = metrics.confusion_matrix([0, 1, 2], [0, 1, 1], labels=[0, 1, 2])\n"
    "vague_f, vague_t, vague_h = metrics.roc_curve([0, 1, 1], [0.1, 0.2, 0.9])\n",
}


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_sklearn(name: str) -> None:
    assert disagreements(PROGRAMS[name], prelude=PRELUDE) == []
