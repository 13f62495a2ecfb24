"""A piece becomes a score: instruments, accompaniment, swing and velocities."""

from dataclasses import replace

import numpy as np

from core.music.config import Performance
from core.music.playing.accompaniment import accompaniment
from core.music.score.instruments import CHORD_INSTRUMENTS, MELODY_INSTRUMENTS
from core.music.score.piece import Piece
from core.music.score.score import Score, Track
from core.music.theory.notes import HIGHEST, Note

MELODY = 0  # index of the melody in a score's tracks
MELODY_VELOCITY = 92
VELOCITY_NOISE = 5.0  # standard deviation
STRAIGHT = 1.0  # swing: the long eighth divided by the short one


def arranged(piece: Piece, how: Performance) -> Score:
    """Return the score of a piece: instruments, accompaniment, swing, velocities."""
    score = replace(
        piece.score("Melody", MELODY_INSTRUMENTS[how.instrument]),
        tempo=float(how.tempo),
    )
    lead = score.tracks[MELODY]
    notes = tuple(replace(note, velocity=_velocity(note, score)) for note in lead.notes)
    tracks: tuple[Track, ...] = (replace(lead, notes=notes),)
    if how.style != "none":
        tracks += accompaniment(
            score.chords,
            score.meter,
            score.pickup,
            how.style,
            CHORD_INSTRUMENTS[how.chord_instrument],
        )
    swung = swing(replace(score, tracks=tracks), how.swing)
    return vary_velocities(swung, np.random.default_rng(how.seed))


def _velocity(note: Note, score: Score) -> int:
    """Return a note's velocity: more on a beat, most on the first of a bar."""
    place = (note.start - score.pickup) % score.meter.quarters
    beat = 1.5 if score.meter.compound else 1.0
    return MELODY_VELOCITY + (6 if place == 0 else 0 if place % beat == 0 else -7)


def swing(score: Score, ratio: float) -> Score:
    """Return a score with swung eighths.

    Within each quarter note the first eighth becomes `ratio` times as long as the
    second: 1 is straight, 2 is triplets, 3 a dotted eighth. Times between them are
    stretched linearly. Compound meters, such as 6/8, are not swung.
    """
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


def vary_velocities(score: Score, generator: np.random.Generator) -> Score:
    """Return a score with normal noise on its velocities."""

    def varied(note: Note) -> Note:
        velocity = round(note.velocity + VELOCITY_NOISE * generator.normal())
        return replace(note, velocity=min(max(velocity, 1), HIGHEST))

    tracks = (
        replace(track, notes=tuple(varied(note) for note in track.notes))
        for track in score.tracks
    )
    return replace(score, tracks=tuple(tracks))
