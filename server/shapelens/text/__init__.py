"""Documents, positions and error-tolerant parsing; knows nothing of the rest."""
