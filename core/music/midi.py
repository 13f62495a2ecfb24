"""Reads a standard MIDI file."""

import bisect
import itertools
import math
from collections.abc import Sequence
from typing import TypeVar, cast

from symusic import Score as File
from symusic.core import ScoreTick, TrackTick

from core.music.midi_check import mended
from core.music.score import DEFAULT_TEMPO, HIGHEST, Meter, Note, Score, Track
from core.task import DataError

MOST_TRACKS, MOST_NOTES, MOST_QUARTERS = 64, 50_000, 10_000
SLOWEST, FASTEST = 10.0, 400.0  # quarter notes a minute
PADDING = bytes(64)  # symusic looks a few bytes ahead
T = TypeVar("T")


def read_midi(content: bytes) -> Score:
    """Read the tracks of a MIDI file, its middle tempo and its lasting meter.

    A track that changes its channel or its instrument becomes several.

    Raises
    ------
    DataError
        If it is broken, or has too many tracks or notes, or is too long.
    """
    file = _parse(content)
    ticks = file.ticks_per_quarter
    notes = file.note_num()
    quarters = file.end() / ticks
    _check_size("tracks", len(file.tracks), MOST_TRACKS)
    _check_size("notes", notes, MOST_NOTES)
    _check_size("quarter notes of length", quarters, MOST_QUARTERS)
    meters = [
        (found.time / ticks, Meter(found.numerator, found.denominator))
        for found in file.time_signatures
        if found.denominator > 0 and Meter(found.numerator, found.denominator).fits
    ]
    tempos = [(found.time / ticks, found.qpm) for found in file.tempos]
    meter, since = lasting(meters, quarters, Meter())
    return Score(
        tracks=tuple(_track(track, ticks) for track in file.tracks if track.notes),
        tempo=middle_tempo(tempos, quarters),
        meter=meter,
        pickup=since % meter.quarters,
    )


def lasting(
    changes: Sequence[tuple[float, T]], end: float, otherwise: T
) -> tuple[T, float]:
    """Return what lasts longest of a thing that changes, and when it first comes."""
    lengths: dict[T, float] = {}
    first: dict[T, float] = {}
    for place, (start, value) in enumerate(changes):
        until = changes[place + 1][0] if place + 1 < len(changes) else end
        lengths[value] = lengths.get(value, 0.0) + max(0.0, until - start)
        first.setdefault(value, start)
    longest = max(lengths, key=lambda value: lengths[value], default=otherwise)
    return longest, first.get(longest, 0.0)


def middle_tempo(changes: Sequence[tuple[float, float]], end: float) -> float:
    """Return the tempo that half of the music is not faster than.

    Performances change it at every beat, and slow down a lot in the end.
    """
    starts = [*(start for start, _ in changes), end]
    tempos = sorted(
        (tempo, until - start)
        for (_, tempo), (start, until) in zip(
            changes, itertools.pairwise(starts), strict=True
        )
        if until > start and math.isfinite(tempo)
    )
    if not tempos:
        return DEFAULT_TEMPO
    lengths = list(itertools.accumulate(length for _, length in tempos))
    tempo, _ = tempos[bisect.bisect_left(lengths, lengths[-1] / 2)]
    return min(max(tempo, SLOWEST), FASTEST)


def _parse(content: bytes) -> ScoreTick:
    whole = mended(content)
    other_kind = DataError(
        "Expected a MIDI file that counts in ticks of a quarter note, got another "
        "kind. Export it again, as an ordinary MIDI file."
    )
    try:
        file = cast(ScoreTick, File.from_midi(whole + PADDING))
    except (RuntimeError, ValueError, TypeError, OverflowError, IndexError) as error:
        raise other_kind from error
    if file.ticks_per_quarter <= 0:
        raise other_kind
    return file


def _check_size(what: str, found: float, most: int) -> None:
    if found > most:
        raise DataError(
            f"Expected at most {most:,} {what}, got {found:,.0f}. "
            "Cut the file, or delete what you do not need."
        )


def _track(track: TrackTick, ticks: int) -> Track:
    columns = track.notes.numpy()
    notes = zip(
        (columns["time"] / ticks).tolist(),
        (columns["duration"].clip(1) / ticks).tolist(),
        columns["pitch"].clip(0, HIGHEST).tolist(),
        columns["velocity"].clip(1, HIGHEST).tolist(),
        strict=True,
    )
    return Track(
        name=_printable(track.name),
        notes=tuple(sorted(Note(*note) for note in notes)),
        program=min(max(track.program, 0), HIGHEST),
        drums=track.is_drum,
    )


def _printable(name: str) -> str:
    kept = "".join(letter for letter in name if letter.isprintable())
    return kept.replace("\N{REPLACEMENT CHARACTER}", "").strip()[:60]
