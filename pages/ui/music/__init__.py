"""What the music page shows."""
