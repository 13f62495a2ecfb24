"""The inputs of the default network at each sixteenth.

An LSTM is bad at remembering exactly, so at each step it also reads what repetitions
of earlier passages predict, and how often each of these predictions has been right.
`StepwiseInputs` returns the inputs of the next step while a melody is generated;
`inputs_of` lets it go through pieces that are known, for training and evaluation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.music.model.repetition import (
    BARS_AGO,
    MATCHED,
    NOTHING,
    PREDICTORS,
    SAME_PITCH,
    WINDOWS,
)
from core.music.model.vocabulary import FIRST_NOTE, REST_TOKEN, VOCABULARY
from core.music.score.piece import NO_CHORD, Grid, Piece
from core.music.theory.chord import OCTAVE
from core.music.theory.notes import STEPS_A_QUARTER

Floats = NDArray[np.float32]
Whole = NDArray[np.int16]
Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]

LONGEST_WAIT = 16  # steps until the next chord; more look the same
BEATS = 8  # number of distinct beats in a bar
# What is known of a step before its note is: name of each part -> its columns.
CONDITIONS = {
    "chord": OCTAVE,  # pitch classes of the chord
    "bass": OCTAVE,  # lowest note
    "next": OCTAVE,  # pitch classes of the next chord
    "wait": 1,  # 1 if that comes at the next step, 0 after a bar or never
    "key": OCTAVE,  # the tonic
    "minor": 1,
    "step": 6,  # sixteenth of the beat
    "beat": BEATS,
    "meter": 2,  # beats of three; bars of three
}
FEATURES = sum(CONDITIONS.values())
_ENDS = np.cumsum(list(CONDITIONS.values())).tolist()
COLUMNS = {
    name: slice(end - width, end)
    for (name, width), end in zip(CONDITIONS.items(), _ENDS, strict=True)
}
CHORD_PARTS = ("chord", "bass", "next", "wait")

INTERVAL = 12  # semitones; larger intervals look the same
INTERVALS = 2 * INTERVAL + 2  # one more for no interval
WAITS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 24)  # sixteenths, at most
BITS = 5  # bits of the bar's number
PREDICTED = INTERVALS + 2  # the prediction: rest, hold, an interval, or nothing
SIXTEENTHS = 16  # conditions are stored as whole numbers of these
START = VOCABULARY.size  # token before the first one

# Name of each part of the inputs -> its width, in their order.
WIDTHS = {
    "conditions": FEATURES,
    "bar": BITS,
    "token": VOCABULARY.size + 1,
    "degree": OCTAVE,
    "chord from note": OCTAVE,
    "next from note": OCTAVE,
    "interval": INTERVALS,
    "interval before": INTERVALS,
    "wait": len(WAITS) + 1,
    "wait before": len(WAITS) + 1,
    "predicted": PREDICTORS * PREDICTED,
    "hit rates": PREDICTORS * len(WINDOWS),
}
WIDTH = sum(WIDTHS.values())
STARTS = {
    name: end - WIDTHS[name]
    for name, end in zip(WIDTHS, np.cumsum(list(WIDTHS.values())).tolist(), strict=True)
}


@dataclass(frozen=True, eq=False)
class Inputs:
    """Steps in a row as small whole numbers; `dense` makes the network's inputs."""

    tokens: Longs  # (steps,) the targets
    conditions: Bytes  # (steps, FEATURES) in 16ths
    bars: Whole  # (steps,) number of the bar
    last: Whole  # (steps,) token before, or the vocabulary's size at the beginning
    pitches: Whole  # (steps,) pitch of the latest note, or NOTHING
    roots: Whole  # (steps,) root of the chord, or NOTHING
    # (steps, 2) the latest interval and the one before it, as indices in INTERVALS
    intervals: Bytes
    # (steps, 2) sixteenths since the latest note began, and between it and the one
    # before, as indices in WAITS
    waits: Bytes
    # (steps, PREDICTORS) token that each predictor predicts, or NOTHING
    predictions: NDArray[np.int8]
    hit_rates: Bytes  # (steps, PREDICTORS, WINDOWS) in 255ths

    def take(self, rows: Longs | slice) -> Self:
        """Return some steps, in any shape."""
        return type(self)(*(getattr(self, item.name)[rows] for item in fields(self)))

    @classmethod
    def joined(cls, parts: "list[Inputs]") -> "Inputs":
        """Return the steps of several one after the other."""
        columns = ([getattr(part, item.name) for part in parts] for item in fields(cls))
        return cls(*(np.concatenate(column) for column in columns))

    def without_chords(self, rows: NDArray[np.bool_]) -> Self:
        """Return the same (batch, time) steps with the chords of some rows hidden."""
        conditions, roots = self.conditions.copy(), self.roots.copy()
        for part in CHORD_PARTS:
            conditions[rows, :, COLUMNS[part]] = 0
        roots[rows] = NOTHING
        return replace(self, conditions=conditions, roots=roots)

    def without_repeats(self, rows: NDArray[np.bool_] | slice = slice(None)) -> Self:
        """Return the same steps without predictions of copies, in all rows or some."""
        predictions, hit_rates = self.predictions.copy(), self.hit_rates.copy()
        predictions[rows] = NOTHING
        hit_rates[rows] = 0
        return replace(self, predictions=predictions, hit_rates=hit_rates)


