"""What the network chooses: sampling, alone or led by a guide."""
