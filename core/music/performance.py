"""What players do to what is written: swing, and hands that are not machines."""

from dataclasses import replace

import numpy as np

from core.music.score import HIGHEST, Note, Score

STRAIGHT, TRIPLETS = 1.0, 2.0  # swing: the long eighth against the short one


def swing(score: Score, ratio: float) -> Score:
    """Return a score with its off-beat eighths played late.

    Within each quarter note the first eighth becomes `ratio` times as long as the
    second: 1 is straight, 2 is triplets, 3 a dotted eighth. What lies between is
    stretched with it, ends of notes and chords too. Meters whose beats are of three
    already, such as 6/8, stay as they are.

    Raises
    ------
    ValueError
        If the ratio is below 1.
    """
    if not ratio >= STRAIGHT:
        raise ValueError(f"Expected a ratio of at least 1 for swing, got {ratio}.")
    if score.meter.compound or ratio == STRAIGHT:
        return score
    first = ratio / (1 + ratio)  # share of the quarter that the first eighth takes

    def late(time: float) -> float:
        beat, part = divmod(time - score.pickup, 1.0)
        halves = 2 * part * first if part <= 0.5 else 1 - 2 * (1 - part) * (1 - first)
        return score.pickup + beat + halves

    def moved(start: float, end: float) -> tuple[float, float]:
        return late(start), late(end) - late(start)

    tracks = []
    for track in score.tracks:
        times = (moved(note.start, note.end) for note in track.notes)
        notes = (
            replace(note, start=start, length=length)
            for note, (start, length) in zip(track.notes, times, strict=True)
        )
        tracks.append(replace(track, notes=tuple(notes)))
    spans = []
    for span in score.chords:
        start, length = moved(span.start, span.end)
        spans.append(replace(span, start=start, length=length))
    return replace(score, tracks=tuple(tracks), chords=tuple(spans))


def humanised(score: Score, generator: np.random.Generator, spread: float = 5) -> Score:
    """Return a score whose velocities vary by a normal spread, as hands do."""

    def struck(note: Note) -> Note:
        velocity = round(note.velocity + spread * generator.normal())
        return replace(note, velocity=min(max(velocity, 1), HIGHEST))

    tracks = (
        replace(track, notes=tuple(struck(note) for note in track.notes))
        for track in score.tracks
    )
    return replace(score, tracks=tuple(tracks))