def inputs_of(pieces: Sequence[Piece]) -> list[Inputs]:
    """Return the inputs at each step of prepared pieces, as a melody is generated."""
    tokens = [VOCABULARY.encode(piece) for piece in pieces]
    longest = max((len(one) for one in tokens), default=0)
    padded = np.full((len(pieces), longest), REST_TOKEN, np.int64)
    for row, one in zip(padded, tokens, strict=True):
        row[: len(one)] = one
    stepwise, found = StepwiseInputs(pieces), []
    for step in range(longest):
        found.append(stepwise.next())
        stepwise.append(padded[:, step])
    columns = {
        item.name: np.stack([getattr(one, item.name) for one in found], axis=1)
        for item in fields(Inputs)
        if found
    }
    columns["tokens"] = padded
    return [
        Inputs(**{name: column[row, : len(one)] for name, column in columns.items()})
        for row, one in enumerate(tokens)
    ]


class StepwiseInputs:
    """The inputs of several melodies, step by step; training and playing read them.

    The pieces give chords, meter and key; their own melodies do not matter.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        rows, steps = len(pieces), max((piece.steps for piece in pieces), default=0)
        self._rows, self._step = np.arange(rows), 0
        self._bar = np.array([piece.meter.steps for piece in pieces], np.int64)
        self._conditions = np.zeros((rows, steps, FEATURES), np.uint8)
        self._roots = np.full((rows, steps), NOTHING, np.int16)
        self._bars = np.zeros((rows, steps), np.int16)
        known = {id(piece): (conditions(piece), _roots(piece)) for piece in pieces}
        for row, piece in enumerate(pieces):
            here = np.s_[row, : piece.steps]
            self._conditions[here], self._roots[here] = known[id(piece)]
            self._bars[here] = _bar_numbers(piece)
        self._tokens = np.zeros((rows, steps), np.int64)
        self._moves = np.zeros((rows, steps), np.int16)
        # Before each step: the latest note, and how many of the latest moves were the
        # same as those before the present step.
        self._latest = np.full((rows, steps + 1), NOTHING, np.int16)
        self._matched = np.zeros((rows, steps + 1), np.int16)
        # The latest notes, the newest first: three pitches, and when two began.
        self._pitches = np.full((rows, 3), NOTHING, np.int64)
        self._onsets = np.full((rows, 2), NOTHING, np.int64)
        self._predictions = np.full((rows, PREDICTORS), NOTHING, np.int8)
        # Right and counted predictions before each step.
        self._counts = np.zeros((rows, steps + 1, 2, PREDICTORS), np.int32)

    def next(self) -> Inputs:
        """Return the inputs at the next step, of shape (melodies, ...).

        Call it once for each step, before `append`.
        """
        step = self._step
        self._predictions = self._repetitions(step)
        last = self._tokens[:, step - 1] if step else np.full_like(self._rows, START)
        return Inputs(
            tokens=np.zeros(len(self._rows), np.int64),
            conditions=self._conditions[:, step],
            bars=self._bars[:, step],
            last=last.astype(np.int16),
            pitches=self._latest[:, step],
            roots=self._roots[:, step],
            intervals=self._intervals(),
            waits=self._waits(step),
            predictions=self._predictions,
            hit_rates=self._hit_rates(step),
        )

    def append(self, tokens: Longs) -> None:
        """Add the token of each melody at the step."""
        step, predicted = self._step, self._predictions
        note, given = tokens >= FIRST_NOTE, tokens[:, np.newaxis]
        counted = (predicted != NOTHING) & note[:, None] | (predicted >= FIRST_NOTE)
        now = np.stack([counted & (predicted == given), counted], axis=1)
        self._counts[:, step + 1] = self._counts[:, step] + now
        pitch = VOCABULARY.lowest + tokens - FIRST_NOTE
        before = np.where(self._pitches[:, 0] == NOTHING, pitch, self._pitches[:, 0])
        self._tokens[:, step] = tokens
        self._moves[:, step] = np.where(note, SAME_PITCH + pitch - before, tokens)
        same = self._moves[:, :step] == self._moves[:, step, np.newaxis]
        self._matched[:, 1 : step + 1] = np.where(same, self._matched[:, :step] + 1, 0)
        self._pitches[note, 1:] = self._pitches[note, :-1]
        self._pitches[note, 0] = pitch[note]
        self._onsets[note, 1] = self._onsets[note, 0]
        self._onsets[note, 0] = step
        self._latest[:, step + 1] = self._pitches[:, 0]
        self._step += 1

    def keep(self, row: int) -> None:
        """Continue all melodies from one of them, over the same chords."""
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray) and name != "_rows":
                setattr(self, name, np.repeat(value[row : row + 1], len(value), axis=0))

    def _repetitions(self, step: int) -> NDArray[np.int8]:
        """Return the token that each predictor predicts, (melodies, PREDICTORS)."""
        found = np.full((len(self._rows), PREDICTORS), NOTHING, np.int8)
        ago = step - self._bar[:, np.newaxis] * BARS_AGO
        token = self._tokens[self._rows[:, np.newaxis], np.maximum(ago, 0)]
        found[:, : len(BARS_AGO)] = np.where(ago >= 0, token, NOTHING)
        if step > MATCHED[0]:
            same = self._matched[:, None, :step] >= np.array(MATCHED)[:, None]
            earlier = step - 1 - same[:, :, ::-1].argmax(axis=2)
            known = same[self._rows[:, None], np.arange(len(MATCHED)), earlier]
            token = np.where(known, self._continued(earlier), NOTHING)
            found[:, len(BARS_AGO) :] = token
        return found

    def _continued(self, earlier: Longs) -> Longs:
        """Return earlier steps' tokens (melodies, ...), relative to the latest note."""
        rows = self._rows[:, np.newaxis]
        token, then = self._tokens[rows, earlier], self._latest[rows, earlier]
        now = self._pitches[:, :1]
        moved = token + now - then
        inside = (moved >= FIRST_NOTE) & (moved < VOCABULARY.size)
        moves = (token >= FIRST_NOTE) & (then != NOTHING) & (now != NOTHING)
        return np.where(moves, np.where(inside, moved, NOTHING), token)

    def _intervals(self) -> Bytes:
        known = self._pitches[:, 1:] != NOTHING
        semitones = self._pitches[:, :-1] - self._pitches[:, 1:]
        semitones = np.clip(semitones, -INTERVAL, INTERVAL)
        return np.where(known, semitones + INTERVAL, INTERVALS - 1).astype(np.uint8)

    def _waits(self, step: int) -> Bytes:
        since = step - self._onsets
        since[:, 1] = self._onsets[:, 0] - self._onsets[:, 1]
        waits = np.searchsorted(WAITS, since)
        return np.where(self._onsets != NOTHING, waits, len(WAITS)).astype(np.uint8)

    def _hit_rates(self, step: int) -> Bytes:
        """Return the recent accuracy of each predictor, in 255ths."""
        begins = [max(0, step - window) for window in WINDOWS]
        counts = self._counts[:, step, np.newaxis] - self._counts[:, begins]
        right, counted = counts[:, :, 0], counts[:, :, 1]
        shares = 255 * right // np.maximum(1, counted)  # 0 where nothing is counted
        return np.asarray(shares.transpose(0, 2, 1), np.uint8)


