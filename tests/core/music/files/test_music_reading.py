"""Reading MIDI files as people have them, and refusing what is none."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mido import MetaMessage

from core.music.files.reading import MOST_BYTES, read, read_with_timeout
from core.music.score.melody_track import (
    describe_piece,
    describe_tracks,
    extract_piece,
    guess_melody,
)
from core.music.theory.keys import Key
from core.music.theory.notes import Meter
from core.music.theory.progressions import chord_text, parse_chords
from core.task import DataError
from tests.core.music.music_files import (
    ATTRIBUTES,
    EIGHT,
    TUNE,
    chords,
    line,
    meter,
    midi,
    musicxml,
    tempo,
)

TRIADS = [(48, 52, 55), (53, 57, 60), (55, 59, 62), (48, 52, 55)]
BASS = line([36, 41, 43, 36], 4.0)
MELODY = line(TUNE * 2)
BAND = [
    ("", 9, 0, line([36, 42, 38, 42] * 8)),
    ("Bass", 1, 33, BASS),
    ("", 2, 0, chords(TRIADS)),
    ("Sax", 3, 66, MELODY),
]


def test_tracks_notes_tempo_and_meter_are_read():
    score = read(midi(*BAND, events=[(0, tempo(90)), (0, meter(4, 4))]), "My song")
    assert score.title == "My song"
    assert score.tempo == pytest.approx(90, abs=0.01)
    assert score.meter == Meter(4, 4)
    sax = next(track for track in score.tracks if track.name == "Sax")
    assert [(n.start, n.length, n.pitch) for n in sax.notes] == MELODY
    assert (sax.program, sax.notes[0].velocity, sax.drums) == (66, 90, False)


def test_the_melody_is_guessed_and_every_track_is_described():
    score = read(midi(*BAND))
    described = describe_tracks(score)
    assert len(described) == 4
    assert [voice.drums for voice in described].count(True) == 1
    melody = described[guess_melody(score)]
    assert (melody.name, melody.instrument, melody.notes) == ("Sax", "Tenor sax", 32)
    assert (melody.lowest, melody.highest) == (min(TUNE), max(TUNE))


def test_a_melody_is_guessed_without_names_or_instruments():
    bare = [("", channel, 0, notes) for _, channel, _, notes in BAND]
    score = read(midi(*bare))
    assert [n.pitch for n in score.tracks[guess_melody(score)].notes] == TUNE * 2


def test_chords_are_inferred_from_all_tracks_and_say_so():
    score = read(midi(*BAND))
    piece = extract_piece(score)
    assert chord_text(piece.spans()) == "C | F | G | C"
    assert [n.pitch for n in piece.notes()] == TUNE * 2
    assert piece.inferred
    assert not extract_piece(score, melody_in_chords=False).inferred
    assert not extract_piece(score, chords=parse_chords("C")).inferred
    assert describe_piece(score, piece) == (
        "32 notes in 4 bars of 4/4. Key: C major. Chords begin: C | F | G | C "
        "(inferred from the notes)."
    )


@pytest.mark.parametrize(
    ("signature", "key"), [("F", Key(5)), ("Dm", Key(2, minor=True)), ("C", Key(0))]
)
def test_a_key_signature_counts_unless_it_is_the_default(signature, key):
    tune = [60, 62, 64, 65, 67, 64, 60, 60] * 4  # in C by its notes
    event = MetaMessage("key_signature", key=signature)
    score = read(midi(("Tune", 0, 0, line(tune)), events=((0, event),)))
    assert extract_piece(score).key == key


def test_chords_of_a_single_line_are_said_to_be_a_guess():
    score = read(midi(("Tune", 0, 0, line([60, 64, 67, 64] * 8))))
    assert "(inferred from the melody alone, a guess)." in describe_piece(
        score, extract_piece(score)
    )


def test_a_third_that_only_the_melody_has_makes_the_chord_spelt_as_the_key_asks():
    # F sharp and C sharp below, in fifths; the thirds are in the melody.
    melody = [(place / 2, 0.5, 69 if place % 32 < 24 else 77) for place in range(64)]
    below = [
        (4.0 * bar, 4.0, pitch)
        for bar in range(8)
        for pitch in ((54, 61) if bar % 4 < 3 else (49, 56))
    ]
    score = read(midi(("Lead", 0, 0, melody), ("Low", 1, 0, below)))
    piece = extract_piece(score)
    assert str(piece.spans()[0].chord) == "F#m"
    assert "C#" in str(piece.spans()[1].chord)
    assert "Key: F# minor" in describe_piece(score, piece)
    assert "F#m | F#m | F#m | C#" in describe_piece(score, piece)


def test_a_change_of_meter_is_said_with_its_bar():
    four = [(0, meter(4, 4)), (8, meter(3, 4))]
    score = read(midi(("", 0, 0, line(TUNE * 2)), events=four))
    assert score.meters == ((0.0, Meter()), (8.0, Meter(3, 4)))
    three = ATTRIBUTES.replace("<beats>4", "<beats>3")
    first, second = f"<measure>{ATTRIBUTES}{EIGHT}</measure>", f"<measure>{EIGHT}"
    changed = read(
        musicxml(f"{first}{second}</measure><measure>{three}{EIGHT}</measure>")
    )
    assert changed.meters == score.meters
    said = describe_piece(score, extract_piece(score))
    assert "The meter changes (4/4 from bar 1, 3/4 from bar 3)" in said
    assert read(midi(*BAND)).meters == ()


@pytest.mark.parametrize("first", [Meter(1, 4), Meter(2, 4), Meter(3, 8)])
def test_a_pickup_is_no_change_of_meter(first):
    begin = first.quarters
    shown = [(0, meter(first.beats, first.unit)), (begin, meter(4, 4))]
    score = read(midi(("", 0, 0, line(TUNE * 2)), events=shown))
    assert (score.pickup, score.meter, score.meters) == (begin, Meter(), ())
    assert "meter changes" not in describe_piece(score, extract_piece(score))

    shown.append((begin + 12, meter(2, 4)))  # after three bars
    score = read(midi(("", 0, 0, line(TUNE * 2)), events=shown))
    assert score.meters == ((begin, Meter()), (begin + 12, Meter(2, 4)))
    said = describe_piece(score, extract_piece(score))
    assert "The meter changes (4/4 from bar 1, 2/4 from bar 4)" in said


def test_typed_chords_go_under_the_melody_to_its_end():
    piece = extract_piece(read(midi(*BAND)), chords=parse_chords("Dm7 G7 | Cmaj7"))
    assert chord_text(piece.spans()) == "Dm7 G7 | Cmaj7 | Dm7 G7 | Cmaj7"


def test_both_hands_in_one_track_are_told_apart():
    piece = extract_piece(read(midi(("Piano", 0, 0, MELODY + chords(TRIADS) + BASS))))
    assert [n.pitch for n in piece.notes()] == TUNE * 2
    assert chord_text(piece.spans()) == "C | F | G | C"


def test_of_several_tempos_and_meters_the_longest_lasting_count():
    solo = [(start + 1, 0.6, pitch) for start, _, pitch in line(TUNE * 8)]
    changes = [(0, meter(1, 4)), (1, meter(4, 4)), (41, meter(3, 4))]
    changes += [(0, tempo(100)), (1, tempo(150)), (50, tempo(140))]
    score = read(midi(("Guitar", 11, 26, solo), events=changes))
    assert (score.meter, score.pickup) == (Meter(4, 4), 1)
    assert score.tempo == pytest.approx(150, abs=0.01)
    piece = extract_piece(score)
    assert [n.pitch for n in piece.notes()] == TUNE * 8
    assert piece.pickup == 0  # the empty bar before it is left out
    assert piece.positions[piece.onsets[0]] == 0


def test_empty_bars_before_the_melody_are_left_out():
    late = [(start + 21, length, pitch) for start, length, pitch in MELODY]
    piece = extract_piece(read(midi(("", 0, 0, late))))
    assert piece.onsets[0] == 4
    assert piece.positions[piece.onsets[0]] == 4


def test_a_track_can_be_chosen_and_a_wrong_one_is_refused():
    score = read(midi(*BAND))
    drums = next(voice.track for voice in describe_tracks(score) if voice.drums)
    chordal = next(v.track for v in describe_tracks(score) if v.alone == 0)
    with pytest.raises(DataError, match="drums"):
        extract_piece(score, drums)
    with pytest.raises(DataError, match="expected 1 to 4, got 10"):
        extract_piece(score, 9)
    with pytest.raises(DataError, match="at least 8 notes, got 4"):
        extract_piece(score, chordal)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"hello, this is text", "something else"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "something else"),
        (b"PK\x03\x04" + bytes(50), "compressed"),
        (b"MThd", "broken"),
        (midi(*BAND)[:300], "broken"),
        (midi(), "none"),
        (midi(("", 9, 0, line([36] * 20))), "drums only"),
        (midi(("", 0, 0, [(0, 1, 60)])), "at least 8 notes one after the other, got 1"),
        (bytes(MOST_BYTES + 1), "at most 1 MB"),
        (midi(("", 0, 0, line(TUNE, start=2e5))), "quarter notes of length"),
        (midi(*[("", 0, 0, line(TUNE))] * 70), "at most 64 tracks, got 70"),
        (midi(*BAND).replace(b"\x01\xe0", b"\x00\x00", 1), "ticks"),
        (midi(*BAND).replace(b"\x01\xe0", b"\xe7\x28", 1), "ticks"),
    ],
)
def test_files_without_a_melody_are_refused_in_a_sentence(content, what):
    with pytest.raises(DataError, match="Expected") as error:
        read(content)
    assert what in str(error.value)
    assert str(error.value).endswith(".")


def test_too_many_notes_are_refused(monkeypatch):
    monkeypatch.setattr("core.music.files.midi_reader.MOST_NOTES", 10)
    with pytest.raises(DataError, match="at most 10 notes"):
        read(midi(*BAND))


def test_a_file_cut_off_within_a_track_is_refused():
    content = midi(*BAND)
    last = content.rindex(b"MTrk")
    for end in range(last + 8, len(content)):
        with pytest.raises(DataError, match="broken or cut off"):
            read(content[:end])


def test_common_midi_format_errors_are_repaired():
    content = midi(*BAND)
    at = content.rindex(b"MTrk") + 4
    shorter = int.from_bytes(content[at : at + 4], "big") - 4
    alien = b"XFIH\x00\x00\x00\x04abcd"
    for sloppy in (
        content + b"junk at the end",
        content[:14] + alien + content[14:],
        content[:11] + b"\x09" + content[12:],  # nine tracks, it says
        content[:at] + shorter.to_bytes(4, "big") + content[at + 4 : -4],  # no end mark
    ):
        assert read(sloppy) == read(content)


@pytest.mark.parametrize(
    "without_length", [[(1.0, 0.0, TUNE[0])], [(1.0, 0.0, 30), (5.0, 0.0, 30)]]
)
def test_notes_without_a_length_change_no_others_and_are_left_out(without_length):
    """As music21 writes grace notes and chord symbols, each end before its start."""
    with_them, without = (
        read(midi(("", 0, 0, [*MELODY, *more]))).tracks[0]
        for more in (without_length, [])
    )
    assert with_them == without


def test_two_voices_of_one_pitch_that_end_together_and_go_on_are_all_read():
    voices = [(20.0, 2.0, 60), (21.0, 1.0, 60), (22.0, 1.0, 60)]
    (track,) = read(midi(("", 0, 0, [*MELODY, *voices]))).tracks
    found = [(n.start, n.length, n.pitch) for n in track.notes]
    assert set(voices) <= set(found)


def test_an_end_that_is_written_twice_ends_no_other_note():
    content = midi(("", 0, 0, line([60] * 8)))
    off = bytes([0x80, 60, 64])
    first = content.index(off) + len(off)
    twice = content[:first] + b"\0" + off + content[first:]
    length = content.rindex(b"MTrk") + 4
    size = int.from_bytes(content[length : length + 4], "big") + len(off) + 1
    twice = twice[:length] + size.to_bytes(4, "big") + twice[length + 4 :]
    assert read(twice) == read(content)


@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(chance: random.Random, n):
    content = bytearray(midi(*BAND))
    for _ in range(n):
        content[chance.randrange(len(content))] = chance.randrange(256)
    score = read_or_none(bytes(content))
    assert score == read_or_none(bytes(content))
    for track in score.tracks if score else ():
        assert all(0 <= note.pitch <= 127 and note.length > 0 for note in track.notes)


def read_or_none(content):
    """The score, or None where it is refused in a whole sentence."""
    try:
        return read(content)
    except DataError as error:
        return None if str(error).endswith(".") else pytest.fail(str(error))


def test_a_file_is_read_in_a_process_apart():
    score = read_with_timeout(midi(*BAND), "Song", seconds=60)
    assert score == read(midi(*BAND), "Song")
    with pytest.raises(DataError, match="drums only"):
        read_with_timeout(midi(("", 9, 0, line([36] * 20))), seconds=60)


def test_a_file_that_takes_too_long_is_given_up():
    with pytest.raises(DataError, match=r"read in 0\.001 s"):
        read_with_timeout(midi(*BAND), seconds=0.001)
