"""Runs of one task side by side: curves, settings, and which one is better."""
