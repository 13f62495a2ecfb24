"""Sampling: a model generates a melody step by step, within some constraints."""

from copy import copy
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.music.config import Performance
from core.music.improviser.origins import Origin, Origins
from core.music.judging.originality import CopyGuard
from core.music.model.players import Player
from core.music.score.piece import HOLD, REST, Grid, Piece
from core.music.theory.chord import OCTAVE
from core.music.theory.keys import Key

MOST_REPEATED = 4  # notes of one pitch in a row
TRIAD = 3  # tones of a chord that a melody may end on
QUIET_BARS = 2  # without an onset, at most
MAJOR_TRIAD, MINOR_TRIAD = (0, 4, 7), (9, 0, 4)  # triads of C major and A minor


@dataclass(frozen=True)
class Constraints:
    """The constraints on a melody."""

    # Range of its pitches
    lowest: int
    highest: int
    copies: CopyGuard | None = None  # prevents longer copied runs; None allows them
    # Whether the last bar is an ending: notes that begin there are the root, third or
    # fifth of the last chord, and none begins in its second half
    ending: bool = True
    # Pitch class of the only note that may begin in the last bar; None for any of the
    # chord
    tonic: int | None = None


@dataclass(frozen=True, eq=False)
class Generated:
    """A generated melody."""

    melody: Grid  # (steps,) as in a `Piece`
    refused: int  # how often the copy guard rejected the note that had been sampled
    origins: Origins  # (steps,) the `Origin` of each
    # The candidate that was kept for each phrase, from 1; empty without a choice, None
    # after another change
    kept: tuple[int, ...] | None = ()
    # (steps,) the model's loss on each; only of `generate`
    nats: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


def generate(
    player: Player,
    over: Piece,
    fixed: NDArray[np.bool_],
    constraints: Constraints,
    how: Performance,
    steps: range | None = None,
) -> Generated:
    """Generate a melody over chords, step by step.

    Parameters
    ----------
    player
        A model over the same chords, which has read the steps before `steps`.
    over, fixed
        The chords, and the melody of the fixed steps (steps,), which the model reads.
    steps
        To play or read, by default all; those after them are fixed.
    """
    random = np.random.default_rng(how.seed)
    steps = steps or range(over.steps)
    melody = np.where(fixed, over.melody, REST)
    origins = np.where(fixed, Origin.GIVEN, Origin.NETWORK).astype(np.int8)
    nats = np.zeros(over.steps)
    line, refused = Line(over), 0
    held = held_after(over.melody, fixed)
    for value in over.melody[: steps.start].tolist():
        line.append(value)
    for step in steps:
        scores, values, token = player.scores(), player.values(), -1
        if fixed[step]:
            value = int(over.melody[step])
        else:
            if constraints.ending and line.is_ending:
                origins[step] = Origin.RULE
            silent = held[step] & line.silent(values)
            wanted = np.where(silent, -np.inf, scores)
            allowed = line.allowed(values, constraints)
            position = random.random()
            token, copied = line.choose(
                wanted, values, allowed, constraints.copies, how, position
            )
            refused += copied
            value = int(values[token])
        melody[step], nats[step] = value, _nats(scores, values == value)
        player.append(value, token)
        line.append(value)
    return Generated(melody, refused, origins, nats=nats)