def dense(inputs: Inputs) -> Floats:
    """Return the network's inputs, (..., WIDTH), of steps in any shape."""
    shape = inputs.bars.shape
    count = int(np.prod(shape))
    x = np.zeros((count, WIDTH), np.float32)
    rows = np.arange(count)

    known = inputs.conditions.reshape(count, FEATURES)
    x[:, :FEATURES] = known
    x[:, :FEATURES] /= SIXTEENTHS
    bars = inputs.bars.reshape(count, 1)
    x[:, STARTS["bar"] : STARTS["bar"] + BITS] = bars >> np.arange(BITS) & 1
    pitches, roots = inputs.pitches.reshape(count), inputs.roots.reshape(count)
    both = np.flatnonzero((pitches != NOTHING) & (roots != NOTHING))
    x[both, STARTS["degree"] + (pitches - roots)[both] % OCTAVE] = 1
    if len(both):
        columns = (np.arange(OCTAVE) + pitches[both, None]) % OCTAVE
        for name, part in (("chord from note", "chord"), ("next from note", "next")):
            tones = known[both, COLUMNS[part]]
            turned = np.take_along_axis(tones, columns, axis=1)
            x[both, STARTS[name] : STARTS[name] + OCTAVE] = turned / SIXTEENTHS
    intervals, waits = (
        inputs.intervals.reshape(count, 2),
        inputs.waits.reshape(count, 2),
    )
    for name, indices in (
        ("token", inputs.last.reshape(count)),
        ("interval", intervals[:, 0]),
        ("interval before", intervals[:, 1]),
        ("wait", waits[:, 0]),
        ("wait before", waits[:, 1]),
    ):
        x[rows, STARTS[name] + indices.astype(np.int64)] = 1
    predicted = _predicted(inputs.predictions.reshape(count, PREDICTORS), pitches)
    starts = STARTS["predicted"] + PREDICTED * np.arange(PREDICTORS)
    x[rows[:, None], starts + predicted] = 1
    x[:, STARTS["hit rates"] :] = inputs.hit_rates.reshape(count, -1)
    x[:, STARTS["hit rates"] :] /= 255
    return x.reshape(*shape, WIDTH)


