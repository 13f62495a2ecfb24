"""Guided sampling: several candidates for each phrase, of which one is kept.

A guide adds biases to the model's scores, and at some steps demands what is played. It
also ranks the candidates. What a guide wants is not learnt: see `arranger`.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.music.config import Performance
from core.music.improviser.origins import Origin, Origins
from core.music.improviser.sampling import Constraints, Generated, Line
from core.music.model.players import DefaultPlayers
from core.music.score.piece import REST, Grid, Piece

CANDIDATES = 6  # number of candidates for each phrase
ROUNDING = 1e-6  # nats; smaller biases count as none

Flags = NDArray[np.bool_]
Scores = NDArray[np.floating]


class Guide(Protocol):
    """The interface of a guide for generation."""

    @property
    def phrases(self) -> Sequence[tuple[int, int]]:
        """First step of each phrase, and the one after its last; all steps in turn."""

    def biases(self, step: int, scores: Scores, melodies: Grid) -> Scores:
        """Return the scores to add to the model's at a step, (candidates, tokens).

        `melodies` are those so far, (candidates, steps).
        """

    def last_bias(self, step: int, before: int) -> Scores | None:
        """Return the scores to add for a phrase's last note; None at other steps.

        `before` is the pitch of the note before it, -1 for none.
        """

    def demanded(self, step: int) -> Flags:
        """Return the tokens that a rule allows at a step, (tokens,)."""

    def best(self, phrase: tuple[int, int], melodies: Grid, likely: Scores) -> int:
        """Return the candidate to keep.

        `likely` is the mean log-likelihood of the pitches above the expected one.
        """


def generate_guided(
    players: DefaultPlayers,
    over: Piece,
    fixed: Flags,
    constraints: Constraints,
    how: Performance,
    guide: Guide,
) -> Generated:
    """Generate a melody led by a guide, a phrase at a time.

    Parameters
    ----------
    players
        The model, with as many melodies as `CANDIDATES`, over the same chords.
    over, fixed
        The chords in C major or A minor, with the melody of the fixed steps; which
        steps are fixed, (steps,): the guide never changes them.
    """
    random = np.random.default_rng(how.seed)
    positions = random.random((over.steps, CANDIDATES))
    melody = np.full(over.steps, REST, np.int16)
    origins = np.full(over.steps, Origin.GIVEN, np.int8)
    line, refused, kept = Line(over), 0, []
    for phrase in guide.phrases:
        candidates = _Candidates(players, guide, line, melody, origins)
        for step in range(*phrase):
            if fixed[step]:
                candidates.read(step, int(over.melody[step]))
            else:
                candidates.sample(step, constraints, how, positions[step])
        best = 0
        if not fixed[slice(*phrase)].all():
            best = guide.best(phrase, candidates.melodies, candidates.likely)
            kept.append(best + 1)
        players.keep(best)
        line, melody = candidates.lines[best], candidates.melodies[best]
        origins = candidates.origins[best]
        refused += candidates.refused[best]
    return Generated(melody, refused, origins, tuple(kept))


class _Candidates:
    """Several candidates for the next phrase of a melody."""

    def __init__(
        self,
        players: DefaultPlayers,
        guide: Guide,
        line: Line,
        melody: Grid,
        origins: Origins,
    ) -> None:
        self._players, self._guide = players, guide
        self.lines = [line.copy() for _ in range(CANDIDATES)]
        self.melodies = np.repeat(melody[None], CANDIDATES, axis=0)
        self.origins = np.repeat(origins[None], CANDIDATES, axis=0)
        self.refused = [0] * CANDIDATES
        self._likelihoods, self._notes = np.zeros((2, CANDIDATES))

    @property
    def likely(self) -> Scores:
        """Mean log-likelihood of each candidate's pitches above the expected one."""
        return np.asarray(self._likelihoods / np.maximum(1, self._notes))

    def read(self, step: int, value: int) -> None:
        """Continue with a fixed value."""
        scores = self._players.scores()
        place = int(np.flatnonzero(self._players.values == value)[0])
        self._judge(scores, np.full(CANDIDATES, place))
        self._append(step, np.full(CANDIDATES, value))

    def sample(
        self, step: int, constraints: Constraints, how: Performance, positions: Scores
    ) -> None:
        """Sample each candidate's next value."""
        scores, values = self._players.scores(), self._players.values
        biases = self._guide.biases(step, scores, self.melodies)
        demanded = self._guide.demanded(step)
        chosen = np.empty(CANDIDATES, np.int64)
        for place, line in enumerate(self.lines):
            allowed = line.allowed(values, constraints)
            pushed = bool((np.abs(biases[place]) > ROUNDING).any())
            origin = Origin.PUSHED if pushed else Origin.NETWORK
            if not demanded.all() and (allowed & demanded).any():
                allowed &= demanded
                origin = Origin.RULE
            self.origins[place, step] = origin
            wanted = scores[place] + biases[place]
            last = self._guide.last_bias(step, line.pitches[-1] if line.pitches else -1)
            if last is not None:
                wanted = wanted + last
            chosen[place], copied = line.choose(
                wanted, values, allowed, constraints.copies, how, positions[place]
            )
            self.refused[place] += copied
        self._judge(scores, chosen)
        self._append(step, values[chosen])

    def _judge(self, scores: Scores, chosen: NDArray[np.int64]) -> None:
        """Add how likely the pitches are, given that notes begin here."""
        notes = self._players.values >= 0
        begins = notes[chosen]
        pitches = np.where(begins, chosen - notes.argmax(), 0)
        above = _above_expected(scores[:, notes], pitches)
        self._likelihoods += np.where(begins, above, 0)
        self._notes += begins

    def _append(self, step: int, values: NDArray[np.int64]) -> None:
        self.melodies[:, step] = values
        self._players.append(values)
        for line, value in zip(self.lines, values.tolist(), strict=True):
            line.append(value)


def log_sum(scores: Scores) -> Scores:
    """Return the logarithm of the sum of exponentials of each row, (rows, 1)."""
    most = scores.max(axis=1, keepdims=True)
    return np.asarray(most + np.log(np.exp(scores - most).sum(axis=1, keepdims=True)))


def _above_expected(scores: Scores, chosen: NDArray[np.int64]) -> Scores:
    """Return the tokens' log-likelihoods above those expected of a sample.

    The expected one is minus the entropy. Without it, what is easy to predict, such as
    repeated bars, would always be likeliest.
    """
    logs = scores - log_sum(scores)
    expected = (np.exp(logs) * logs).sum(axis=1)
    return np.asarray(logs[np.arange(len(logs)), chosen] - expected)
