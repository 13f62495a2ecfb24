"""How good answers are, and why a model gives them."""