def _predicted(predictions: NDArray[np.int8], pitches: Whole) -> Longs:
    """Return predictions as intervals from the latest note: indices in PREDICTED."""
    notes = predictions.astype(np.int64) - FIRST_NOTE + VOCABULARY.lowest
    intervals = np.clip(notes - pitches[:, None], -INTERVAL, INTERVAL) + INTERVAL
    intervals[pitches == NOTHING] = INTERVALS - 1  # a note, but no interval
    return np.where(
        predictions == NOTHING,
        INTERVALS - 1,
        np.where(predictions >= FIRST_NOTE, intervals, INTERVALS + predictions),
    )


def conditions(piece: Piece) -> Bytes:
    """Return the features known before each step's note (steps, FEATURES), in 16ths.

    `COLUMNS` names the columns.
    """
    features = np.zeros((piece.steps, FEATURES), np.float32)
    tones = np.zeros((len(piece.chords) + 1, OCTAVE), np.float32)  # the last: no chord
    basses = np.zeros_like(tones)
    for index, chord in enumerate(piece.chords):
        tones[index, list(chord.tones)] = 1
        basses[index, chord.bass] = 1
    features[:, COLUMNS["chord"]] = tones[piece.harmony]
    features[:, COLUMNS["bass"]] = basses[piece.harmony]
    following, wait = _next_chords(piece.harmony)
    features[:, COLUMNS["next"]] = tones[following]
    features[:, COLUMNS["wait"].start] = wait
    if piece.key is not None:
        features[:, COLUMNS["key"].start + piece.key.tonic] = 1
        features[:, COLUMNS["minor"].start] = piece.key.minor
    compound = piece.meter.compound
    beat, step = np.divmod(piece.positions, 6 if compound else STEPS_A_QUARTER)
    rows = np.arange(piece.steps)
    features[rows, COLUMNS["step"].start + step] = 1
    features[rows, COLUMNS["beat"].start + np.minimum(beat, BEATS - 1)] = 1
    features[:, COLUMNS["meter"]] = (compound, piece.meter.beats % 3 == 0)
    return np.round(features * SIXTEENTHS).astype(np.uint8)


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


def _roots(piece: Piece) -> Whole:
    roots = [chord.root for chord in piece.chords]
    return np.array([*roots, NOTHING], np.int16)[piece.harmony]  # NO_CHORD is the last


def _bar_numbers(piece: Piece) -> Whole:
    """Return the number of each step's bar; a pickup is counted with the first."""
    bars = piece.bar_at(np.arange(piece.steps)) - 1
    return np.asarray(np.maximum(bars, 0), np.int16)
