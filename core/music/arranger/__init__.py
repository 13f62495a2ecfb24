"""Rules on the network's melody: plan, endings, chords, accompaniment."""
