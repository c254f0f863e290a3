"""The other side of the pipe: runs in the user's interpreter, with the standard library and their Keras.

Nothing here may import what is not in this folder or `protocol`, and all of it must run on Python 3.9.
"""
