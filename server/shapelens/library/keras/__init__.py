"""Rules for Keras. Every rule was written from runs of Keras 3.15.1."""
