"""A piece becomes a score: instruments, accompaniment, swing and velocities."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.music.arranger.accompaniment import accompaniment
from core.music.arranger.jazz import ride
from core.music.config import Performance
from core.music.score.instruments import CHORD_INSTRUMENTS, MELODY_INSTRUMENTS
from core.music.score.piece import Piece
from core.music.score.score import Score, Track
from core.music.score.triplets import in_quarters, triplet_beats
from core.music.theory.notes import HIGHEST, Note

MELODY = 0  # index of the melody in a score's tracks
MELODY_VELOCITY = 92
VELOCITY_NOISE = 5.0  # standard deviation
STRAIGHT = 1.0  # swing: the long eighth divided by the short one
TRIPLETS = 2.0
DRUMS = 23  # added to the seed, so that drums have random numbers of their own


def arranged(piece: Piece, how: Performance) -> Score:
    """Return the score of a piece: instruments, accompaniment, swing, velocities.

    In jazz that swings, beats that are triplets on the grid (see `triplet_beats`) are
    triplets exactly, and a quiet drum set plays along.
    """
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
            how.seed,
            lead.notes,
        )
    triplets = None
    if how.style == "jazz" and how.swing != STRAIGHT:
        tracks += (_drums(piece, score, how),)
        triplets = triplet_beats(piece)
    score = swing(replace(score, tracks=tracks), how.swing, triplets)
    return vary_velocities(score, np.random.default_rng(how.seed))


def _drums(piece: Piece, score: Score, how: Performance) -> Track:
    random = np.random.default_rng([how.seed, DRUMS])
    notes = ride(score.pickup, piece.full_bars, score.meter, random)
    return Track("Drums", notes, drums=True)


def _velocity(note: Note, score: Score) -> int:
    """Return a note's velocity: more on a beat, most on the first of a bar."""
    place = (note.start - score.pickup) % score.meter.quarters
    beat = 1.5 if score.meter.compound else 1.0
    return MELODY_VELOCITY + (6 if place == 0 else 0 if place % beat == 0 else -7)


def swung(time: float, pickup: float, ratio: float) -> float:
    """Return when a time in quarters sounds if the beats after a pickup are swung."""
    beat, part = divmod(time - pickup, 1.0)
    share = ratio / (1 + ratio)  # of the beat, for its first eighth
    halves = 2 * part * share if part <= 0.5 else 1 - 2 * (1 - part) * (1 - share)
    return pickup + beat + halves


def swing(
    score: Score, ratio: float, triplets: NDArray[np.bool_] | None = None
) -> Score:
    """Return a score with swung eighths.

    Within each quarter note the first eighth becomes `ratio` times as long as the
    second: 1 is straight, 2 is triplets, 3 a dotted eighth. Times between them are
    stretched linearly. Compound meters, such as 6/8, and those whose bars are not whole
    quarters, such as 3/8, are not swung. Beats that are `triplets`, as `triplet_beats`
    returns them, are swung 2 to 1 at any ratio.
    """
    if not in_quarters(score.meter) or ratio == STRAIGHT:
        return score
    first = math.ceil(score.pickup)  # beats that begin in the pickup

    def late(time: float) -> float:
        place = math.floor(time - score.pickup) + first
        exact = triplets is not None and place < len(triplets) and triplets[place]
        return swung(time, score.pickup, TRIPLETS if exact else ratio)

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
