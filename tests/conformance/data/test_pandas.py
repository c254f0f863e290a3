"""pandas' rules against pandas."""

from __future__ import annotations

import pytest

from tests.support.programs import disagreements

PRELUDE = """
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
X = np.arange(40.0).reshape(10, 4)
"""
FRAME = "df = pd.DataFrame(X, columns=['a', 'b', 'c', 'd'])\n"
PROGRAMS = {
    "making": "a = pd.DataFrame({'x': [1, 2, 3], 'y': np.zeros(3)})\nb = a.values\nc = pd.DataFrame(X)\n"
    "d = c.shape\n"
    "e = len(a)\nf = pd.Series([1, 2, 3]).values\ng = pd.DataFrame({'x': [1, 2]}, columns=['x']).shape\n",
    "columns": FRAME + "a = df['a']\nb = df[['a', 'b']]\nc = df[['a', 'b']].values\nd = df['a'].values\ne = df.a\n"
    "f = df.columns\ng = df['a'].to_numpy()\nh = b.shape[1]\ni = len(df.columns)\n",
    "changing": FRAME
    + "y = df.pop('d')\na = df.shape\ndf['e'] = df['a'] * 2\nb = df.shape\ndel df['a']\nc = df.shape\n"
    "df.drop('b', axis=1, inplace=True)\nd = df.values\n",
    "dropping": FRAME
    + "a = df.drop('a', axis=1).values\nb = df.drop(columns=['a', 'b']).shape\nvague_c = df.drop([0, 1])\n"
    "vague_d = df.dropna().values\ne = df.fillna(0).astype('float32').values\n",
    "positions": FRAME
    + "a = df.iloc[:, :-1].values\nb = df.iloc[:, -1].values\nc = df.iloc[:4]\nd = df.iloc[2:6, 1:3].values\n"
    "e = df.iloc[0]\nf = df.iloc[:, [0, 2]].shape\ng = df[2:5].values\nh = df.loc[:, ['a', 'd']].values\n"
    "i = df.loc[:, 'a']\n",
    "masks": FRAME + "vague_a = df[df['a'] > 3]\nvague_b = df[df['a'] == 4].values\n",
    "rows": FRAME + "a = df.head()\nb = df.tail(3).values\nc = df.sample(n=4).values\nd = df.sample(frac=1).shape\n"
    "e = df.sample(frac=0.25).shape\n",
    "joining": FRAME + "a = pd.concat([df, df]).values\nb = pd.concat([df, df], axis=1).values\n"
    "c = pd.concat([df, df[['a']]], axis=1).shape\n"
    "vague_d = pd.get_dummies(pd.Series(['x', 'y', 'x'])).values\n",
    "arithmetic": FRAME
    + "a = df / 255.0\nb = (df - df.mean()) / df.std()\nc = b.shape\nd = np.array(df)\ne = df['a'] / 2\n"
    "f = np.expand_dims(df.values, axis=-1)\ng = df.to_numpy(dtype='float32')\n",
    "normalizing": FRAME + "train = df[0:6]\ntrain = (train - train.mean()) / train.std()\na = train.shape\n"
    "b = np.array(train[:3])\nc = np.stack([np.array(train[:3]), np.array(train[2:5])])[:, 1:, :]\n"
    "d = train.values - np.ones(4)\nvague_e = df - df['a']\nf = 1 - df\n",
    "splitting": FRAME
    + "y = df.pop('d')\na, b, c, d = train_test_split(df, y, test_size=0.3)\ne = a.values\nf = d.values\n"
    "g = StandardScaler().fit_transform(a)\nh = a.shape\n",
}


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_pandas(name: str) -> None:
    assert disagreements(PROGRAMS[name], prelude=PRELUDE) == []
