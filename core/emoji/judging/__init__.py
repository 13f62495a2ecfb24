"""Evaluation and explanation of answers."""
