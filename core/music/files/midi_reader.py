"""Reads standard MIDI files."""

import bisect
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TypeVar, cast

from symusic import Score as File
from symusic.core import ScoreTick, TrackTick

from core.music.score.score import Score, Track
from core.music.theory.notes import DEFAULT_TEMPO, HIGHEST, Meter, Note
from core.task import DataError

MOST_TRACKS, MOST_NOTES, MOST_QUARTERS = 64, 50_000, 10_000
SLOWEST, FASTEST = 10.0, 400.0  # quarter notes a minute
PADDING = bytes(64)  # symusic looks a few bytes ahead
T = TypeVar("T")

HEADER, TRACK = b"MThd", b"MTrk"
CHUNK_HEADER = 8  # bytes: what a chunk is, and how long
FEWEST_HEADER = 6
META, SYSEX, SYSEX_MORE = 0xFF, 0xF0, 0xF7
END_OF_TRACK = b"\x00\xff\x2f\x00"
LONGEST_NUMBER = 4  # bytes of a number of variable length
# How many bytes of data follow a status byte, by its upper four bits.
DATA_BYTES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
# Bytes that meta events must have: end of track, tempo, time signature, key.
META_LENGTHS = {0x2F: 0, 0x51: 3, 0x58: 4, 0x59: 2}
BROKEN = (
    "Expected a whole MIDI file, got one that is broken or cut off. Export it again."
)


def read_midi(content: bytes) -> Score:
    """Read the tracks of a MIDI file, its median tempo and its longest meter.

    A track that changes its channel or its instrument becomes several.
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
    meter, since = longest_lasting(meters, quarters, Meter())
    return Score(
        tracks=tuple(_track(track, ticks) for track in file.tracks if track.notes),
        tempo=median_tempo(tempos, quarters),
        meter=meter,
        meters=meter_changes(meters),
        pickup=since % meter.quarters,
    )


def longest_lasting(
    changes: Sequence[tuple[float, T]], end: float, default: T
) -> tuple[T, float]:
    """Return the value that lasts longest of one that changes, and its first start."""
    lengths: dict[T, float] = {}
    first: dict[T, float] = {}
    for place, (start, value) in enumerate(changes):
        until = changes[place + 1][0] if place + 1 < len(changes) else end
        lengths[value] = lengths.get(value, 0.0) + max(0.0, until - start)
        first.setdefault(value, start)
    longest = max(lengths, key=lambda value: lengths[value], default=default)
    return longest, first.get(longest, 0.0)


def meter_changes(
    meters: Sequence[tuple[float, Meter]],
) -> tuple[tuple[float, Meter], ...]:
    """Return the parts of another meter than before, the first too; empty if one.

    What is shorter than a bar of the meter after it is a pickup, no part of its own.
    """
    found = [
        one
        for place, one in enumerate(meters)
        if not place or one[1] != meters[place - 1][1]
    ]
    if len(found) > 1 and found[1][0] - found[0][0] < found[1][1].quarters:
        del found[0]
    return tuple(found) if len(found) > 1 else ()


def median_tempo(changes: Sequence[tuple[float, float]], end: float) -> float:
    """Return the median tempo, by duration: performances change it at every beat."""
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
    whole = repaired(content)
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
    printable = "".join(letter for letter in name if letter.isprintable())
    return printable.replace("\N{REPLACEMENT CHARACTER}", "").strip()[:60]


def repaired(content: bytes) -> bytes:
    """Return a MIDI file of the header and the tracks, after checking every event.

    symusic trusts the lengths that a file states and reads beyond its end where they
    are wrong, which may crash the process (standard MIDI file specification 1.0,
    RP-001). mido does not replace this check: it refuses what is repaired here, as
    such files are common: chunks of other kinds are left out, a track without an end
    mark gets one, and the number of tracks is corrected.
    """
    try:
        (name, header), *chunks = _chunks(content)
        if name != HEADER or len(header) < FEWEST_HEADER:
            raise ValueError("no header")
        tracks = [_repaired_track(track) for name, track in chunks if name == TRACK]
        count = len(tracks).to_bytes(2, "big")
    except (IndexError, KeyError, ValueError, OverflowError) as error:
        raise DataError(BROKEN) from error
    kind, division = header[0:2], header[4:6]
    start = _chunk(HEADER, kind + count + division)
    return b"".join([start, *(_chunk(TRACK, track) for track in tracks)])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + CHUNK_HEADER <= len(content):
        name = content[at : at + 4]
        length = int.from_bytes(content[at + 4 : at + CHUNK_HEADER], "big")
        at += CHUNK_HEADER
        if at + length > len(content) and name in (HEADER, TRACK):
            raise ValueError("a chunk is cut off")
        yield name, content[at : at + length]
        at += length


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "big") + content


def _repaired_track(track: bytes) -> bytes:
    """Check a track's events; return them up to its end mark."""
    at = running = 0
    while at < len(track):
        _, at = _number(track, at)
        status = running
        if track[at] >= 0x80:
            status, at = track[at], at + 1
        if status in (META, SYSEX, SYSEX_MORE):
            kind = track[at] if status == META else -1
            length, at = _number(track, at + (status == META))
            if length != META_LENGTHS.get(kind, length):
                raise ValueError("a meta event of a wrong length")
            if kind == END_OF_TRACK[2]:
                return track[:at]
            at += length
        else:
            running = status
            data = track[at : at + DATA_BYTES[status >> 4]]
            if len(data) < DATA_BYTES[status >> 4] or max(data) >= 0x80:
                raise ValueError("an event that is not whole")
            at += len(data)
    if at > len(track):
        raise ValueError("the last event is not whole")
    return track + END_OF_TRACK


def _number(track: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length; return it and the offset after it."""
    value = 0
    for place in range(at, at + LONGEST_NUMBER):
        byte = track[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    raise ValueError("a number that is too long")
