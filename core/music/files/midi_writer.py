"""Writes a score as a standard MIDI file, with MIDIUtil.

MIDIUtil raises for two notes of one pitch at a time and for names outside Latin-1, and
truncates fractions of a tick. `to_ticks` removes all of these beforehand.
"""

import io
import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from midiutil import FLATS, MAJOR, MINOR, SHARPS, MIDIFile

from core.music.score.score import Score
from core.music.theory.keys import fifths
from core.music.theory.notes import ChordSpan, Meter, Note
from core.task import UserError

TICKS = 480  # ticks a quarter note
CHANNELS, DRUM_CHANNEL = 16, 9  # counted from 0
FINEST = 32  # unit of the time signature of a pickup, at most
MOST_LETTERS = 100
MICROSECONDS = 60_000_000  # microseconds a minute
LIKE = dict(zip("øØłŁđĐðı♯♭–—−‘’“”„«»", "oOlLdDdi#b---''" + 5 * '"', strict=True))
LIKE |= {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th"}
LATIN = str.maketrans(LIKE)


class ScoreError(UserError):
    """A score cannot be played."""


def write_midi(score: Score) -> bytes:
    """Write a score as a MIDI file of format 1, a channel a track, drums on the tenth.

    The first track of the file holds the title, tempo, time signature, and each chord
    as a text; the score's tracks follow it. A pickup is a short first bar of its own.
    """
    score = to_ticks(score)
    file = MIDIFile(
        len(score.tracks),
        removeDuplicates=False,
        deinterleave=False,
        adjust_origin=False,
        ticks_per_quarternote=TICKS,
        eventtime_is_ticks=True,
    )
    _write_head(file, score)
    channels = itertools.cycle(sorted({*range(CHANNELS)} - {DRUM_CHANNEL}))
    for number, track in enumerate(score.tracks):
        channel = DRUM_CHANNEL if track.drums else next(channels)
        if track.name:
            file.addTrackName(number, 0, track.name)
        file.addProgramChange(number, channel, 0, track.program)
        for note in track.notes:
            start, length = round(note.start * TICKS), round(note.length * TICKS)
            file.addNote(number, channel, note.pitch, start, length, note.velocity)
    content = io.BytesIO()
    file.writeFile(content)
    return content.getvalue()


def to_ticks(score: Score) -> Score:
    """Return the score as its file holds it.

    Times are rounded to 480 ticks a quarter; a note lasts at least one. Where a pitch
    is struck while it sounds in the same track, the first note ends there and the
    second lasts as long as the longer of them; of notes on one tick the longest and
    the loudest are merged. Texts are ASCII.
    """
    tracks = (
        replace(track, name=ascii_text(track.name), notes=_separated(track.notes))
        for track in score.tracks
    )
    return replace(
        score,
        tracks=tuple(tracks),
        tempo=MICROSECONDS / round(MICROSECONDS / score.tempo),
        title=ascii_text(score.title),
        chords=tuple(
            ChordSpan(start / TICKS, (end - start) / TICKS, span.chord)
            for span in score.chords
            for start, end in [_ticks(span)]
        ),
    )


def ascii_text(text: str) -> str:
    """Return a text in printable ASCII: without accents, "?" for other letters."""
    apart = unicodedata.normalize("NFKD", text.translate(LATIN))
    letters = (letter for letter in apart if not unicodedata.combining(letter))
    plain = " ".join("".join(letters).split())
    known = (c if c.isascii() and c.isprintable() else "?" for c in plain)
    return "".join(known)[:MOST_LETTERS].strip()


def pickup_meter(pickup: float, meter: Meter) -> Meter | None:
    """Return the time signature of a pickup of some quarter notes; None of none.

    Its unit is the meter's own where possible, or a finer one.
    """
    unit = meter.unit
    while unit <= FINEST:
        beats = pickup * unit / 4
        if beats.is_integer() and beats >= 1:
            return Meter(int(beats), unit)
        unit *= 2
    return None


def _separated(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return notes on ticks, with no pitch sounding twice at a time."""
    found: list[list[int]] = []  # start, end, pitch and velocity
    latest: dict[int, list[int]] = {}
    for note in sorted(notes, key=lambda note: round(note.start * TICKS)):
        start, end = _ticks(note)
        last = latest.get(note.pitch)
        if last and last[0] == start:
            last[1], last[3] = max(last[1], end), max(last[3], note.velocity)
            continue
        if last and last[1] > start:
            last[1], end = start, max(last[1], end)
        latest[note.pitch] = [start, end, note.pitch, note.velocity]
        found.append(latest[note.pitch])
    return tuple(
        sorted(
            Note(start / TICKS, (end - start) / TICKS, pitch, velocity)
            for start, end, pitch, velocity in found
        )
    )


def _ticks(sounding: Note | ChordSpan) -> tuple[int, int]:
    start, end = round(sounding.start * TICKS), round(sounding.end * TICKS)
    return start, max(end, start + 1)


def _write_head(file: MIDIFile, score: Score) -> None:
    head = file.tracks[0]  # format 1 puts it before the other tracks
    if score.title:
        head.addTrackName(0, score.title)
    # MIDIUtil truncates the fraction of a microsecond: half of one is added for that.
    microseconds = round(MICROSECONDS / score.tempo)
    file.addTempo(0, 0, MICROSECONDS / (microseconds + 0.5))
    if first := pickup_meter(score.pickup, score.meter):
        _write_meter(file, 0, first)
    _write_meter(file, round(score.pickup * TICKS), score.meter)
    if score.key:
        sharps = fifths(score.key)
        kind = SHARPS if sharps > 0 else FLATS
        mode = MINOR if score.key.minor else MAJOR
        file.addKeySignature(0, 0, abs(sharps), kind, mode)
    for span in score.chords:
        name = "N.C." if span.chord is None else span.chord.name
        head.addText(round(span.start * TICKS), name)


def _write_meter(file: MIDIFile, tick: int, meter: Meter) -> None:
    click = 24 * 4 // meter.unit * (3 if meter.compound else 1)
    file.addTimeSignature(0, tick, meter.beats, meter.unit.bit_length() - 1, click)
