"""Keras's datasets, data utilities and legacy preprocessing."""
