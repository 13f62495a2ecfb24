"""What pictures of music show, and what they say in words."""

import json
import math

import pytest

from core.music.arranger.accompaniment import accompaniment
from core.music.figures import (
    METRICS,
    compared_with_corpus,
    compared_with_corpus_alt,
    copy_rates,
    copy_rates_alt,
)
from core.music.judging.melody_metrics import MelodyMetrics, Range
from core.music.judging.originality import CopiedRun, HumanRate
from core.music.playing.piano_roll import roll_alt, roll_data
from core.music.score.score import Score, Track
from core.music.theory.keys import Key, pitch_name
from core.music.theory.notes import Meter, Note
from core.music.theory.progressions import parse_chords

PITCHES = (65, 67, 69, 70, 72, 74, 76, 77)


def song(pickup=0.0):
    notes = tuple(Note(pickup + place / 2, 0.5, p) for place, p in enumerate(PITCHES))
    chords = parse_chords("F Bb | C7")
    return Score(
        (Track("Melody", notes), *accompaniment(chords, Meter())),
        tempo=60.0,
        chords=chords,
        pickup=pickup,
    )


COPIED = CopiedRun(notes=3, first=2, title="A <b>Reel</b>", source="B", bar=5)


def test_words_say_what_the_roll_shows():
    assert roll_alt(song(), copied=COPIED) == (
        "Piano roll of 2 bars, 8 seconds: a melody of 8 notes between F4 and F5; "
        "3 notes as in A <b>Reel</b>, bar 5"
    )
    assert roll_alt(Score((Track("", ()),))).endswith("without a melody")


@pytest.mark.parametrize("tracks", [(), (Track("", ()),)])
def test_a_score_without_notes_is_an_empty_roll(tracks):
    assert roll_data(Score(tracks))["notes"] == []


def test_the_rolls_data_are_json_in_seconds():
    origins = [3, 0, 0, 1, 1, 0, 2, 2]
    shown = roll_data(song(pickup=1.0), COPIED, origins)
    data = json.loads(json.dumps(shown))
    assert data["bars"] == [0, 1, 5]
    assert data["numbers"] == [0, 1, 2]
    assert data["seconds"] == 8.0
    assert (data["low"], data["high"]) == (36, 77)
    assert data["chords"] == [[0, 2, "F"], [2, 2, "Bb"], [4, 4, "C7"]]
    own = [note for note in data["notes"] if note[4]]
    assert own[2] == [2.0, 0.5, 69, "A4", True, True, "network"]
    assert [note[6] for note in own] == [
        *("given", "network", "network", "pushed"),
        *("pushed", "network", "rule", "rule"),
    ]
    assert [name for name, _ in data["legend"]] == [
        *("network", "pushed", "rule", "given")
    ]
    assert {note[6] for note in data["notes"] if not note[4]} == {""}
    assert [note[5] for note in own] == [False] * 2 + [True] * 3 + [False] * 3
    assert not any(note[5] for note in data["notes"] if not note[4])


def test_pitches_are_named_as_the_key_asks():
    assert [pitch_name(60), pitch_name(70), pitch_name(66)] == ["C4", "Bb4", "F#4"]
    assert pitch_name(68, Key(9, minor=True)) == "G#4"
    assert pitch_name(71, Key(6)) == "B4"


MELODY = MelodyMetrics(2.5, 0.9, math.nan, 0.4)
CORPUS = {
    "pitch_class_entropy": Range(2.4, 2.7, 2.9),
    "scale_consistency": Range(0.94, 0.99, 1.0),
    "groove_consistency": Range(0.7, 0.8, 0.9),
    "empty_beat_rate": Range(0.0, 0.0, 0.1),
}


def test_each_figure_is_drawn_on_the_corpus_range():
    figure = compared_with_corpus(MELODY, CORPUS)
    assert len(figure.data) == 3 * len(METRICS)
    band, median, melody = figure.data[:3]
    assert list(band.x) == [2.4, 2.9]
    assert (list(median.x), list(melody.x)) == ([2.7], [2.5])
    for row, (name, value) in enumerate(vars(MELODY).items(), start=1):
        low, high = figure.select_xaxes(row=row).__next__().range
        assert low <= CORPUS[name].low < high
        assert math.isnan(value) or low <= value <= high


def test_words_say_which_figures_are_usual():
    text = compared_with_corpus_alt(MELODY, CORPUS)
    inside, outside = text.split("; outside")
    assert "Pitch-class entropy, bits 2.5" in inside
    assert "Scale consistency 0.9" in outside
    assert "Empty-beat rate 0.4" in outside
    assert "Groove" not in text


def test_copy_rates_are_drawn_beside_those_of_people():
    human = HumanRate({6: 0.5, 8: 0.2}, (0, 11))
    melody, people = copy_rates({6: 0.4, 8: 0.1}, human).data
    assert list(melody.y) == [0.4, 0.1]
    assert list(people.y) == [0.5, 0.2]
    assert list(people.x) == ["6 notes", "8 notes"]
    assert copy_rates_alt({6: 0.4, 8: 0.1}, human).endswith(
        "6 notes 40.0% against 50.0%, 8 notes 10.0% against 20.0%"
    )
