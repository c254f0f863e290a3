"""Broken invariants raise under tests, and no installed Keras is asked but where a test wants it."""

import os

os.environ["SHAPELENS_STRICT"] = "1"
os.environ["SHAPELENS_NO_KERAS"] = "1"
# Its kernels, which not every processor has, word some errors differently.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
