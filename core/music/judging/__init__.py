"""What is measured of a model and of its melodies."""
