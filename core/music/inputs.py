"""What the default network sees at each sixteenth, and what it may copy.

An LSTM is bad at remembering exactly, so it is told: at each step it sees what its
`sources` foretell, and how well each of them has foretold the melody of late.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.music.chord import OCTAVE
from core.music.conditions import FEATURES, PLACES, conditions
from core.music.piece import NO_CHORD, Grid, Piece
from core.music.sources import NOTHING, SOURCES, WINDOWS, sources_of, success_of
from core.music.vocabulary import FIRST_NOTE, Vocabulary

Floats = NDArray[np.float32]
Whole = NDArray[np.int16]
Longs = NDArray[np.int64]

# One range for all corpora, so that weights learnt on one can begin another.
VOCABULARY = Vocabulary("steps", 48, 100)

LEAP = 12  # semitones; larger leaps look the same
LEAPS = 2 * LEAP + 2  # and one for none
WAITS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 24)  # sixteenths, at most
BITS = 5  # of the number of the bar
SAID = LEAPS + 2  # what a source says: rest, hold, a leap, or nothing
SIXTEENTHS = 16  # conditions are whole numbers of these

# Name of each part of the inputs -> how many numbers it takes, in their order.
WIDTHS = {
    "conditions": FEATURES,
    "bar": BITS,
    "token": VOCABULARY.size + 1,
    "degree": OCTAVE,
    "chord from note": OCTAVE,
    "next from note": OCTAVE,
    "leap": LEAPS,
    "leap before": LEAPS,
    "wait": len(WAITS) + 1,
    "wait before": len(WAITS) + 1,
    "said": SOURCES * SAID,
    "success": SOURCES * len(WINDOWS),
}
WIDTH = sum(WIDTHS.values())
_ENDS = np.cumsum(list(WIDTHS.values())).tolist()
STARTS = {name: end - WIDTHS[name] for name, end in zip(WIDTHS, _ENDS, strict=True)}


@dataclass(frozen=True, eq=False)
class Material:
    """Steps in a row as small whole numbers: `dense` makes inputs of them.

    Attributes
    ----------
    tokens
        (steps,) what is played: the targets.
    known
        (steps, FEATURES) conditions, in sixteenths of one.
    bars
        (steps,) number of the bar.
    last
        (steps,) token before, or the vocabulary's size at the beginning.
    before
        (steps,) pitch of the latest note, or NOTHING.
    roots
        (steps,) root of the chord that sounds, or NOTHING.
    leaps
        (steps, 2) the latest leap and the one before it, as places in `LEAPS`.
    waits
        (steps, 2) sixteenths since the latest note began, and between it and the one
        before, as places in `WAITS`.
    sources
        (steps, SOURCES) token that each source foretells, or NOTHING.
    success
        (steps, SOURCES, WINDOWS) share, in 255ths, of the latest notes that each
        source foretold, its own false ones counted.
    """

    tokens: Longs
    known: NDArray[np.uint8]
    bars: Whole
    last: Whole
    before: Whole
    roots: Whole
    leaps: NDArray[np.uint8]
    waits: NDArray[np.uint8]
    sources: NDArray[np.int8]
    success: NDArray[np.uint8]

    def take(self, rows: Longs | slice) -> Self:
        """Return some steps, in any shape."""
        return type(self)(*(getattr(self, item.name)[rows] for item in fields(self)))

    @classmethod
    def joined(cls, parts: "list[Material]") -> "Material":
        """Return the steps of several one after the other."""
        columns = ([getattr(part, item.name) for part in parts] for item in fields(cls))
        return cls(*(np.concatenate(column) for column in columns))


def material(piece: Piece) -> Material:
    """Return what is seen at each step of a piece whose notes are in the range."""
    tokens = VOCABULARY.encode(piece)
    known = conditions(piece)
    roots = np.where(piece.harmony == NO_CHORD, NOTHING, known.roots)
    onsets = piece.onsets
    first = np.searchsorted(onsets, np.arange(piece.steps))  # notes begun before
    foretold = sources_of(piece, tokens, VOCABULARY.size)
    return Material(
        tokens=tokens,
        known=np.round(known.features * SIXTEENTHS).astype(np.uint8),
        bars=bar_numbers(piece),
        last=np.concatenate([[VOCABULARY.size], tokens[:-1]]).astype(np.int16),
        before=known.before,
        roots=roots.astype(np.int16),
        leaps=_leaps(piece.melody[onsets], first),
        waits=_waits(onsets, first),
        sources=foretold,
        success=success_of(foretold, tokens),
    )


def dense(seen: Material) -> Floats:
    """Return the network's inputs, (..., WIDTH), of steps in any shape."""
    shape = seen.bars.shape
    count = int(np.prod(shape))
    x = np.zeros((count, WIDTH), np.float32)
    rows = np.arange(count)

    known = seen.known.reshape(count, FEATURES)
    x[:, : WIDTHS["conditions"]] = known
    x[:, : WIDTHS["conditions"]] /= SIXTEENTHS
    bars = seen.bars.reshape(count, 1)
    x[:, STARTS["bar"] : STARTS["bar"] + BITS] = bars >> np.arange(BITS) & 1
    before, roots = seen.before.reshape(count), seen.roots.reshape(count)
    chorded = (before != NOTHING) & (roots != NOTHING)
    heard = np.flatnonzero(chorded)
    x[heard, STARTS["degree"] + (before - roots)[heard] % OCTAVE] = 1
    if len(heard):
        columns = (np.arange(OCTAVE) + before[heard, None]) % OCTAVE
        for name, part in (("chord from note", "chord"), ("next from note", "next")):
            tones = known[heard, PLACES[part]]
            turned = np.take_along_axis(tones, columns, axis=1)
            x[heard, STARTS[name] : STARTS[name] + OCTAVE] = turned / SIXTEENTHS
    leaps, waits = seen.leaps.reshape(count, 2), seen.waits.reshape(count, 2)
    for name, places in (
        ("token", seen.last.reshape(count)),
        ("leap", leaps[:, 0]),
        ("leap before", leaps[:, 1]),
        ("wait", waits[:, 0]),
        ("wait before", waits[:, 1]),
    ):
        x[rows, STARTS[name] + places.astype(np.int64)] = 1
    said = _said(seen.sources.reshape(count, SOURCES), before)
    x[rows[:, None], STARTS["said"] + SAID * np.arange(SOURCES) + said] = 1
    x[:, STARTS["success"] :] = seen.success.reshape(count, -1)
    x[:, STARTS["success"] :] /= 255
    return x.reshape(*shape, WIDTH)


