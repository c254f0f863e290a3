"""scikit-learn: splitting, scaling, encoding, its datasets and metrics."""
