"""Voice leading, the three styles in all meters, swing."""

import itertools

import numpy as np
import pytest

from core.music.arranger.accompaniment import (
    HIGHEST_BASS,
    HIGHEST_VOICE,
    LOWEST_BASS,
    LOWEST_VOICE,
    accompaniment,
    bass,
    upper_tones,
    voicing,
    voicings,
    walking_bass,
)
from core.music.arranger.arranging import swing, vary_velocities
from core.music.config import STYLES
from core.music.score.score import Score, Track
from core.music.theory.chord import QUALITIES, Chord
from core.music.theory.notes import ChordSpan, Meter, Note
from core.music.theory.progressions import PROGRESSIONS, parse_chords

METERS = (Meter(), Meter(3, 4), Meter(2, 4), Meter(6, 8), Meter(5, 4), Meter(2, 2))


def struck(track):
    """When something is struck -> the pitches."""
    found = {}
    for note in track.notes:
        found.setdefault(note.start, []).append(note.pitch)
    return found


@pytest.mark.parametrize("quality", QUALITIES)
def test_a_voicing_has_the_chords_tones_once_each_in_the_middle(quality):
    for root in range(12):
        chord = Chord(root, quality)
        pitches = voicing(chord)
        assert LOWEST_VOICE <= pitches[0] <= pitches[-1] <= HIGHEST_VOICE
        classes = [pitch % 12 for pitch in pitches]
        assert len(set(classes)) == len(classes) <= 4
        assert {*chord.tones[1:2], *chord.tones[3:4]} <= set(classes)
        assert set(classes) <= set(chord.tones)


def test_rich_chords_leave_the_root_to_the_bass():
    assert set(upper_tones(Chord(0, "13"))) == {4, 10, 9, 2}
    assert set(upper_tones(Chord(0, "7"))) == {0, 4, 7, 10}
    assert set(upper_tones(Chord(0))) == {0, 4, 7}


@pytest.mark.parametrize("progression", PROGRESSIONS, ids=lambda found: found.name)
def test_voices_move_by_small_steps(progression):
    places = voicings([span.chord for span in progression.chords])
    moves = [
        min(abs(pitch - other) for other in before)
        for before, after in itertools.pairwise(places)
        for pitch in after
    ]
    assert max(moves) <= 5
    assert np.mean(moves) <= 2.0


def test_two_five_one_moves_as_on_any_piano():
    dm7, g7, cmaj7 = voicings([Chord(2, "m7"), Chord(7, "7"), Chord(0, "maj7")])
    assert (dm7, g7, cmaj7) == ((57, 60, 62, 65), (55, 59, 62, 65), (55, 59, 60, 64))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("meter", METERS, ids=str)
