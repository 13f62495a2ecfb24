"""What the default network reads at each sixteenth.

An LSTM is bad at remembering exactly, so at each step it also reads what repetitions
of earlier passages predict, and how often each of these predictions has been right.
`inputs_of` returns the inputs of a whole piece; `StepwiseInputs` returns the same step
by step, while a melody is generated.
"""

from copy import copy
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
    hit_rates,
    rate,
    repetitions,
)
from core.music.model.vocabulary import FIRST_NOTE, VOCABULARY
from core.music.score.piece import NO_CHORD, Grid, Piece
from core.music.theory.chord import OCTAVE
from core.music.theory.notes import STEPS_A_QUARTER

Floats = NDArray[np.float32]
Whole = NDArray[np.int16]
Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]

LONGEST_WAIT = 16  # steps until the next chord; more look the same
BEATS = 8  # of a bar that are told apart
# What is known of a step before its note is: name of each part -> its columns.
CONDITIONS = {
    "chord": OCTAVE,  # pitch classes of the chord
    "bass": OCTAVE,  # its lowest note
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
INTERVALS = 2 * INTERVAL + 2  # and one for none
WAITS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 24)  # sixteenths, at most
BITS = 5  # of the number of the bar
PREDICTED = INTERVALS + 2  # what is predicted: rest, hold, an interval, or nothing
SIXTEENTHS = 16  # conditions are stored as whole numbers of these

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
    """Steps in a row as small whole numbers; `dense` makes the network's inputs.

    Attributes
    ----------
    tokens
        (steps,) the targets.
    conditions
        (steps, FEATURES) in 16ths.
    bars
        (steps,) number of the bar.
    last
        (steps,) token before, or the vocabulary's size at the beginning.
    pitches
        (steps,) pitch of the latest note, or NOTHING.
    roots
        (steps,) root of the chord, or NOTHING.
    intervals
        (steps, 2) the latest interval and the one before it, as indices in INTERVALS.
    waits
        (steps, 2) sixteenths since the latest note began, and between it and the one
        before, as indices in WAITS.
    predictions
        (steps, PREDICTORS) token that each predictor predicts, or NOTHING.
    hit_rates
        (steps, PREDICTORS, WINDOWS) in 255ths.
    """

    tokens: Longs
    conditions: Bytes
    bars: Whole
    last: Whole
    pitches: Whole
    roots: Whole
    intervals: Bytes
    waits: Bytes
    predictions: NDArray[np.int8]
    hit_rates: Bytes

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

    def without_repeats(self) -> Self:
        """Return the same steps without what copies of earlier ones predict."""
        return replace(
            self,
            predictions=np.full_like(self.predictions, NOTHING),
            hit_rates=np.zeros_like(self.hit_rates),
        )


def inputs_of(piece: Piece) -> Inputs:
    """Return the inputs at each step of a prepared piece."""
    tokens = VOCABULARY.encode(piece)
    onsets = piece.onsets
    begun = np.searchsorted(onsets, np.arange(piece.steps))  # notes begun before
    predictions = repetitions(piece, tokens, VOCABULARY.size)
    return Inputs(
        tokens=tokens,
        conditions=conditions(piece),
        bars=_bar_numbers(piece),
        last=np.concatenate([[VOCABULARY.size], tokens[:-1]]).astype(np.int16),
        pitches=np.append(piece.melody[onsets], np.int16(NOTHING))[begun - 1],
        roots=_roots(piece),
        intervals=_intervals(piece.melody[onsets], begun),
        waits=_waits(onsets, begun),
        predictions=predictions,
        hit_rates=hit_rates(predictions, tokens),
    )


