"""What the MIDI writer writes, read back by another library."""

import io
import math
from dataclasses import replace

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.music.as_written import (
    TICKS,
    ScoreError,
    as_written,
    ascii_text,
    channels,
    pickup_meter,
)
from core.music.chord import QUALITIES, Chord
from core.music.midi_writer import write_midi
from core.music.reading import read
from core.music.score import ChordSpan, Meter, Note, Score, Track

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
TIMES = (0.0, -0.0, -3.5, -1e-9, 1e-9, 1e5, 1e300, 1.7e308, 0.25, 1 / 3, 9_999.9999)


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
    meant = as_written(score)
    head, tracks = read_back(write_midi(score))
    assert len(tracks) == len(score.tracks)
    for track, channel, found in zip(
        meant.tracks, channels(meant.tracks), tracks, strict=True
    ):
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


def random_score(random):
    """A score of every kind of nonsense, and of sense."""
    tracks = [random_track(random) for _ in range(random.choice([0, 1, 2, 3, 6, 24]))]
    return Score(
        tracks=tuple(tracks),
        tempo=float(random.choice([120.0, 0.0, -5.0, 1e9, 97.3, 1e-300, 61.7])),
        meter=Meter(
            *random.choice([[4, 4], [3, 4], [6, 8], [0, 0], [400, 3], [7, 99]])
        ),
        title=str(random.choice(NAMES)),
        chords=tuple(
            ChordSpan(
                random_time(random),
                random_time(random),
                random.choice([None, Chord(int(random.integers(12)), "7b9")]),
            )
            for _ in range(random.integers(4))
        ),
        pickup=random_time(random),
    )


def random_track(random):
    notes = [
        Note(
            start=random_time(random),
            length=random_time(random),
            pitch=int(random.choice([60, 60, 61, 64, 130, -5, 10**6, 10, 101])),
            velocity=int(random.choice([80, 200, 0, -7, 1, 127])),
        )
        for _ in range(random.choice([0, 1, 4, 40]))
    ]
    return Track(
        name=str(random.choice(NAMES)),
        notes=tuple(notes),
        program=int(random.choice([0, 7, 127, 128, -1, 65])),
        drums=bool(random.random() < 0.15),
    )


def random_time(random):
    if random.random() < 0.15:
        return float(random.choice(TIMES))
    if random.random() < 0.5:
        return float(random.integers(0, 32)) / 4  # on the grid: strokes coincide
    return float(random.uniform(-1, 12))


@pytest.mark.parametrize("seed", range(20))
def test_a_hundred_random_scores_read_back_as_meant(seed):
    random = np.random.default_rng(seed)
    for _ in range(100):
        check_file(random_score(random))


finite = st.floats(allow_nan=False, allow_infinity=False)
tracks = st.builds(
    Track,
    name=st.text(),
    notes=st.lists(
        st.builds(
            Note,
            start=st.one_of(st.integers(0, 4).map(float), finite),
            length=st.one_of(st.integers(0, 4).map(float), finite),
            pitch=st.one_of(st.integers(60, 62), st.integers()),
            velocity=st.integers(),
        ),
        max_size=12,
    ).map(tuple),
    program=st.integers(),
    drums=st.booleans(),
)
scores = st.builds(
    Score,
    tracks=st.lists(tracks, max_size=20).map(tuple),
    tempo=finite,
    meter=st.builds(Meter, st.integers(), st.integers()),
    title=st.text(),
    pickup=finite,
)


@settings(max_examples=150, deadline=None)
@given(scores)
def test_any_score_reads_back_as_meant(score):
    check_file(score)


@settings(max_examples=100, deadline=None)
@given(scores)
def test_what_is_written_once_is_written_the_same_again(score):
    once = as_written(score)
    assert as_written(once) == once


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_what_is_no_finite_number_is_refused_in_plain_words(wrong):
    note = Track("", (Note(1.0, 1.0, 60),))
    for score, what in (
        (Score((Track("", (Note(wrong, 1.0, 60),)),)), "beginning of a note"),
        (Score((Track("", (Note(1.0, wrong, 60),)),)), "length of a note"),
        (Score((note,), tempo=wrong), "tempo"),
        (Score((note,), pickup=wrong), "pickup"),
        (Score((note,), chords=(ChordSpan(0.0, wrong, None),)), "length of a chord"),
    ):
        with pytest.raises(ScoreError, match=f"finite number as the {what}, got"):
            write_midi(score)


def notes_of(*notes):
    return as_written(Score((Track("", notes),))).tracks[0].notes


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
    assert as_written(score) == score


def test_a_pitch_struck_while_it_sounds_ends_the_first_stroke_there():
    assert notes_of(Note(0.0, 4.0, 60), Note(1.0, 1.0, 60)) == (
        Note(0.0, 1.0, 60),
        Note(1.0, 3.0, 60),
    )


def test_strokes_of_a_pitch_at_one_time_become_the_longest_and_loudest():
    assert notes_of(Note(0.0, 1.0, 60, 90), Note(0.0, 2.0, 60, 50)) == (
        Note(0.0, 2.0, 60, 90),
    )


def test_times_before_the_beginning_are_cut_off():
    assert notes_of(Note(-1.0, 1.5, 60), Note(-2.0, 1.0, 62)) == (Note(0.0, 0.5, 60),)


def test_a_note_of_no_length_lasts_a_tick():
    assert notes_of(Note(1.0, 0.0, 60)) == (Note(1.0, 1 / TICKS, 60),)


def test_pitches_and_velocities_go_to_the_nearest_allowed():
    assert notes_of(Note(0.0, 1.0, 130, 200), Note(0.0, 1.0, -3, 0)) == (
        Note(0.0, 1.0, 0, 1),
        Note(0.0, 1.0, 127, 127),
    )


def test_only_drums_are_on_the_drum_channel():
    few = [Track("", (), drums=place == 1) for place in range(4)]
    assert channels(few) == (0, 9, 1, 2)
    assert channels([Track("", ()) for _ in range(15)]).count(9) == 0


def test_beyond_fifteen_tracks_those_of_one_program_share_a_channel():
    many = [Track("", (), program=place // 2) for place in range(20)]
    found = channels(many)
    assert found[0] == found[1] != found[2]
    assert len(set(found)) == 10
    assert 9 not in channels([Track("", (), program=place) for place in range(40)])


def test_pitch_10_in_channel_11_is_not_mixed_up_with_pitch_101_in_channel_1():
    tracks = [Track("", (Note(0.0, 2.0, 101), Note(0.0, 1.0, 10)))] * 12
    check_file(Score(tuple(tracks)))


def test_names_keep_what_ascii_can_say():
    assert ascii_text("Dvořák – Größe, Łódź ♭") == "Dvorak - Grosse, Lodz b"
    assert ascii_text("旋律 1\x07") == "?? 1?"
    assert ascii_text(" a\n\tb ") == "a b"


def test_the_rooms_own_reader_finds_the_same_score():
    notes = tuple(Note(1 + place / 2, 0.5, 60 + place) for place in range(12))
    score = Score(
        tracks=(Track("Melody", notes, program=65), Track("Kit", notes, drums=True)),
        tempo=96.0,
        meter=Meter(3, 4),
        title="Waltz",
        pickup=1.0,
    )
    found = read(write_midi(score), title="Waltz")
    assert found == replace(score, tempo=pytest.approx(96.0))


def test_the_name_of_every_kind_of_chord_is_ascii():
    assert all(Chord(1, quality).name.isascii() for quality in QUALITIES)
