"""What a person has played on a keyboard: checked, put on the grid, and answered."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.music.arranger.harmonizing import harmonized
from core.music.config import AS_WRITTEN, Performance
from core.music.playing.form import prepare_piece
from core.music.playing.takes import Take, improvise, take_of
from core.music.result import Result
from core.music.score.piece import REST, Piece, chord_grid, melody_grid
from core.music.theory.chord import PITCH_CLASSES, smallest_interval
from core.music.theory.keys import key_of
from core.music.theory.notes import (
    HIGHEST,
    LOWEST,
    STEPS_A_QUARTER,
    Meter,
    Note,
)
from core.music.theory.progressions import repeat
from core.task import DataError

TITLE = "What you played"
SOURCE = "your keyboard"
MOST_NOTES = 512
MOST_BARS = 4  # longest recording
MOST_EXCHANGES = 8  # most exchanges of call and response
EARLY = 0.5  # quarter notes before the first beat that still count as on it
LONGEST = 256.0  # quarter notes; a recording is shorter
FIELDS = "[start, length, pitch, velocity]"


def read_notes(sent: object) -> tuple[Note, ...]:
    """Check the notes that a browser has sent, and return them by start.

    They are a list of [start, length, pitch, velocity], times in quarter notes from the
    first beat that was recorded. Those that were played before it are left out, except
    for early ones, which begin with it. Raise a DataError if it is anything else.
    """
    if not isinstance(sent, list | tuple):
        raise _unreadable(f"a list of notes, each {FIELDS}", type(sent).__name__)
    if len(sent) > MOST_NOTES:
        raise DataError(
            f"Notes: expected at most {MOST_NOTES}, got {len(sent):,}. Play fewer, or "
            "record fewer bars."
        )
    notes = sorted(map(_note, sent))
    return tuple(
        replace(note, start=max(0.0, note.start))
        for note in notes
        if note.start >= -EARLY
    )


def _note(sent: object) -> Note:
    fields = sent if isinstance(sent, list | tuple) else ()
    if len(fields) != 4 or not all(map(_is_number, fields)):
        raise _unreadable(f"notes of four finite numbers, {FIELDS}", repr(sent)[:60])
    start, length, pitch, velocity = fields
    if pitch != int(pitch) or not LOWEST <= pitch <= HIGHEST:
        raise _unreadable(f"a whole pitch from {LOWEST} to {HIGHEST}", f"{pitch:g}")
    if velocity != int(velocity) or not 1 <= velocity <= HIGHEST:
        raise _unreadable(f"a whole velocity from 1 to {HIGHEST}", f"{velocity:g}")
    if not -LONGEST <= start <= LONGEST:
        raise _unreadable(f"a start within {LONGEST:g} quarter notes", f"{start:g}")
    if not 0 < length <= LONGEST:
        raise _unreadable(f"a length up to {LONGEST:g} quarter notes", f"{length:g}")
    return Note(float(start), float(length), int(pitch), int(velocity))


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= 1e6 and math.isfinite(value)


def _unreadable(expected: str, got: str) -> DataError:
    return DataError(f"Notes: expected {expected}, got {got}. Record again.")


def played_piece(notes: Sequence[Note], bars: int, meter: Meter, tempo: float) -> Piece:
    """Quantize recorded notes to the grid of sixteenths.

    Each start goes to the nearest sixteenth, and a note lasts at least one. Where notes
    overlap, the latest is the melody. The key is inferred from the notes. Raise a
    DataError if nothing was played, or there are too few or too many bars.
    """
    if type(bars) is not int or not 1 <= bars <= MOST_BARS:
        raise DataError(
            f"Bars: expected 1 to {MOST_BARS}, got {str(bars)[:20]}. Choose another "
            "number."
        )
    melody = melody_grid(sorted(notes, key=lambda note: note.start), bars * meter.steps)
    if not (melody >= 0).any():
        raise DataError(
            "Expected notes, got none. Press Record, wait for the bar of clicks, and "
            "then play."
        )
    return Piece(
        title=TITLE,
        source=SOURCE,
        melody=melody,
        meter=meter,
        key=key_of(notes),
        tempo=tempo,
    )


def sounding(result: Result, how: Performance, chords: str, bars: int) -> Piece:
    """Return so many bars of the chords as they sound, without a melody."""
    over, _ = prepare_piece(result, replace(how, bars=bars), chords)
    steps = bars * over.meter.steps
    spans = repeat(over.spans(), steps / STEPS_A_QUARTER) if over.chords else ()
    found, harmony = chord_grid(spans, steps)
    rest = np.full(steps, REST, np.int16)
    return replace(over, melody=rest, chords=found, harmony=harmony, pickup=0)


def bar_chords(over: Piece) -> tuple[str, ...]:
    """Return the chords of each bar as text; empty without chords."""
    if not over.chords:
        return ()
    places = np.arange(over.steps).reshape(-1, over.meter.steps)
    named = (map(over.chord_at, bar) for bar in places.tolist())
    return tuple(
        " ".join(str(chord or "N.C.") for chord, _ in itertools.groupby(bar))
        for bar in named
    )


def as_primer(played: Piece, result: Result, how: Performance, chords: str) -> Piece:
    """Return recorded notes as a primer of `perform`, which plays them as recorded.

    `perform` transposes the typed chords to the key that is set, and the primer with
    them: here it is transposed the other way.
    """
    if how.key == AS_WRITTEN or played.key is None:
        return played
    tonic = PITCH_CLASSES.index(how.key)
    typed, _ = prepare_piece(result, replace(how, key=AS_WRITTEN), chords)
    if not typed.chords or typed.key is None:
        return replace(played, key=replace(played.key, tonic=tonic))
    back = smallest_interval(typed.key.tonic - tonic)
    return replace(played.transposed(back), key=typed.key)


def answer(
    result: Result,
    how: Performance,
    call: Piece,
    chords: str = "",
    before: Piece | None = None,
) -> Take:
    """Let a model answer a call with as many bars; return all calls and answers.

    The model reads all earlier ones, `before`, as well, and the chords go on; only the
    last answer counts as generated. Raise a DataError if the chords cannot be read, the
    model does not read what is played, the meter is another one than before, or there
    were enough exchanges.
    """
    if result.config.model == "classic":
        raise DataError(
            "Expected a model that reads what you play, got the classic recipe, which "
            "begins from zeros. Choose another model."
        )
    _check_exchange(call, before)
    said = np.concatenate([*([before.melody] if before else []), call.melody])
    steps = len(said) + call.steps
    over = sounding(result, how, chords, steps // call.meter.steps)
    if over.meter != call.meter:
        raise DataError(
            f"Expected what is played in the meter that is set, {over.meter}, got "
            f"{call.meter}. Record again."
        )
    rest = over.melody[len(said) :]
    melody = np.concatenate([said, rest])
    over = replace(over, title="Call and response", melody=melody)
    fixed = np.arange(steps) < len(said)
    played = improvise(result, how, over, fixed)
    piece = replace(over, melody=played.melody)
    piece = piece if piece.chords else harmonized(piece)
    return take_of(result, how, piece, len(said), played)


def _check_exchange(call: Piece, before: Piece | None) -> None:
    """Raise a DataError for a call that an exchange cannot go on with."""
    if before is not None and before.meter != call.meter:
        raise DataError(
            f"Expected the meter of the exchange, {before.meter}, got {call.meter}. "
            "Begin a new exchange."
        )
    steps = 2 * call.steps + (before.steps if before else 0)
    bars, most = steps // call.meter.steps, 2 * MOST_BARS * MOST_EXCHANGES
    if bars > most:
        raise DataError(
            f"Expected at most {most} bars of calls and answers, got {bars}. Begin a "
            "new exchange."
        )
