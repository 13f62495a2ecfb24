"""The price series, its parts for training and testing, and what networks read."""
