"""Comparison of runs of one task: curves, settings, significance over seeds."""
