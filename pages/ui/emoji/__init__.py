"""The parts of the emoji page."""
