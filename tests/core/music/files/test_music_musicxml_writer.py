"""What notation programs are given, read back by music21 and by our own reader."""

from xml.etree import ElementTree

import numpy as np
import pytest

from core.music.files.musicxml_reader import read_musicxml
from core.music.files.musicxml_writer import write_musicxml
from core.music.score.layout import split_length
from core.music.score.score import Score, Track
from core.music.theory.chord import LETTERS, QUALITIES, Chord
from core.music.theory.keys import (
    Key,
    Spelling,
    fifths,
    root_spelled,
    spelled,
    spelled_over,
)
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
        (Track("Alto sax", tuple(sorted(notes)), program=65),),
        tempo=96.0,
        meter=meter,
        title="A & B <é>",
        chords=tuple(chords),
        pickup=pickup,
    )


def chord_changes(spans):
    return [(span.start, span.chord) for span in spans]


@pytest.mark.parametrize("seed", range(24))
def test_our_reader_finds_the_notes_chords_and_frame_written(seed):
    score = random_score(seed, most_pitches=1 + seed % 3)
    found = read_musicxml(write_musicxml(score).encode())
    assert found.tracks == score.tracks
    assert chord_changes(found.chords) == chord_changes(score.chords)
    assert (found.meter, found.tempo) == (score.meter, score.tempo)
    assert (found.title, found.pickup) == (score.title, score.pickup)


@pytest.mark.parametrize(
    ("program", "name", "sharps", "written", "octaves"),
    [
        (66, "Tenor sax", 2, 74, "-1"),
        (56, "Trumpet", 2, 62, None),
        (65, "Alto sax", 3, 69, None),
        (73, "Flute", 0, 60, None),
    ],
)
def test_a_transposing_instrument_has_its_name_and_reads_what_it_plays(
    program, name, sharps, written, octaves
):
    from music21 import converter

    track = Track("Melody", (Note(0.0, 4.0, 60),), program=program)
    chord = ChordSpan(0.0, 4.0, Chord(0))
    score = Score((track, Track("Chords", track.notes)), key=Key(0), chords=(chord,))
    text = write_musicxml(score)
    found = ElementTree.fromstring(text)
    assert found.findtext(".//part-name") == name
    assert found.findtext(".//octave-change") == octaves
    parts = converter.parse(text, format="musicxml").parts
    assert [
        part.recurse().getElementsByClass("Note")[0].pitch.midi for part in parts
    ] == [
        written,
        60,
    ]
    assert parts[0].recurse().getElementsByClass("KeySignature")[0].sharps == sharps
    sounding = converter.parse(text, format="musicxml").toSoundingPitch().parts[0]
    assert sounding.recurse().getElementsByClass("Note")[0].pitch.midi == 60
    assert read_musicxml(text.encode()).chords[0].chord == Chord(0)


def measures(score):
    root = ElementTree.fromstring(write_musicxml(score))
    return root.findall("part/measure")


@pytest.mark.parametrize("seed", range(12))
def test_ties_go_both_ways(seed):
    begun = None
    for note in (
        n for one in measures(random_score(seed)) for n in one.findall("note")
    ):
        ties = {tie.get("type") for tie in note.findall("tie")}
        pitch = [item.text for item in note.findall("pitch/*")]
        assert ("stop" in ties) == (begun is not None)
        assert begun is None or begun == pitch
        begun = pitch if "start" in ties else None
    assert begun is None


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


def test_key_signatures_count_sharps_and_flats():
    assert [fifths(Key(tonic)) for tonic in (0, 7, 2, 5, 10, 1, 6)] == [
        *(0, 1, 2, -1, -2, -5, 6)
    ]
    minor = [fifths(Key(tonic, minor=True)) for tonic in (9, 0, 2, 3)]
    assert minor == [0, -3, -1, -6]


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


def test_tones_of_a_chord_are_spelled_from_its_root():
    def names(key, chord):
        found = [spelled_over(tone, key, chord) for tone in chord.tones]
        return " ".join(f"{one.letter}{'b #'[one.alter + 1].strip()}" for one in found)

    assert names(Key(0), Chord(9, "7")) == "A C# E G"
    assert names(Key(0), Chord(3, "dim7")) == "Eb Gb A C"
    assert names(Key(0), Chord(2, "7#9")) == "D F# A C F"
    assert names(Key(5), Chord(0, "7b13")) == "C E G Bb Ab"
    assert names(Key(0), Chord(0, "aug")) == "C E G#"
    assert names(Key(3), Chord(10, "7")) == "Bb D F Ab"
    assert spelled_over(1, Key(0), Chord(0)) == spelled_over(1, Key(0), None)


def test_titles_hold_no_letter_that_xml_cannot():
    score = Score((Track("a\x00\x1fb", (Note(0.0, 1.0, 60),)),), title="a\x01\ud800b")
    assert ElementTree.fromstring(write_musicxml(score)).findtext("work/work-title")


