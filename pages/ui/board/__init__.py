"""The board of a class: a tile for each student, and all runs in one figure."""
