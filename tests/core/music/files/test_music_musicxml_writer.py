"""What notation programs are given, read back by music21 and by our own reader."""

from xml.etree import ElementTree

import numpy as np
import pytest

from core.music.files.musicxml_reader import read_musicxml
from core.music.files.musicxml_writer import write_musicxml
from core.music.score.layout import split_length
from core.music.score.score import Score, Track
from core.music.theory.chord import LETTERS, QUALITIES, Chord
from core.music.theory.keys import Key, Spelling, fifths, root_spelled, spelled
from core.music.theory.notes import ChordSpan, Meter, Note

METERS = (Meter(), Meter(3, 4), Meter(6, 8), Meter(2, 4), Meter(9, 8), Meter(5, 8))


def random_score(seed, most_pitches=1):
    """A part on the grid: chords of up to some pitches, rests, and chords above."""
    random = np.random.default_rng(seed)
    meter = METERS[seed % len(METERS)]
    notes, now = [], int(random.integers(0, 4))
    for _ in range(40):
        length = int(random.integers(1, 14))
        pitches = random.choice(np.arange(40, 90), random.integers(1, most_pitches + 1))
        notes += [Note(now / 4, length / 4, int(pitch)) for pitch in set(pitches)]
        now += length + int(random.choice([0, 0, 0, 3]))
    starts = sorted({0, *random.choice(now, 12).tolist()})
    chords = [
        ChordSpan(start / 4, (end - start) / 4, Chord(int(random.integers(12)), "m7"))
        for start, end in zip(starts, [*starts[1:], now], strict=True)
    ]
    pickup = int(random.integers(0, meter.steps)) / 4
    return Score(
        (Track("Melody", tuple(sorted(notes)), program=65),),
        tempo=96.0,
        meter=meter,
        title="A & B <é>",
        chords=tuple(chords),
        pickup=pickup,
    )


def chord_changes(spans):
    return [(span.start, span.chord) for span in spans]


@pytest.mark.parametrize("seed", range(24))
def test_the_rooms_reader_finds_the_notes_chords_and_frame_written(seed):
    score = random_score(seed, most_pitches=1 + seed % 3)
    found = read_musicxml(write_musicxml(score).encode())
    assert found.tracks == score.tracks
    assert chord_changes(found.chords) == chord_changes(score.chords)
    assert (found.meter, found.tempo) == (score.meter, score.tempo)
    assert (found.title, found.pickup) == (score.title, score.pickup)


def test_several_parts_are_read_back():
    notes = tuple(Note(place / 2, 0.5, 60 + place) for place in range(8))
    low = Track("Bass", tuple(Note(place, 1.0, 40) for place in range(4)), program=32)
    score = Score((Track("Melody", notes), low))
    found = read_musicxml(write_musicxml(score).encode())
    assert found.tracks == score.tracks


def measures(score):
    root = ElementTree.fromstring(write_musicxml(score))
    return root.findall("part/measure")


@pytest.mark.parametrize("seed", range(12))
def test_every_bar_is_full_and_ties_go_both_ways(seed):
    score = random_score(seed)
    found = measures(score)
    for place, measure in enumerate(found):
        lengths = [int(note.findtext("duration")) for note in measure.findall("note")]
        short = place == 0 and score.pickup
        assert sum(lengths) == (4 * score.pickup if short else score.meter.steps)
    notes = [note for measure in found for note in measure.findall("note")]
    begun = None
    for note in notes:
        ties = {tie.get("type") for tie in note.findall("tie")}
        pitch = [item.text for item in note.findall("pitch/*")]
        assert ("stop" in ties) == (begun is not None)
        assert begun is None or begun == pitch
        begun = pitch if "start" in ties else None
    assert begun is None


def test_a_note_over_a_barline_is_tied():
    score = Score((Track("", (Note(3.0, 2.0, 60),)),))
    first, second = measures(score)
    assert [note.findtext("type") for note in first.findall("note")][-1] == "quarter"
    assert first.findall("note")[-1].find("tie").get("type") == "start"
    assert second.find("note").find("tie").get("type") == "stop"


def test_a_pickup_is_a_bar_of_its_own_that_does_not_count():
    score = Score((Track("", (Note(0.0, 1.0, 60), Note(1.0, 4.0, 62))),), pickup=1.0)
    pickup, first = measures(score)
    assert (pickup.get("number"), pickup.get("implicit")) == ("0", "yes")
    assert first.get("number") == "1"
    assert first.findtext("note/type") == "whole"


