"""Word vectors: GloVe as it ships, and files of a person's own."""
