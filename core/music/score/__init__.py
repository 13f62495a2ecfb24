"""Music in memory: pieces on a grid, scores in time, and their layout on a page."""
