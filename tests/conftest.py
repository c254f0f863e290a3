"""Broken invariants raise under tests."""

import os

os.environ["SHAPELENS_STRICT"] = "1"
