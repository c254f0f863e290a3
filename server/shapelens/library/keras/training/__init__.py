"""Where data meet a model: inputs, targets, losses, metrics and sample counts, as in Keras 3.15.1."""