def held_after(melody: Grid, fixed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which free steps must sound because the next one is fixed and held."""
    held = np.append(fixed[1:] & (melody[1:] == HOLD), False)
    return np.asarray(~fixed & held)


def _nats(scores: NDArray[np.floating], chosen: NDArray[np.bool_]) -> float:
    """Return the negative log-probability of the likeliest of some tokens."""
    scores = scores.astype(np.float64)
    likely, highest = scores[chosen].max(initial=-np.inf), scores.max()
    return float(highest + np.log(np.exp(scores - highest).sum()) - likely)


def sample(
    scores: NDArray[np.floating],
    allowed: NDArray[np.bool_],
    how: Performance,
    position: float,
) -> int:
    """Return the token at a position, 0 to 1, of the cumulative probabilities.

    Only allowed tokens are sampled, or any if none is allowed.
    """
    limited = np.where(allowed, scores, -np.inf).astype(np.float64)
    scores = limited if np.isfinite(limited).any() else scores.astype(np.float64)
    if how.temperature == 0.0:
        return int(scores.argmax())
    order = np.argsort(-scores, kind="stable")
    probabilities = np.exp((scores[order] - scores[order[0]]) / how.temperature)
    probabilities /= probabilities.sum()
    if how.top_k:
        probabilities[how.top_k :] = 0
    before = probabilities.cumsum() - probabilities
    probabilities[before >= how.top_p] = 0  # never the first one
    ends = probabilities.cumsum()
    return int(order[np.searchsorted(ends, position * ends[-1], side="right")])


def triad(key: Key | None) -> tuple[int, ...]:
    """Return the tones of the tonic's triad in C major or A minor."""
    return MINOR_TRIAD if key and key.minor else MAJOR_TRIAD


def ending_tones(over: Piece, step: int) -> tuple[int, ...]:
    """Return the allowed last pitch classes, in C major or A minor.

    They are the root, third and fifth of the last chord; of these, those that are of
    the chord at the step too, if any. Without chords, the key's triad.
    """
    last, now = over.chord_at(over.steps - 1), over.chord_at(step)
    tones = last.tones[:TRIAD] if last else triad(over.key)
    shared = tuple(tone for tone in tones if now and tone in now.tones)
    return shared or tones


class Line:
    """The melody so far, and the allowed continuations."""

    def __init__(self, over: Piece) -> None:
        self._over = over
        self._step = 0
        self.pitches: list[int] = []
        self._onsets: list[int] = []
        self._last = REST

    def copy(self) -> "Line":
        """Return a copy that continues from the same notes."""
        other = copy(self)
        other.pitches, other._onsets = self.pitches.copy(), self._onsets.copy()
        return other

    @property
    def is_ending(self) -> bool:
        """Whether the step is in the last bar, where `ending` restricts the notes."""
        return self._over.steps - self._step <= self._over.meter.steps

    def append(self, value: int) -> None:
        """Add a pitch, `HOLD` or `REST`."""
        if value >= 0:
            self.pitches.append(value)
            self._onsets.append(self._step)
        self._last = value
        self._step += 1

    def allowed(
        self, values: NDArray[np.int64], constraints: Constraints
    ) -> NDArray[np.bool_]:
        """Return which values the constraints allow, without the copy guard."""
        note = values >= 0
        notes = note & (values >= constraints.lowest) & (values <= constraints.highest)
        if (
            len(self.pitches) >= MOST_REPEATED
            and len(set(self.pitches[-MOST_REPEATED:])) == 1
        ):
            notes &= values != self.pitches[-1]
        if constraints.ending:
            notes &= self._may_end(values, constraints)
        quiet = ~note & ((values == REST) | (self._last != REST))
        since = self._step - (self._onsets[-1] if self._onsets else 0)
        if since >= QUIET_BARS * self._over.meter.steps and notes.any():
            quiet[:] = False
        return np.asarray(notes | quiet)

    def silent(self, values: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which values are silent at this step."""
        held = (values == HOLD) & (self._last == REST)
        return np.asarray(held | (values == REST))

    def choose(
        self,
        scores: NDArray[np.floating],
        values: NDArray[np.int64],
        allowed: NDArray[np.bool_],
        guard: CopyGuard | None,
        how: Performance,
        position: float,
    ) -> tuple[int, bool]:
        """Sample a token, again if the copy guard rejects it; return whether it did."""
        token = sample(scores, allowed, how, position)
        if guard is None or values[token] < 0:
            return token, False
        onsets = [*self._onsets, self._step]
        copied = guard.copied(self.pitches, onsets, values) & (values >= 0)
        if not copied[token]:
            return token, False
        return sample(scores, allowed & ~copied, how, position), True

    def _may_end(
        self, values: NDArray[np.int64], constraints: Constraints
    ) -> NDArray[np.bool_]:
        """Return which notes may begin, given the distance to the end of the piece."""
        left, bar = self._over.steps - self._step, self._over.meter.steps
        if not self.is_ending:
            return np.ones(len(values), bool)
        if left <= bar // 2:
            return np.zeros(len(values), bool)
        tones = ending_tones(self._over, self._step)
        if constraints.tonic is not None:
            tones = (constraints.tonic,)
        return np.isin(values % OCTAVE, tones)
