"""TensorFlow's functions, tensor methods and datasets (run against TensorFlow 2.21)."""

from shapelens.library.arrays import attributes
from shapelens.library.tensorflow import creation, data, image, math, methods, nn, selecting, shaping

__all__ = ["attributes", "creation", "data", "image", "math", "methods", "nn", "selecting", "shaping"]