def test_a_silent_track_is_a_bar_of_rest():
    (measure,) = measures(Score((Track("", ()),)))
    assert measure.find("note/rest") is not None


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


def written(score, swing=1.0, triplets=frozenset()):
    return ElementTree.fromstring(write_musicxml(score, swing, triplets))


def sixteenths(*spans, pitch=72):
    """Notes from their starts and lengths in sixteenths."""
    return tuple(Note(start / 4, length / 4, pitch) for start, length in spans)


def beams(part):
    """The beams of each note of a part."""
    notes = part.findall("measure/note")
    return [[beam.text for beam in note.findall("beam")] for note in notes]


@pytest.mark.parametrize(
    ("key", "signature", "mode"),
    [
        (Key(0), "0", "major"),
        (Key(2, minor=True), "-1", "minor"),
        (Key(4), "4", "major"),
    ],
)
def test_the_signature_is_the_scores_own_key_whatever_its_notes(key, signature, mode):
    notes = sixteenths((0, 4), (4, 4), pitch=66)
    found = written(Score((Track("Melody", notes),), key=key)).find(".//key")
    assert (found.findtext("fifths"), found.findtext("mode")) == (signature, mode)


@pytest.mark.parametrize(
    ("spans", "meter", "expected"),
    [
        (((0, 2), (2, 2), (4, 2), (6, 2)), Meter(2, 4), "begin continue continue end"),
        (((0, 2), (2, 2), (4, 4)), Meter(2, 4), "begin end -"),
        (((0, 1), (1, 2), (3, 1), (4, 4)), Meter(2, 4), "begin continue end -"),
        (((0, 2), (2, 4), (6, 2)), Meter(2, 4), "- - -"),
        (
            ((0, 2), (2, 2), (4, 2), (6, 4), (10, 2)),
            Meter(6, 8),
            "begin continue end - -",
        ),
        (
            ((0, 2), (2, 2), (4, 2), (6, 2), (8, 2), (10, 2)),
            Meter(3, 4),
            "begin end " * 3,
        ),
    ],
)
def test_beams_join_the_notes_of_a_beat(spans, meter, expected):
    score = Score((Track("", sixteenths(*spans)),), meter=meter)
    first = [names[0] if names else "-" for names in beams(written(score).find("part"))]
    assert first == expected.split()


def test_a_sixteenth_beside_a_longer_note_has_a_short_second_beam():
    score = Score((Track("", sixteenths((0, 3), (3, 1), (4, 1), (5, 2), (7, 1))),))
    assert beams(written(score).find("part"))[:5] == [
        ["begin"],
        ["end", "backward hook"],
        ["begin", "forward hook"],
        ["continue"],
        ["end", "backward hook"],
    ]


def test_an_accompaniment_of_two_hands_is_on_a_grand_staff():
    melody = Track("Melody", (Note(0.0, 4.0, 72),))
    low = [Note(time, 1.0, 40) for time in (0.0, 2.0)]
    high = [Note(time, 1.0, pitch) for time in (1.0, 3.0) for pitch in (60, 64, 67)]
    chords = Track("Chords", tuple(sorted(low + high)))
    score = Score((melody, chords, Track("Bass", (Note(0.0, 4.0, 38),), 32)))
    parts = written(score).findall("part")
    clefs = [[sign.text for sign in part.iterfind(".//clef/sign")] for part in parts]
    assert clefs == [["G"], ["G", "F"], ["F"]]
    places = {
        (note.findtext("pitch/octave"), note.findtext("staff"))
        for note in parts[1].iterfind(".//note")
        if note.find("rest") is None
    }
    assert places == {("2", "2"), ("4", "1")}
    assert [
        track.notes for track in read_musicxml(write_musicxml(score).encode()).tracks
    ] == [
        melody.notes,
        tuple(sorted(high)),
        tuple(low),
        score.tracks[2].notes,
    ]


def test_drums_are_left_out():
    drums = Track("Drums", (Note(0.0, 1.0, 38),), drums=True)
    score = Score((Track("Melody", (Note(0.0, 1.0, 72),)), drums))
    assert len(written(score).findall("part")) == 1


def test_notes_that_overlap_are_two_voices_with_stems_apart():
    notes = (Note(0.0, 2.0, 76), Note(0.0, 4.0, 60), Note(2.0, 2.0, 72))
    score = Score((Track("Melody", notes),))
    found = written(score).findall(".//note")
    assert [
        (note.findtext("voice"), note.findtext("stem"), note.findtext("type"))
        for note in found
    ] == [("1", "up", "half"), ("1", "up", "half"), ("2", "down", "whole")]
    (track,) = read_musicxml(write_musicxml(score).encode()).tracks
    assert track.notes == score.tracks[0].notes


def test_an_accidental_is_written_once_in_a_bar_and_taken_back():
    pitches = (66, 66, 65, 66, 66, 65)  # F# F# F F# in one bar of G major, then F# F
    notes = tuple(Note(float(i), 1.0, pitch) for i, pitch in enumerate(pitches))
    score = Score((Track("", notes),), key=Key(7))
    marks = [note.findtext("accidental") for note in written(score).findall(".//note")]
    assert marks[:6] == [None, None, "natural", "sharp", None, "natural"]


