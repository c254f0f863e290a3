"""Dimensions, shapes and tensor specifications; knows nothing of Python, Keras or editors."""
