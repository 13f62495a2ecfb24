"""The parts of the price page."""