@pytest.mark.parametrize(
    ("start", "length", "meter", "split"),
    [
        (0, 16, Meter(), (16,)),
        (0, 5, Meter(), (4, 1)),
        (2, 4, Meter(), (4,)),  # the plain syncopation
        (3, 4, Meter(), (1, 3)),
        (2, 8, Meter(), (2, 6)),
        (4, 12, Meter(), (4, 8)),
        (4, 6, Meter(), (6,)),
        (0, 12, Meter(3, 4), (12,)),
        (0, 12, Meter(6, 8), (12,)),
        (4, 4, Meter(6, 8), (2, 2)),
        (0, 4, Meter(6, 8), (4,)),
        (3, 6, Meter(6, 8), (3, 3)),
    ],
)
def test_note_values_show_the_beats(start, length, meter, split):
    assert tuple(split_length(start, length, meter)) == split


@pytest.mark.parametrize("meter", METERS)
def test_note_values_add_up(meter):
    for start in range(meter.steps):
        for length in range(1, meter.steps - start + 1):
            assert sum(split_length(start, length, meter)) == length


def test_key_signatures_count_sharps_and_flats():
    assert [fifths(Key(tonic)) for tonic in (0, 7, 2, 5, 10, 1, 6)] == [
        *(0, 1, 2, -1, -2, -5, 6)
    ]
    assert [fifths(Key(9, minor=True)), fifths(Key(0, minor=True))] == [0, -3]


def test_pitches_are_spelled_as_the_key_asks():
    assert spelled(6, Key(0)) == Spelling("F", 1)
    assert spelled(10, Key(0)) == Spelling("B", -1)
    assert spelled(8, Key(9, minor=True)) == Spelling("G", 1)
    assert spelled(1, Key(2)) == Spelling("C", 1)
    assert spelled(1, Key(8)) == Spelling("D", -1)
    assert spelled(11, Key(6)) == Spelling("B", 0)
    assert root_spelled(Chord(6, text="F♯"), Key(1)) == Spelling("F", 1)
    assert root_spelled(Chord(6), Key(1)) == Spelling("G", -1)


def test_no_pitch_is_spelled_with_two_signs():
    for key in (Key(tonic, minor) for tonic in range(12) for minor in (False, True)):
        for pitch_class in range(12):
            name = spelled(pitch_class, key)
            assert abs(name.alter) <= 1
            assert (LETTERS[name.letter] + name.alter) % 12 == pitch_class


def test_titles_hold_no_letter_that_xml_cannot():
    score = Score((Track("a\x00\x1fb", (Note(0.0, 1.0, 60),)),), title="a\x01\ud800b")
    assert ElementTree.fromstring(write_musicxml(score)).findtext("work/work-title")


def test_a_silent_track_is_a_bar_of_rest():
    (measure,) = measures(Score((Track("", ()),)))
    assert measure.find("note/rest") is not None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(6))
def test_music21_finds_the_same_notes(seed):
    from music21 import converter

    score = random_score(seed, most_pitches=1 + seed % 3)
    found = converter.parse(write_musicxml(score), format="musicxml")
    part = found.parts[0].stripTies().flatten()
    notes = [
        Note(float(item.offset), float(item.quarterLength), pitch.midi)
        for item in part.notes
        if "Harmony" not in item.classes
        for pitch in item.pitches
    ]
    assert tuple(sorted(notes)) == score.tracks[0].notes
    meter = part.getTimeSignatures()[0]
    assert (meter.numerator, meter.denominator) == (
        *(score.meter.beats, score.meter.unit),
    )
    symbols = part.getElementsByClass("ChordSymbol")
    assert [float(item.offset) for item in symbols] == [
        span.start for span in score.chords
    ]


@pytest.mark.filterwarnings("ignore")
def test_music21_hears_the_tones_of_every_kind_of_chord():
    from music21 import converter

    kinds = list(QUALITIES)
    spans = (
        ChordSpan(float(place), 1.0, Chord(place % 12, kind, (place + 4) % 12))
        for place, kind in enumerate(kinds)
    )
    track = Track("", (Note(0.0, float(len(kinds)), 60),))
    text = write_musicxml(Score((track,), chords=tuple(spans)))
    found = converter.parse(text, format="musicxml").flatten()
    symbols = list(found.getElementsByClass("ChordSymbol"))
    assert len(symbols) == len(kinds)
    for place, (kind, symbol) in enumerate(zip(kinds, symbols, strict=True)):
        chord = Chord(place % 12, kind)
        heard = {pitch.pitchClass for pitch in symbol.pitches}
        heard -= {(place + 4) % 12} - set(chord.tones)
        if "sus4" in kind and kind != "sus4":
            # MusicXML adds the seventh of a dominant chord, music21 that of a scale.
            assert (chord.root + 11) % 12 in heard
            heard = heard - {(chord.root + 11) % 12} | {(chord.root + 10) % 12}
        # Where 11ths and 13ths stand for the tones below them too is a matter of taste.
        optional = {(chord.root + step) % 12 for step in (2, 5)}
        assert heard - optional == set(chord.tones) - optional, kind
