"""Reads standard MIDI files: mido decodes the events, this module interprets them."""

import bisect
import io
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import mido

from core.music.score.score import Score, Track, pitched, printable
from core.music.theory.chord import pitch_class
from core.music.theory.keys import Key, fifths, signed_key
from core.music.theory.notes import DEFAULT_TEMPO, Meter, Note
from core.task import DataError

MOST_TRACKS, MOST_NOTES, MOST_QUARTERS = 64, 50_000, 10_000
SLOWEST, FASTEST = 10.0, 400.0  # quarter notes a minute
DRUMS = 9  # the channel of General MIDI's drums
T = TypeVar("T")

HEADER, TRACK = b"MThd", b"MTrk"
CHUNK_HEADER = 8  # bytes: what a chunk is, and how long
FEWEST_HEADER = 6
KINDS = (0, 1, 2)  # one track, tracks that sound together, tracks of their own
BROKEN = (
    "Expected a whole MIDI file, got one that is broken or cut off. Export it again."
)


def read_midi(content: bytes) -> Score:
    """Read the tracks of a MIDI file, its median tempo and its longest meter.

    A track that changes its channel or its instrument becomes several.
    """
    file = _parse(content)
    ticks = file.ticks_per_beat
    meters: list[tuple[float, Meter]] = []
    tempos: list[tuple[float, float]] = []
    signatures: list[tuple[float, tuple[int, bool]]] = []
    voices: list[_Voice] = []
    for track in file.tracks:
        voices += _voices(track)
        for time, message in _timed(track):
            if message.type == "set_tempo" and message.tempo:
                tempos.append((time / ticks, mido.tempo2bpm(message.tempo)))
            elif message.type == "time_signature":
                found = Meter(message.numerator, message.denominator)
                if found.fits:
                    meters.append((time / ticks, found))
            elif message.type == "key_signature":
                tonic, minor = (
                    pitch_class(message.key.rstrip("m")),
                    message.key[-1] == "m",
                )
                signatures.append((time / ticks, (fifths(Key(tonic, minor)), minor)))
    quarters = (
        max((end for one in voices for _, end, *_ in one.notes), default=0) / ticks
    )
    _check_size("tracks", len(voices), MOST_TRACKS)
    _check_size("notes", sum(len(one.notes) for one in voices), MOST_NOTES)
    _check_size("quarter notes of length", quarters, MOST_QUARTERS)
    meters.sort(key=lambda change: change[0])
    tempos.sort(key=lambda change: change[0])
    signatures.sort()
    (sharps, minor), _ = longest_lasting(signatures, quarters, (0, False))
    tracks = tuple(one.track(ticks) for one in voices)
    meter, since = longest_lasting(meters, quarters, Meter())
    return Score(
        tracks=tracks,
        tempo=median_tempo(tempos, quarters),
        meter=meter,
        meters=meter_changes(meters),
        pickup=since % meter.quarters,
        key=signed_key(sharps, minor, pitched(tracks)),
    )


def longest_lasting(
    changes: Sequence[tuple[float, T]], end: float, default: T
) -> tuple[T, float]:
    """Return the value of longest total duration, and its first start."""
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
    """Return the starts of changes of meter, the first included; empty without changes.

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


def _parse(content: bytes) -> mido.MidiFile:
    try:
        file = mido.MidiFile(file=io.BytesIO(_repaired(content)))
    except (
        ValueError,
        ArithmeticError,
        LookupError,
        OSError,
        EOFError,
        mido.KeySignatureError,
    ) as error:
        raise DataError(BROKEN) from error
    if file.ticks_per_beat <= 0:
        raise DataError(
            "Expected a MIDI file that counts in ticks of a quarter note, got another "
            "kind. Export it again, as an ordinary MIDI file."
        )
    return file


def _check_size(what: str, found: float, most: int) -> None:
    if found > most:
        raise DataError(
            f"Expected at most {most:,} {what}, got {found:,.0f}. "
            "Cut the file, or delete what you do not need."
        )


@dataclass
class _Voice:
    """The notes of one channel and one instrument within a track; times in ticks."""

    name: str
    channel: int
    program: int
    notes: list[tuple[int, int, int, int]] = field(default_factory=list)
    sounding: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)  # the last end of a pitch
    stray: dict[int, int] = field(default_factory=dict)  # the last end without a note
    doubtful: dict[int, int] = field(default_factory=dict)  # starts, see `begin`

    def begin(self, pitch: int, now: int, velocity: int) -> None:
        """Begin a note, unless its end has come before it at the same time.

        Some programs write a note without a length, such as a grace note, in this
        order. It would otherwise sound until the next note of its pitch ends. Others
        write the end of the note before twice: then this one has an end of its own
        before the next one of its pitch begins.
        """
        begun = self.sounding.setdefault(pitch, [])
        if begun and begun[-1][0] == self.doubtful.pop(pitch, None):
            begun.pop()
        if self.stray.get(pitch) == now:
            if self.ended.get(pitch) != now:
                return
            self.doubtful[pitch] = now
        begun.append((now, velocity))

    def end(self, pitch: int, now: int) -> None:
        """End the note of a pitch that began last, but before now."""
        begun = self.sounding.get(pitch, [])
        if not begun:
            self.stray[pitch] = now
            return
        start, velocity = begun.pop(bisect.bisect_left(begun, (now,)) - 1)
        if start < now:
            self.notes.append((start, now, pitch, velocity))
            self.ended[pitch] = now

    def track(self, ticks: int) -> Track:
        """Return the notes in quarters."""
        return Track(
            name=self.name,
            notes=tuple(
                sorted(
                    Note(start / ticks, (end - start) / ticks, pitch, velocity)
                    for start, end, pitch, velocity in self.notes
                )
            ),
            program=self.program,
            drums=self.channel == DRUMS,
        )


def _timed(track: mido.MidiTrack) -> Iterator[tuple[int, mido.Message]]:
    """Yield each message with its time in ticks from the beginning."""
    now = 0
    for message in track:
        now += message.time
        yield now, message


def _voices(track: mido.MidiTrack) -> list[_Voice]:
    """Return the voices with notes, in the order of their first note."""
    name = track.name.encode("latin-1").decode("utf-8", "ignore")  # mido reads latin-1
    name = printable(name.replace("\N{REPLACEMENT CHARACTER}", "")).strip()[:60]
    programs: dict[int, int] = {}
    voices: dict[tuple[int, int], _Voice] = {}
    for now, message in _timed(track):
        if message.type == "program_change":
            programs[message.channel] = message.program
        elif message.type in ("note_on", "note_off"):
            channel, pitch = message.channel, message.note
            if message.type == "note_on" and message.velocity:
                program = programs.get(channel, 0)
                voice = voices.setdefault(
                    (channel, program), _Voice(name, channel, program)
                )
                voice.begin(pitch, now, message.velocity)
            else:
                for voice in voices.values():
                    if voice.channel == channel:
                        voice.end(pitch, now)
    return [voice for voice in voices.values() if voice.notes]


def _repaired(content: bytes) -> bytes:
    """Return the header and the tracks in the form that mido accepts.

    Chunks of other kinds are left out, and the number of tracks is corrected: such
    files are common (standard MIDI file specification 1.0, RP-001).
    """
    (name, header), *chunks = _chunks(content)
    if name != HEADER or len(header) < FEWEST_HEADER:
        raise ValueError("no header")
    if int.from_bytes(header[0:2], "big") not in KINDS:
        raise ValueError("another kind of file")
    tracks = [track for name, track in chunks if name == TRACK]
    kind, count, division = header[0:2], len(tracks).to_bytes(2, "big"), header[4:6]
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