@pytest.mark.parametrize("pickup", [0.0, 0.5])
def test_every_style_plays_in_every_meter_within_its_chords(style, meter, pickup):
    spans = parse_chords("C | Am7 D7 | G7sus4 | N.C. | Fmaj7/A", meter)
    tracks = accompaniment(spans, meter, pickup, style, program=3)
    assert tracks[0].program == 3
    for track in tracks:
        for note in track.notes:
            over = [span for span in spans if span.start <= note.start < span.end]
            assert len(over) == 1
            assert over[0].chord is not None
            assert note.length > 0
            assert LOWEST_BASS - 1 <= note.pitch <= HIGHEST_VOICE
        assert track.notes == tuple(sorted(track.notes))
        by_pitch = itertools.groupby(
            sorted(track.notes, key=lambda note: (note.pitch, note.start)),
            key=lambda note: note.pitch,
        )
        for _, notes in by_pitch:
            for one, other in itertools.pairwise(notes):
                assert one.end <= other.start
    heard = {note.start // meter.quarters for track in tracks for note in track.notes}
    assert {0, 1, 2, 4} <= {int(bar) for bar in heard}


@pytest.mark.parametrize(
    ("chord", "meter", "hand"),
    [
        ("C", Meter(), {0.0: [36], 1.0: [55, 60, 64], 2.0: [43], 3.0: [55, 60, 64]}),
        ("C", Meter(2, 4), {0.0: 1, 0.5: 3, 1.0: 1, 1.5: 3}),  # a rag
        ("F", Meter(3, 4), {0.0: 1, 1.0: 3, 2.0: 3}),  # a waltz
        ("D", Meter(6, 8), {0.0: 1, 1.0: 3, 1.5: 1, 2.5: 3}),  # a jig
    ],
)
def test_stride_has_bass_notes_and_chords_on_the_beats_of_its_meter(chord, meter, hand):
    (track,) = accompaniment(parse_chords(chord, meter), meter, style="stride")
    found = struck(track)
    assert list(found) == list(hand)
    for time, pitches in hand.items():
        assert pitches in (found[time], len(found[time]))


def test_a_chord_over_another_bass_note_has_it_below():
    (track,) = accompaniment(parse_chords("C/G"), Meter(), style="block")
    assert min(note.pitch for note in track.notes) % 12 == 7


def test_a_bass_walks_a_note_a_beat_and_leads_by_a_semitone_into_each_chord():
    spans = parse_chords("Dm7 | G7 | Cmaj7 | Cmaj7 A7 | Dm7")
    _, low = accompaniment(spans, Meter(), style="swing")
    pitches = {note.start: note.pitch for note in low.notes}
    assert list(pitches) == [float(beat) for beat in range(20)]
    for span in spans[1:]:
        assert pitches[span.start] % 12 == span.chord.root
        assert abs(pitches[span.start] - pitches[span.start - 1]) == 1
    assert all(one != other for one, other in itertools.pairwise(pitches.values()))


def test_comping_is_early_where_the_chord_is_about_to_change():
    spans = parse_chords("C6 | F6 | C6 | F6")
    chords, _ = accompaniment(spans, Meter(), style="swing")
    classes = {
        time: {pitch % 12 for pitch in found} for time, found in struck(chords).items()
    }
    assert classes[7.5] == set(Chord(0, "6").tones)
    assert 8.0 not in classes  # struck before its time already
    assert classes[0.0] == set(Chord(0, "6").tones)


@pytest.mark.parametrize("beats", range(1, 9))
def test_a_bass_line_stays_in_its_range(beats):
    for root, other in itertools.product(range(12), repeat=2):
        line = walking_bass(Chord(root, "7"), Chord(other, "m7"), beats, near=41)
        assert len(line) == beats
        assert line[0] == bass(root)
        assert all(LOWEST_BASS - 1 <= pitch <= HIGHEST_BASS + 1 for pitch in line)


def eighths(pickup=0.0, meter=METERS[0]):
    notes = tuple(Note(pickup + place / 2, 0.5, 60) for place in range(8))
    chords = (ChordSpan(pickup, 4.0, Chord(0)),)
    return Score((Track("", notes),), meter=meter, chords=chords, pickup=pickup)


@pytest.mark.parametrize("pickup", [0.0, 0.5])
def test_swing_moves_the_off_beat_eighths_to_the_last_triplet(pickup):
    score = eighths(pickup)
    found = swing(score, 2.0)
    starts = [note.start - pickup for note in found.tracks[0].notes]
    expected = [place // 2 + (2 / 3 if place % 2 else 0) for place in range(8)]
    assert starts == pytest.approx(expected)
    ends = [note.end - pickup for note in found.tracks[0].notes]
    assert ends == pytest.approx([*expected[1:], 4])
    assert found.chords == score.chords


def test_straight_scores_and_those_in_eighths_stay_as_they_are():
    assert swing(eighths(), 1.0) == eighths()
    for meter in (Meter(6, 8), Meter(3, 8), Meter(7, 8)):
        assert swing(eighths(meter=meter), 2.0) == eighths(meter=meter)


def test_hands_vary_what_is_struck_and_nothing_else():
    score = eighths()
    found = vary_velocities(score, np.random.default_rng(0))
    velocities = {note.velocity for note in found.tracks[0].notes}
    assert len(velocities) > 3
    assert all(1 <= velocity <= 127 for velocity in velocities)
    assert [note.start for note in found.tracks[0].notes] == [
        note.start for note in score.tracks[0].notes
    ]
    assert found == vary_velocities(score, np.random.default_rng(0))