def _said(sources: NDArray[np.int8], before: Whole) -> Longs:
    """Return what sources say, seen from the latest note: places in `SAID`."""
    leaps = sources.astype(np.int64) - FIRST_NOTE + VOCABULARY.lowest - before[:, None]
    leaps = np.clip(leaps, -LEAP, LEAP) + LEAP
    leaps[before == NOTHING] = LEAPS - 1  # a note, but no leap
    return np.where(
        sources == NOTHING,
        LEAPS - 1,
        np.where(sources >= FIRST_NOTE, leaps, LEAPS + sources),
    )


def bar_numbers(piece: Piece) -> Whole:
    """Return the number of each step's bar; a pickup is counted with the first."""
    steps = np.arange(piece.steps) - piece.pickup
    return np.asarray(np.maximum(steps // piece.meter.steps, 0), np.int16)


def _leaps(pitches: Grid, first: Longs) -> NDArray[np.uint8]:
    leaps = np.clip(np.diff(pitches.astype(int)), -LEAP, LEAP) + LEAP
    none = LEAPS - 1
    padded = np.concatenate([[none, none, none], leaps])  # by notes begun before
    return np.stack([padded[first + 1], padded[first]], axis=1).astype(np.uint8)


def _waits(onsets: Longs, first: Longs) -> NDArray[np.uint8]:
    begun = np.concatenate([[0], onsets])
    now = np.searchsorted(WAITS, np.arange(len(first)) - begun[first])
    gaps = np.searchsorted(WAITS, np.diff(onsets))
    none = len(WAITS)
    between = np.concatenate([[none, none], gaps])[first]
    return np.stack([np.where(first > 0, now, none), between], axis=1).astype(np.uint8)
