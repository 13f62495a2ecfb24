"""The network's choices: sampling, alone or with a guide."""
