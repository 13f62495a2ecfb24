"""The parts of the music page."""
