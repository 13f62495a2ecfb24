"""A model plays step by step: what may come is guarded, what comes is drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.music.chord import OCTAVE
from core.music.config import Performance
from core.music.copy_guard import CopyGuard
from core.music.forward import Player
from core.music.piece import REST, Grid, Piece

SAME = 4  # notes of one pitch in a row, at most
QUIET_BARS = 2  # without a note that begins, at most
MAJOR_TRIAD, MINOR_TRIAD = (0, 4, 7), (9, 0, 4)  # in C major and A minor
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Guards:
    """What a melody must not do.

    Attributes
    ----------
    lowest, highest
        Pitches that it stays between.
    copies
        Refuses longer copied runs, or None.
    ending
        Whether its last bar is an end: only tones of the chord begin there (without
        chords, of the key's triad), and none in the second half.
    """

    lowest: int
    highest: int
    copies: CopyGuard | None = None
    ending: bool = True


@dataclass(frozen=True, eq=False)
class Played:
    """What came of it.

    Attributes
    ----------
    melody
        (steps,) as in a `Piece`.
    refused
        How often the copy guard struck out the note that would have been taken.
    """

    melody: Grid
    refused: int


def play(
    player: Player, over: Piece, given: int, guards: Guards, how: Performance
) -> Played:
    """Play a melody over chords, step by step.

    Parameters
    ----------
    player
        A model at its beginning, over the same chords.
    over
        The chords, and the melody of the first `given` steps, which are played as
        they are.
    given
        Steps that the model only hears.
    guards
        What must not come.
    how
        Temperature, top-k, top-p, seed.
    """
    chance = np.random.default_rng(how.seed)
    melody = np.full(over.steps, REST, np.int16)
    line = _Line(over)
    refused = 0
    for step in range(over.steps):
        scores = player.scores()
        chosen = -1
        if step < given:
            value = int(over.melody[step])
        else:
            values = player.values()
            allowed = line.allowed(values, guards)
            place = chance.random()
            chosen = drawn(scores, allowed, how, place)
            if guards.copies is not None:
                copied = line.copied(values, guards.copies)
                if copied[chosen]:
                    refused += 1
                    chosen = drawn(scores, allowed & ~copied, how, place)
            value = int(values[chosen])
        melody[step] = value
        player.hear(value, chosen)
        line.hear(value)
    return Played(melody, refused)


def drawn(
    scores: NDArray[np.floating],
    allowed: NDArray[np.bool_],
    how: Performance,
    place: float,
) -> int:
    """Return the token at a place, 0 to 1, of the chances of those that may come.

    Where none may, the guards yield.
    """
    guarded = np.where(allowed, scores, -np.inf).astype(np.float64)
    scores = guarded if np.isfinite(guarded).any() else scores.astype(np.float64)
    if how.temperature == 0.0:
        return int(scores.argmax())
    order = np.argsort(-scores, kind="stable")
    chances = np.exp((scores[order] - scores[order[0]]) / how.temperature)
    chances /= chances.sum()
    if how.top_k:
        chances[how.top_k :] = 0
    before = chances.cumsum() - chances
    chances[before >= how.top_p] = 0  # the first one always stays
    ends = chances.cumsum()
    return int(order[np.searchsorted(ends, place * ends[-1], side="right")])


class _Line:
    """The melody so far."""

    def __init__(self, over: Piece) -> None:
        self._over = over
        self._step = 0
        self._pitches: list[int] = []
        self._onsets: list[int] = []
        self._last = REST

    def hear(self, value: int) -> None:
        if value >= 0:
            self._pitches.append(value)
            self._onsets.append(self._step)
        self._last = value
        self._step += 1

    def allowed(self, values: NDArray[np.int64], guards: Guards) -> NDArray[np.bool_]:
        note = values >= 0
        notes = note & (values >= guards.lowest) & (values <= guards.highest)
        if len(self._pitches) >= SAME and len(set(self._pitches[-SAME:])) == 1:
            notes &= values != self._pitches[-1]
        if guards.ending:
            notes &= self._may_end(values)
        quiet = ~note & ((values == REST) | (self._last != REST))
        since = self._step - (self._onsets[-1] if self._onsets else 0)
        if since >= QUIET_BARS * self._over.meter.steps and notes.any():
            quiet[:] = False
        return np.asarray(notes | quiet)

    def copied(self, values: NDArray[np.int64], guard: CopyGuard) -> NDArray[np.bool_]:
        found = guard.copied(self._pitches, [*self._onsets, self._step], values)
        return np.asarray(found & (values >= 0))

    def _may_end(self, values: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which notes may begin, with a view to the end of the piece."""
        left, bar = self._over.steps - self._step, self._over.meter.steps
        if left > bar:
            return np.ones(len(values), bool)
        if left <= bar // 2:
            return np.zeros(len(values), bool)
        chord, key = self._over.chord_at(self._step), self._over.key
        tones = MINOR_TRIAD if key and key.minor else MAJOR_TRIAD
        return np.isin(values % OCTAVE, chord.tones if chord else tones)
