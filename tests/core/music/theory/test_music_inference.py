"""Chords found in notes, and the key of a melody."""

import pytest

from core.music.theory.chord import Chord
from core.music.theory.inference import infer_chords
from core.music.theory.keys import Key, key_of
from core.music.theory.notes import Meter, Note
from core.music.theory.progressions import PROGRESSIONS, chord_text, parse_chords

PLAIN = "C | Am | F G | C | Dm7 | G7 | Em7 A7 | Dm7b5 G7 | Cmaj7 | Cm | Edim7 | F"
FOUND = {"", "m", "7", "maj7", "m7", "m7b5", "dim7", "aug", "sus4"}


def played(spans, oom_pah=False):
    """Bass and chord under each span: together, or one after the other."""
    notes = []
    for span in spans:
        for at in range(round(span.length)):
            start = span.start + at
            wait = 0.5 if oom_pah else 0.0
            notes.append(Note(start, 1 - wait, 36 + span.chord.root))
            notes += [
                Note(start + wait, 1 - wait, 60 + tone) for tone in span.chord.tones
            ]
    return notes


@pytest.mark.parametrize("oom_pah", [False, True])
def test_chords_that_were_played_are_found(oom_pah):
    spans = parse_chords(PLAIN)
    found = infer_chords(played(spans, oom_pah), spans[-1].end)
    assert found == spans


def test_the_progressions_that_ship_are_found():
    for progression in PROGRESSIONS:
        spans = progression.chords
        if {span.chord.quality for span in spans} <= FOUND:
            found = infer_chords(played(spans), spans[-1].end, progression.meter)
            here = [
                next(s.chord for s in found if s.start <= at < s.end).root
                == next(s.chord for s in spans if s.start <= at < s.end).root
                for at in range(int(spans[-1].end))
            ]
            assert sum(here) >= 0.95 * len(here), progression.name


def test_a_passing_note_does_not_change_the_chord():
    notes = [*played(parse_chords("C | C")), Note(2.5, 0.25, 62), Note(3, 0.5, 65)]
    assert chord_text(infer_chords(notes, 8.0)) == "C | C"


def test_spans_cover_the_whole_length_and_silence_goes_on():
    notes = played(parse_chords("C | F"))
    found = infer_chords(notes, 9.5, Meter(3, 4), pickup=1)
    assert found[0].start == 0
    assert found[-1].end == 9.5
    assert infer_chords([], 4.0) == infer_chords(notes, 0.0) == ()


def test_a_slash_chord_in_rags_keeps_its_root():
    fifth_below = [Note(0, 2, 43), *(Note(0, 2, pitch) for pitch in (60, 64, 67))]
    assert infer_chords(fifth_below, 2.0)[0].chord == Chord(0)


@pytest.mark.parametrize(
    ("pitches", "key"),
    [
        ([60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60], Key(0)),
        ([69, 71, 72, 74, 76, 77, 80, 81, 76, 72, 69], Key(9, minor=True)),
        ([62, 64, 66, 67, 69, 71, 73, 74, 69, 66, 62], Key(2)),
    ],
)
def test_the_key_of_a_scale_is_found(pitches, key):
    assert key_of([Note(i, 1, pitch) for i, pitch in enumerate(pitches)]) == key


def test_no_notes_have_no_key():
    assert key_of([]) is None
