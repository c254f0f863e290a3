"""Array semantics shared by NumPy, TensorFlow and ``keras.ops``: one implementation, three spellings."""
