"""What the emoji page shows."""
