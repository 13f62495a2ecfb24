"""Rewriting: some bars of a melody are generated again, repeated, or changed by hand.

Bars are numbered as on the page: 1 is the first full one, 0 a pickup. What is not to
change stays as it is, step by step.
"""

import copy
import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.music.arranger.ending import ended_on_tonic
from core.music.arranger.playable import playable
from core.music.config import Performance
from core.music.improviser.origins import Origin, Origins
from core.music.improviser.quavers import doubled, halved, in_quavers
from core.music.improviser.sampling import generate, held_after
from core.music.model.vocabulary import NoteTokens, prepared
from core.music.playing.takes import constraints_of, transposition
from core.music.result import Result
from core.music.score.piece import HOLD, REST, Piece, transpose_melody, without_stray
from core.music.theory.chord import OCTAVE, Chord, fitted, smallest_interval
from core.music.theory.notes import HIGHEST, LOWEST
from core.task import DataError

FOLLOWING_BARS = 4  # number of following bars in the rank of a rewriting
CANDIDATES = 4
MOST_ATTEMPTS = 3  # most attempts for each candidate: others may be equal
SEEDS = 1_000_000
BARS = re.compile(r"\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A melody in which some bars may be rewritten, and how well it fits."""

    piece: Piece  # all of it
    # Mean nats a sixteenth of the bars after the rewritten ones: the fewer, the better
    # they follow. None without such bars.
    follows: float | None
    filling: float  # mean nats a sixteenth of the rewritten bars themselves
    origins: Origins  # (sixteenths,), `GIVEN` where the melody stays
    refused: int = 0  # number of notes that the copy guard rejected


@dataclass(frozen=True, eq=False)
class Rewriting:
    """Some bars as they are, and different ones for them, the best one first."""

    present: Candidate
    candidates: tuple[Candidate, ...]


def rewrite(
    result: Result,
    how: Performance,
    piece: Piece,
    first: int,
    last: int,
    locked: Collection[int] = (),
    count: int = CANDIDATES,
    again: int = 0,
) -> Rewriting:
    """Let a model write some bars again; all other bars stay as they are.

    The candidates are samples of the model, which has read the bars before. They are
    ranked by what it thinks of the bars after them, which it does not see while it
    samples; where none follow, by what it thinks of the candidate. Raise a DataError if
    there are no such bars, all are locked, or the model cannot read them.

    Parameters
    ----------
    locked
        Bars among them that stay as they are.
    count
        How many different candidates to sample; with a low temperature there may be
        fewer, because some are equal.
    again
        How often these bars have been rewritten before: other numbers give others.
    """
    if isinstance(result.vocabulary, NoteTokens):
        raise DataError(
            "Expected a model that reads the bars around those to be rewritten; the "
            "classic recipe begins from nothing. Choose another model."
        )
    sampler = _Sampler(result, how, piece, bar_mask(piece, first, last, locked))
    present = sampler.candidate(how, fixed=np.ones(piece.steps, bool))
    different = {present.piece.melody.tobytes(): present}
    for attempt in range(MOST_ATTEMPTS * count):
        if len(different) > count:
            break
        seeded = replace(how, seed=_seed(how.seed, again, attempt))
        made = sampler.candidate(seeded, fixed=~sampler.free)
        different.setdefault(made.piece.melody.tobytes(), made)
    _, *candidates = different.values()
    return Rewriting(
        present,
        tuple(sorted(candidates, key=lambda it: (it.follows or 0.0, it.filling))),
    )


class _Sampler:
    """Samples melodies for the free steps of a piece from a model."""

    def __init__(
        self, result: Result, how: Performance, piece: Piece, free: Mask
    ) -> None:
        over = piece if result.chords_read else piece.without_chords()
        self.unit = 1 + in_quavers(over, how)  # steps that the model reads as one
        read = halved(over) if self.unit > 1 else over
        self.piece, self.free, self.in_c = piece, free, prepared(read)
        self.semitones = transposition(read, self.in_c)
        self.constraints = constraints_of(result, how, self.in_c, self.semitones)
        steps = np.flatnonzero(free[:: self.unit])
        self.begin, self.end = int(steps[0]), int(steps[-1]) + 1
        self.player = result.player(self.in_c)
        for value in self.in_c.melody[: self.begin].tolist():
            self.player.scores()
            self.player.append(value, -1)

    def candidate(self, how: Performance, fixed: Mask) -> Candidate:
        """Play the free steps, and judge the bars and their continuation."""
        piece, given = self.piece, fixed[:: self.unit]
        end = self.end + FOLLOWING_BARS * self.in_c.meter.steps
        steps = range(self.begin, min(end, self.in_c.steps))
        player = copy.deepcopy(self.player)
        found = generate(player, self.in_c, given, self.constraints, how, steps)
        written = transpose_melody(found.melody, self.semitones)
        origins = np.repeat(found.origins, self.unit)[: piece.steps]
        if self.unit > 1:
            written = doubled(written, piece.steps)
        written = np.where(fixed, piece.melody, written)
        made = replace(piece, melody=without_stray(written))
        if self.constraints.tonic is not None:
            made = ended_on_tonic(made, fixed)
        made = playable(made, fixed, replace(how, plan="free"), self.unit)
        origins[made.melody != written] = Origin.RULE
        after = found.nats[self.end : steps.stop]
        return Candidate(
            piece=made,
            follows=float(after.mean()) if len(after) else None,
            filling=float(found.nats[self.free[:: self.unit]].mean()),
            origins=origins,
            refused=found.refused,
        )


def _seed(*numbers: int) -> int:
    """Return a random seed for some whole numbers."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0]) % SEEDS


def repeat_bars(
    piece: Piece, first: int, last: int, locked: Collection[int] = ()
) -> Piece:
    """Copy some bars to as many after them that are not locked, if there are any.

    A rule, without a model: each note moves as the root of its chord does, to the
    nearest, and a tone of the chord becomes the nearest tone of the other chord.
    """
    if last < 1:
        raise DataError("Expected full bars to repeat, got the pickup. Mark others.")
    begin, end = bar_range(piece, max(first, 1), last)
    until = min(2 * end - begin, piece.steps)
    free = np.zeros(piece.steps, bool)
    free[end:until] = True
    free &= ~locked_mask(piece, locked)
    if not free.any():
        raise DataError(
            f"Expected bars after bar {last} that are not locked, got none. Mark "
            "earlier bars, or unlock some."
        )
    melody = piece.melody.copy()
    may_hold = False
    for step in range(end, until):
        if not free[step]:
            may_hold = False  # what a locked bar ends with does not go on
            continue
        source = step - (end - begin)
        value = int(piece.melody[source])
        if value >= 0:
            value = _moved(value, piece.chord_at(source), piece.chord_at(step))
        elif value == HOLD and not may_hold:
            value = REST
        melody[step] = value
        may_hold = value != REST
    for step in np.flatnonzero(held_after(piece.melody, ~free)).tolist():
        if melody[step] == REST:  # the end of the note that was here
            melody[step] = piece.melody[: step + 1][piece.melody[: step + 1] >= 0][-1]
    return replace(piece, melody=melody)


def _moved(pitch: int, source: Chord | None, target: Chord | None) -> int:
    """Return a note over one chord as it is played over another."""
    if source is None or target is None or source == target:
        return pitch
    moved = pitch + smallest_interval(target.root - source.root)
    moved = fitted(pitch, moved, source, target)
    return moved + OCTAVE * ((moved < LOWEST) - (moved > HIGHEST))


def move_note(
    piece: Piece, note: int, step: int, pitch: int, locked: Collection[int] = ()
) -> Piece:
    """Move a note, counted from 0, to the nearest step between its neighbours.

    The note before it ends where it now begins, and it ends at the latest where the
    one after it begins; where it was is a rest. Raise a DataError if there is no such
    note, or a locked bar would change.
    """
    onsets = piece.onsets.tolist()
    if not 0 <= note < len(onsets):
        raise DataError(
            f"Expected one of the {len(onsets)} notes, got number {note + 1}. Move "
            "another."
        )
    earliest = onsets[note - 1] + 1 if note else 0
    following = onsets[note + 1] if note + 1 < len(onsets) else piece.steps
    begin = onsets[note]
    end = next(
        (at for at in range(begin + 1, following) if piece.melody[at] != HOLD),
        following,
    )
    step = min(max(step, earliest), following - 1)
    melody = piece.melody.copy()
    melody[min(begin, step) : following] = REST
    melody[step : min(step + end - begin, following)] = HOLD
    melody[step] = min(max(pitch, LOWEST), HIGHEST)
    changed = (melody != piece.melody) & locked_mask(piece, locked)
    if changed.any():
        number = piece.bar_at(int(np.flatnonzero(changed)[0]))
        raise DataError(
            f"Bar {number}: expected a note outside the locked bars, got one inside. "
            "Unlock the bar first."
        )
    return replace(piece, melody=melody)


def parse_bars(text: str) -> tuple[int, int]:
    """Read "5-8" as two numbers of bars, and "5" as twice the same one."""
    found = BARS.fullmatch(text)
    if not found:
        raise DataError(
            f"rewrite: expected bars such as 5-8, got {text!r}. Give the number of the "
            "first bar and of the last one."
        )
    first = int(found[1])
    return first, int(found[2] or first)


def bar_range(piece: Piece, first: int, last: int) -> tuple[int, int]:
    """Return the first step of some bars, and the first one after them."""
    lowest, highest = int(piece.pickup == 0), piece.full_bars
    if not lowest <= first <= last <= highest:
        raise DataError(
            f"Expected bars from {lowest} to {highest}, the first one not after the "
            f"last, got {first}-{last}. Choose others."
        )
    begin = piece.pickup + (first - 1) * piece.meter.steps
    end = piece.pickup + last * piece.meter.steps
    return max(begin, 0), min(end, piece.steps)


def bar_mask(piece: Piece, first: int, last: int, locked: Collection[int] = ()) -> Mask:
    """Return which steps are of some bars that are not locked, (steps,)."""
    begin, end = bar_range(piece, first, last)
    mask = np.zeros(piece.steps, bool)
    mask[begin:end] = True
    mask &= ~locked_mask(piece, locked)
    if not mask.any():
        raise DataError(
            f"Expected bars that are not locked, got {first}-{last}, which all are. "
            "Unlock some."
        )
    return mask


def locked_mask(piece: Piece, locked: Collection[int]) -> Mask:
    """Return which steps are of locked bars, (steps,)."""
    return np.isin(piece.bar_at(np.arange(piece.steps)), list(locked))
