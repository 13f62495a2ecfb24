"""Metrics of a model and of its melodies."""
