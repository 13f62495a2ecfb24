"""Chords, progressions, keys, and how chords are inferred from notes."""
