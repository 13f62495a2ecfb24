"""What the MIDI writer writes, read back by another library."""

import io

import mido
from hypothesis import given
from hypothesis import strategies as st

from core.music.files.midi_writer import (
    TICKS,
    ascii_text,
    pickup_meter,
    to_ticks,
    write_midi,
)
from core.music.score.score import Score, Track
from core.music.theory.chord import QUALITIES, Chord
from core.music.theory.notes import ChordSpan, Meter, Note

NAMES = (
    "Melody",
    "",
    "Größe",
    "Dvořák – Träume",
    "旋律",
    "\x00\n\x1f",
    "🎷",
    "ŁØ" * 80,
)


def read_back(content):
    """Return what mido finds: head, and for each track name, channel, notes."""
    file = mido.MidiFile(file=io.BytesIO(content))
    assert file.type == 1
    assert file.ticks_per_beat == TICKS
    head, *tracks = file.tracks
    return list(timed(head)), [read_track(track) for track in tracks]


def timed(track):
    now = 0
    for message in track:
        now += message.time
        yield now, message


def read_track(track):
    """Return name, program, channels, and notes as (start, end, pitch, velocity)."""
    notes, sounding, used, program, name = [], {}, set(), None, ""
    for now, message in timed(track):
        if message.type == "track_name":
            name = message.name
        elif message.type == "program_change":
            assert now == 0
            program = message.program
            used.add(message.channel)
        elif message.type == "note_on":
            assert message.velocity > 0
            assert message.note not in sounding, "a pitch sounds twice at a time"
            sounding[message.note] = (now, message.velocity)
            used.add(message.channel)
        elif message.type == "note_off":
            start, velocity = sounding.pop(message.note)
            notes.append((start, now, message.note, velocity))
            used.add(message.channel)
    assert not sounding, "a note never ends"
    return name, program, used, sorted(notes)


def in_ticks(note):
    start, end = round(note.start * TICKS), round(note.end * TICKS)
    return start, end, note.pitch, note.velocity


def check_file(score):
    """Assert that the file of a score holds what is meant, by mido's reading."""
    meant = to_ticks(score)
    head, tracks = read_back(write_midi(score))
    assert len(tracks) == len(score.tracks)
    for channel, (track, found) in enumerate(zip(meant.tracks, tracks, strict=True)):
        notes = sorted(in_ticks(note) for note in track.notes)
        assert found == (track.name, track.program, {channel}, notes)
    tempos = [message.tempo for _, message in head if message.type == "set_tempo"]
    assert tempos == [round(60_000_000 / meant.tempo)]
    meters = [
        (now, Meter(message.numerator, message.denominator))
        for now, message in head
        if message.type == "time_signature"
    ]
    first = pickup_meter(meant.pickup, meant.meter)
    expected = [(round(meant.pickup * TICKS), meant.meter)]
    assert meters == ([(0, first)] if first else []) + expected
    texts = [(now, message.text) for now, message in head if message.type == "text"]
    assert texts == [
        (round(span.start * TICKS), span.chord.name if span.chord else "N.C.")
        for span in meant.chords
    ]
    titles = [message.name for _, message in head if message.type == "track_name"]
    assert titles == ([meant.title] if meant.title else [])


def begin(span):
    return span.start


times = st.one_of(st.integers(0, 8).map(float), st.floats(0, 1e4))
notes = st.builds(
    Note,
    start=times,
    length=st.floats(1e-9, 100),
    pitch=st.one_of(st.integers(60, 62), st.integers(0, 127)),
    velocity=st.integers(1, 127),
)
tracks = st.builds(
    Track,
    name=st.text() | st.sampled_from(NAMES),
    notes=st.lists(notes, max_size=12).map(tuple),
    program=st.integers(0, 127),
)
spans = st.builds(
    ChordSpan,
    start=times,
    length=st.floats(0.1, 8),
    chord=st.sampled_from([None, Chord(1, "7b9")]),
)
meters = ((4, 4), (3, 4), (6, 8), (9, 8), (5, 16), (2, 32))
scores = st.builds(
    Score,
    meter=st.sampled_from([Meter(*meter) for meter in meters]),
    chords=st.lists(spans, max_size=3).map(
        lambda found: tuple(sorted(found, key=begin))
    ),
    tracks=st.lists(tracks, max_size=8).map(tuple),
    tempo=st.floats(10, 400),
    title=st.text(),
    pickup=st.integers(0, 15).map(lambda steps: steps / 4),
)


@given(scores)
def test_any_score_reads_back_as_meant(score):
    check_file(score)


@given(scores)
def test_rounding_to_ticks_is_idempotent(score):
    once = to_ticks(score)
    assert to_ticks(once) == once


def notes_of(*notes):
    return to_ticks(Score((Track("", notes),))).tracks[0].notes


def test_a_sensible_score_is_written_as_it_is():
    score = Score(
        tracks=(
            Track("Melody", (Note(1.0, 0.5, 60), Note(1.5, 0.25, 62)), program=65),
        ),
        meter=Meter(3, 4),
        title="Waltz",
        chords=(ChordSpan(1.0, 3.0, Chord(0, "maj7")),),
        pickup=1.0,
    )
    assert to_ticks(score) == score


def test_a_pitch_struck_while_it_sounds_ends_the_first_note_there():
    assert notes_of(Note(0.0, 4.0, 60), Note(1.0, 1.0, 60)) == (
        Note(0.0, 1.0, 60),
        Note(1.0, 3.0, 60),
    )


def test_notes_of_a_pitch_at_one_time_become_the_longest_and_loudest():
    assert notes_of(Note(0.0, 1.0, 60, 90), Note(0.0, 2.0, 60, 50)) == (
        Note(0.0, 2.0, 60, 90),
    )


def test_a_note_lasts_at_least_a_tick():
    assert notes_of(Note(1.0, 1e-6, 60)) == (Note(1.0, 1 / TICKS, 60),)


def test_names_keep_what_ascii_can_say():
    assert ascii_text("Dvořák – Größe, Łódź ♭") == "Dvorak - Grosse, Lodz b"
    assert ascii_text("旋律 1\x07") == "?? 1?"
    assert ascii_text(" a\n\tb ") == "a b"


def test_the_name_of_every_kind_of_chord_is_ascii():
    assert all(Chord(1, quality).name.isascii() for quality in QUALITIES)
