"""The price series, its parts for training and testing, and the networks' inputs."""
