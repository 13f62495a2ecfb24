"""The teacher's page of a class, and its board: tiles, and all runs in one figure."""
