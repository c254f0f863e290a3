"""Asks the real Keras: a worker process in the user's interpreter, and a memo of what it said."""
