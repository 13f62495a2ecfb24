"""What a melody is told at each step: the chords, the place in the bar, the past."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.music.chord import OCTAVE
from core.music.piece import NO_CHORD, Grid, Piece
from core.music.score import STEPS_A_QUARTER

Floats = NDArray[np.float32]
LONGEST_WAIT = 16  # steps until the next chord; more look the same
BEATS = 8  # of a bar that are told apart
# Name of each part -> how many numbers it takes, in their order.
PARTS = {
    "chord": OCTAVE,  # the pitch classes of the chord that sounds
    "bass": OCTAVE,  # its lowest note
    "next": OCTAVE,  # the pitch classes of the chord after it
    "wait": 1,  # how soon that comes: 1 at the next step, 0 after a bar or never
    "key": OCTAVE,  # the tonic
    "minor": 1,
    "step": 6,  # sixteenth of the beat
    "beat": BEATS,
    "meter": 2,  # beats of three; bars of three
}
FEATURES = sum(PARTS.values())
_ENDS = np.cumsum(list(PARTS.values())).tolist()
PLACES = {
    name: slice(end - width, end)
    for (name, width), end in zip(PARTS.items(), _ENDS, strict=True)
}


@dataclass(frozen=True, eq=False)
class Conditions:
    """What is known at each step of a piece before its note is.

    Attributes
    ----------
    features
        (steps, FEATURES), each 0 to 1; `PLACES` names the columns.
    before
        (steps,) pitch of the latest note that began before the step, -1 if none.
    roots
        (steps,) root of the chord that sounds, 0 where there is none.
    """

    features: Floats
    before: Grid
    roots: Grid


def conditions(piece: Piece, from_root: bool = False) -> Conditions:
    """Return what is known at each step of a piece.

    Parameters
    ----------
    piece
        Its chords, meter, key, and for `before` its melody.
    from_root
        Whether pitch classes count from the root of the chord that sounds, as the
        alphabet of degrees does, or from C.
    """
    roots = np.array([chord.root for chord in piece.chords] + [0], np.int16)
    root = roots[piece.harmony]  # NO_CHORD is the last
    features = np.zeros((piece.steps, FEATURES), np.float32)
    _write_chords(features, piece)
    _write_key(features, piece)
    _write_places(features, piece)
    if from_root:
        for part in ("chord", "bass", "next", "key"):
            columns = (np.arange(OCTAVE) + root[:, np.newaxis]) % OCTAVE
            place = PLACES[part]
            features[:, place] = np.take_along_axis(features[:, place], columns, axis=1)
    return Conditions(features, notes_before(piece), root)


def without_chords(known: Conditions) -> Conditions:
    """Return the same with nothing said about chords: what they are worth is seen."""
    features = known.features.copy()
    for part in ("chord", "bass", "next", "wait"):
        features[:, PLACES[part]] = 0
    return Conditions(features, known.before, known.roots)


def notes_before(piece: Piece) -> Grid:
    """Return the pitch of the latest onset before each step, -1 if none, (steps,)."""
    latest = np.where(piece.melody >= 0, np.arange(piece.steps), -1)
    latest = np.maximum.accumulate(latest)
    latest = np.concatenate([[-1], latest[:-1]]) if piece.steps else latest
    return np.where(latest >= 0, piece.melody[latest], -1).astype(np.int16)


def _write_chords(features: Floats, piece: Piece) -> None:
    tones = np.zeros((len(piece.chords) + 1, OCTAVE), np.float32)
    basses = np.zeros_like(tones)
    for place, chord in enumerate(piece.chords):
        tones[place, list(chord.tones)] = 1
        basses[place, chord.bass] = 1
    features[:, PLACES["chord"]] = tones[piece.harmony]
    features[:, PLACES["bass"]] = basses[piece.harmony]
    following, wait = _next_chords(piece.harmony)
    features[:, PLACES["next"]] = tones[following]
    features[:, PLACES["wait"].start] = wait


def _next_chords(harmony: Grid) -> tuple[Grid, Floats]:
    """Return the chord after the one at each step, and how soon it comes."""
    following = np.full(len(harmony), NO_CHORD, np.int16)
    wait = np.zeros(len(harmony), np.float32)
    changes = np.flatnonzero(np.diff(harmony)) + 1
    begin = 0
    for change in changes.tolist():
        following[begin:change] = harmony[change]
        until = change - np.arange(begin, change)
        wait[begin:change] = np.maximum(0, 1 - (until - 1) / LONGEST_WAIT)
        begin = change
    return following, wait


def _write_key(features: Floats, piece: Piece) -> None:
    if piece.key is not None:
        features[:, PLACES["key"].start + piece.key.tonic] = 1
        features[:, PLACES["minor"].start] = piece.key.minor


def _write_places(features: Floats, piece: Piece) -> None:
    compound = piece.meter.compound
    beat_steps = 6 if compound else STEPS_A_QUARTER
    beat, step = np.divmod(piece.positions, beat_steps)
    rows = np.arange(piece.steps)
    features[rows, PLACES["step"].start + step] = 1
    features[rows, PLACES["beat"].start + np.minimum(beat, BEATS - 1)] = 1
    features[:, PLACES["meter"]] = (compound, piece.meter.beats % 3 == 0)
