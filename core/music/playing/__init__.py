"""What a trained model plays: chords in, a score, a piano roll and sound out."""
