"""ShapeLens: the shape of every Keras layer and tensor, inferred from the program's text."""

__version__ = "0.1.0"
