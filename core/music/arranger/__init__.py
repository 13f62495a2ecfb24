"""What rules do to the network's melody: plan, endings, chords, accompaniment."""
