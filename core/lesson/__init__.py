"""What the two lessons share: mathematics, checks, and training in NumPy."""
