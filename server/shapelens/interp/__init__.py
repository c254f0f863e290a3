"""The abstract interpreter: Python statements over immutable abstract values."""
