"""The board of a class: a tile a student, and all runs in one figure."""