def test_a_note_cut_short_is_written_to_the_next_one_with_a_dot():
    notes = (Note(0.0, 0.35, 60), Note(0.5, 0.475, 60), Note(1.0, 0.7, 60))
    found = written(Score((Track("", notes),))).findall(".//note")[:4]
    assert [note.findtext("type") for note in found] == [
        *("eighth", "eighth", "quarter", "half"),
    ]
    dotted = [
        note.find("notations/articulations/staccato") is not None for note in found
    ]
    assert dotted == [True, False, True, False]


def test_a_note_that_hangs_over_the_last_bar_makes_no_further_one():
    chord = (Note(0.0, 1.0, 60), Note(3.5, 0.7, 60))
    score = Score((Track("", (Note(0.0, 4.0, 72),)), Track("Chords", chord)))
    assert len(written(score).findall("part[1]/measure")) == 1
    spans = (ChordSpan(0.0, 12.0, Chord(0)),)
    score = Score((Track("", (Note(0.0, 4.0, 72),)),), chords=spans)
    assert len(measures(score)) == 3


TRIPLET = Score((Track("Melody", sixteenths((0, 1), (1, 1), (2, 2), (4, 4), (8, 8))),))


def test_three_sixteenths_of_a_beat_can_stand_for_a_triplet():
    text = write_musicxml(TRIPLET, triplets=frozenset({0}))
    notes = ElementTree.fromstring(text).findall(".//note")
    assert [note.findtext("type") for note in notes] == [
        *("eighth", "eighth", "eighth", "quarter", "half"),
    ]
    ratio = [note.findtext("time-modification/actual-notes") for note in notes]
    assert ratio == ["3", "3", "3", None, None]
    ends = [note.find("notations/tuplet") for note in notes]
    assert [end is not None and end.get("type") for end in ends] == [
        *("start", False, "stop", False, False),
    ]
    starts = [note.start for note in read_musicxml(text.encode()).tracks[0].notes]
    assert starts == pytest.approx([0, 1 / 3, 2 / 3, 1, 2])


def test_notes_on_the_thirds_of_a_beat_are_a_triplet():
    times = [0.0, 1 / 3, 2 / 3, 1.0]
    notes = (*(Note(time, 1 / 3, 72) for time in times[:3]), Note(1.0, 3.0, 72))
    text = write_musicxml(Score((Track("", notes),)))
    found = read_musicxml(text.encode()).tracks[0].notes
    assert [note.start for note in found] == pytest.approx(times)
    assert sum(note.length for note in found) == pytest.approx(4)


def test_swing_is_a_word_and_a_ratio_that_programs_play():
    score = Score((Track("", (Note(0.0, 4.0, 72),)),))
    found = written(score, swing=1.5)
    assert found.findtext(".//words") == "Swing"
    ratio = found.find(".//sound/swing")
    assert (ratio.findtext("first"), ratio.findtext("second")) == ("3", "2")
    assert found.find(".//metronome-note") is not None
    straight = written(score)
    assert straight.find(".//words") is None
    assert straight.find(".//swing") is None


def test_the_tempo_of_a_compound_meter_counts_its_beats():
    score = Score((Track("", (Note(0.0, 3.0, 72),)),), tempo=90.0, meter=Meter(6, 8))
    mark = written(score, swing=2.0).find(".//metronome")
    assert mark.find("beat-unit-dot") is not None
    assert mark.findtext("per-minute") == "60"
    assert written(score, swing=2.0).find(".//words") is None
    assert read_musicxml(write_musicxml(score).encode()).tempo == 90


@pytest.mark.parametrize("seed", range(12))
def test_any_lengths_and_thirds_of_beats_make_full_bars(seed):
    random = np.random.default_rng(seed)
    starts = random.choice([0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4], 60)
    starts = np.sort(starts + random.integers(0, 24, 60))
    lengths, pitches = random.uniform(0.001, 3, 60), random.integers(36, 90, 60)
    notes = tuple(
        Note(float(start), float(length), int(pitch))
        for start, length, pitch in zip(starts, lengths, pitches, strict=True)
    )
    melody = Track("Melody", sixteenths(*((4 * beat, 4) for beat in range(24))))
    score = Score((melody, Track("Chords", notes)), pickup=float(seed % 3))
    found = written(score, triplets=frozenset({2, 3}))
    for part in found.findall("part"):
        divisions = int(part.findtext(".//divisions"))
        for place, measure in enumerate(part.findall("measure")):
            now, ends = 0, []
            for item in measure:
                if item.find("duration") is None or item.find("chord") is not None:
                    continue
                now += int(item.findtext("duration")) * (-1) ** (item.tag == "backup")
                assert now >= 0
                ends.append(now)
            size = score.pickup if place == 0 and score.pickup else 4
            assert max(ends) == now == size * divisions
