"""Broken invariants raise under tests, and no installed Keras is asked but where a test wants it."""

import os

from hypothesis import settings

os.environ["SHAPELENS_STRICT"] = "1"
os.environ["SHAPELENS_NO_KERAS"] = "1"
# Its kernels, which not every processor has, word some errors differently.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

# How long an example takes says more of the machine and its load than of what is tested.
settings.register_profile("shapelens", deadline=None)
settings.load_profile("shapelens")