class StepwiseInputs:
    """The same inputs while a melody over given chords is generated.

    Parameters
    ----------
    over
        The chords, meter and key; its melody does not matter.
    """

    def __init__(self, over: Piece) -> None:
        self._bar = over.meter.steps
        self._conditions = conditions(over)
        self._roots, self._bars = _roots(over), _bar_numbers(over)
        self._tokens: list[int] = []
        self._moves: list[int] = []
        self._pitches: list[int] = []
        self._onsets: list[int] = []
        self._begun: list[int] = []  # notes begun before each step
        # The step after each sequence of moves, by the lengths in MATCHED.
        self._seen: list[dict[tuple[int, ...], int]] = [{} for _ in MATCHED]
        self._predictions = np.full((over.steps, PREDICTORS), NOTHING, np.int8)
        # Right and counted predictions before each step.
        self._counts = np.zeros((over.steps + 1, 2, PREDICTORS), np.int64)

    def next(self) -> Inputs:
        """Return the inputs at the next step, of shape (1, ...).

        Call it once for each step, before `append`.
        """
        step, notes = len(self._tokens), len(self._pitches)
        self._begun.append(notes)
        self._predictions[step] = self._repetitions(step)
        waits = [
            np.searchsorted(WAITS, step - self._onsets[-1]) if notes else len(WAITS),
            np.searchsorted(WAITS, self._onsets[-1] - self._onsets[-2])
            if notes > 1
            else len(WAITS),
        ]
        return Inputs(
            tokens=np.zeros(1, np.int64),
            conditions=self._conditions[step : step + 1],
            bars=self._bars[step : step + 1],
            last=np.array([self._tokens[-1] if step else VOCABULARY.size], np.int16),
            pitches=np.array([self._pitches[-1] if notes else NOTHING], np.int16),
            roots=self._roots[step : step + 1],
            intervals=np.array(
                [[self._interval(notes), self._interval(notes - 1)]], np.uint8
            ),
            waits=np.array([waits], np.uint8),
            predictions=self._predictions[step : step + 1],
            hit_rates=self._hit_rates(step)[np.newaxis],
        )

    def append(self, token: int) -> None:
        """Add the token of the step."""
        step = len(self._tokens)
        predicted = self._predictions[step]
        note = token >= FIRST_NOTE
        counted = (predicted != NOTHING) & note | (predicted >= FIRST_NOTE)
        now = (counted & (predicted == token), counted)
        self._counts[step + 1] = self._counts[step] + now
        move = token
        if note:
            pitch = VOCABULARY.lowest + token - FIRST_NOTE
            before = self._pitches[-1] if self._pitches else pitch
            move = SAME_PITCH + pitch - before
            self._pitches.append(pitch)
            self._onsets.append(step)
        for seen, length in zip(self._seen, MATCHED, strict=True):
            if step >= length:
                seen[tuple(self._moves[-length:])] = step
        self._tokens.append(token)
        self._moves.append(move)

    def copy(self) -> "StepwiseInputs":
        """Return one that goes on from the same melody."""
        other = copy(self)
        other._tokens, other._moves = self._tokens.copy(), self._moves.copy()
        other._pitches, other._onsets = self._pitches.copy(), self._onsets.copy()
        other._begun, other._predictions = self._begun.copy(), self._predictions.copy()
        other._counts = self._counts.copy()
        other._seen = [seen.copy() for seen in self._seen]
        return other

    def _repetitions(self, step: int) -> list[int]:
        predicted = []
        for bars in BARS_AGO:
            ago = step - bars * self._bar
            predicted.append(self._tokens[ago] if ago >= 0 else NOTHING)
        for seen, length in zip(self._seen, MATCHED, strict=True):
            recent = tuple(self._moves[-length:]) if step >= length else ()
            earlier = seen.get(recent)
            predicted.append(NOTHING if earlier is None else self._continued(earlier))
        return predicted

    def _continued(self, earlier: int) -> int:
        token, then = self._tokens[earlier], self._begun[earlier]
        if token < FIRST_NOTE or not (then and self._pitches):
            return token
        moved = token + self._pitches[-1] - self._pitches[then - 1]
        return moved if FIRST_NOTE <= moved < VOCABULARY.size else NOTHING

    def _interval(self, notes: int) -> int:
        if notes < 2:
            return INTERVALS - 1
        interval = self._pitches[notes - 1] - self._pitches[notes - 2]
        return min(max(interval, -INTERVAL), INTERVAL) + INTERVAL

    def _hit_rates(self, step: int) -> Bytes:
        begins = [max(0, step - window) for window in WINDOWS]
        counts = self._counts[step] - self._counts[begins]
        return rate(counts[:, 0], counts[:, 1]).T


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
    """Return what is known at each step before its note, (steps, FEATURES), in 16ths.

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
    steps = np.arange(piece.steps) - piece.pickup
    return np.asarray(np.maximum(steps // piece.meter.steps, 0), np.int16)


def _intervals(pitches: Grid, begun: Longs) -> Bytes:
    intervals = np.clip(np.diff(pitches.astype(int)), -INTERVAL, INTERVAL) + INTERVAL
    none = INTERVALS - 1
    padded = np.concatenate([[none, none, none], intervals])  # by notes begun before
    return np.stack([padded[begun + 1], padded[begun]], axis=1).astype(np.uint8)


def _waits(onsets: Longs, begun: Longs) -> Bytes:
    latest = np.concatenate([[0], onsets])
    now = np.searchsorted(WAITS, np.arange(len(begun)) - latest[begun])
    gaps = np.searchsorted(WAITS, np.diff(onsets))
    none = len(WAITS)
    between = np.concatenate([[none, none], gaps])[begun]
    return np.stack([np.where(begun > 0, now, none), between], axis=1).astype(np.uint8)
