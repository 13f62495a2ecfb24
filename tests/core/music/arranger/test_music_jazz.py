"""The jazz trio: its bass by numbers, its comping, its drums, and its triplets."""

import io
from dataclasses import replace
from itertools import groupby, pairwise

import mido
import numpy as np
import pytest

from core.music.arranger.accompaniment import (
    HIGHEST_BASS,
    LOWEST_BASS,
    LOWEST_VOICE,
    accompaniment,
)
from core.music.arranger.arranging import MELODY, arranged
from core.music.arranger.jazz import rootless_tones
from core.music.config import Performance
from core.music.files.midi_writer import write_midi
from core.music.files.reading import read
from core.music.playing.piano_roll import roll_data
from core.music.playing.sound import write_wav
from core.music.score.melody_track import extract_piece
from core.music.score.piece import HOLD, REST, Piece, chord_grid
from core.music.score.triplets import triplet_beats
from core.music.theory.chord import parse_chord
from core.music.theory.notes import Meter
from core.music.theory.progressions import PROGRESSIONS, parse_chords, repeat

JAZZ = [one for one in PROGRESSIONS if one.meter in (Meter(), Meter(3, 4))]
HOW = Performance(style="jazz", swing=2.0, tempo=140)


def chord_at(spans, time):
    return next(span for span in spans if span.start <= time < span.end)


def trio(progression, seed=0):
    """Return 24 bars of chords, and what is played to them."""
    spans = repeat(progression.chords, 24 * progression.meter.quarters)
    return spans, *accompaniment(spans, progression.meter, style="jazz", seed=seed)


@pytest.mark.parametrize("one", JAZZ, ids=lambda one: one.name)
def test_a_bass_walks_by_the_rules(one):
    spans, _, bass = trio(one)
    line = [(note.start, note.pitch) for note in bass.notes]
    assert [start for start, _ in line] == [float(beat) for beat in range(len(line))]
    assert all(LOWEST_BASS <= pitch <= HIGHEST_BASS for _, pitch in line)
    for start, pitch in line:
        span = chord_at(spans, start)
        if start == span.start:
            assert pitch % 12 == span.chord.bass
        elif start % one.meter.quarters in (0, one.meter.quarters / 2):  # 1 and 3
            assert pitch % 12 in span.chord.tones
    steps = [abs(after - before) for (_, before), (_, after) in pairwise(line)]
    assert 0 < min(steps) <= max(steps) <= 12
    assert np.mean([step > 7 for step in steps]) < 0.05
    into = [
        step
        for step, (start, _) in zip(steps, line[1:], strict=True)
        if start == chord_at(spans, start).start
    ]
    assert np.mean([step <= 2 for step in into]) > 0.6


def test_no_two_bars_of_the_bass_or_of_the_comping_are_alike_for_long():
    for one in JAZZ:
        quarters = one.meter.quarters
        _, chords, bass = trio(one)
        for track, what in ((chords, "start"), (bass, "pitch")):
            bars = {}
            for note in track.notes:
                place = getattr(note, what)
                bars.setdefault(note.start // quarters, set()).add(
                    place % quarters if what == "start" else place
                )
            alike = [one == other for one, other in pairwise(bars.values())]
            assert np.mean(alike) < 0.2, (one.name, track.name)
            assert not any(first and second for first, second in pairwise(alike))


def test_another_seed_plays_another_line_and_the_same_one_the_same():
    _, chords, bass = trio(JAZZ[0], 1)
    assert trio(JAZZ[0], 1)[1:] == (chords, bass)
    assert trio(JAZZ[0], 2)[2] != bass


def test_comping_is_short_quiet_above_the_bass_and_often_ahead_of_the_chord():
    early = []
    for one in JAZZ:
        spans, chords, bass = trio(one)
        assert max(note.velocity for note in chords.notes) < bass.notes[0].velocity
        assert min(note.pitch for note in chords.notes) >= LOWEST_VOICE
        for span, after in pairwise(spans):
            classes = {
                note.pitch % 12 for note in chords.notes if note.start == span.end - 0.5
            }
            if classes:
                early.append(after.chord.tones[1] in classes)
    assert len(early) > 50
    assert np.mean(early) > 0.95


def test_voicings_leave_the_root_to_the_bass_and_add_a_colour():
    def tones(*symbols, place=0):
        return rootless_tones([parse_chord(symbol) for symbol in symbols], place)

    assert set(tones("Dm7")) == {5, 9, 0, 4}
    assert set(tones("G7", "Cmaj7")) == {11, 5, 9, 4}
    assert set(tones("G7", "Cm7")) == {11, 5, 8, 2}  # flat ninth
    assert set(tones("Dm7", "Em7", place=1)) == {7, 11, 2, 4}  # no F sharp beside F
    assert tones("C") is tones("Bm7b5") is None


def tune(melody, pickup=0):
    spans = parse_chords("Dm7 | G7 | Cmaj7 | C6")
    chords, harmony = chord_grid(spans, 64 + pickup)
    filled = np.full(64 + pickup, REST, np.int16)
    filled[: len(melody)] = melody
    return Piece("Tune", "", filled, pickup=pickup, chords=chords, harmony=harmony)


BEATS = {  # sixteenths of a beat -> where its notes begin when it swings
    (60, 62, 64, HOLD): [0, 1 / 3, 2 / 3],
    (60, HOLD, 64, HOLD): [0, 2 / 3],
    (60, 62, HOLD, HOLD): [0, 1 / 3],
    (REST, 62, 64, HOLD): [1 / 3, 2 / 3],
    (60, 62, 64, 65): [0, 1 / 3, 2 / 3, 5 / 6],
    (60, HOLD, HOLD, 65): [0, 5 / 6],
    (60, HOLD, HOLD, HOLD): [0],
}


def test_beats_of_three_notes_on_the_first_sixteenths_are_triplets():
    piece = tune([value for beat in BEATS for value in beat])
    found = triplet_beats(piece)
    assert len(found) == 16
    assert found[:7].tolist() == [True, False, True, True, False, False, False]
    with_pickup = tune([60, 62, 64, HOLD, 60, HOLD], pickup=2)
    assert triplet_beats(with_pickup)[:3].tolist() == [False, False, False]
    assert triplet_beats(tune([60, HOLD, 62, 64, 65, HOLD], pickup=2))[1]
    assert not triplet_beats(replace(piece, meter=Meter(6, 8))).any()


@pytest.mark.parametrize("ratio", [2.0, 1.6])
def test_triplets_are_exact_in_jazz_whatever_the_swing(ratio):
    piece = tune([value for beat in BEATS for value in beat])
    lead = arranged(piece, replace(HOW, swing=ratio)).tracks[MELODY]
    for place, (beat, expected) in enumerate(BEATS.items()):
        starts = [n.start - place for n in lead.notes if place <= n.start < place + 1]
        assert len(starts) == len(expected)
        if ratio == 2.0 or (beat[1] >= 0 and beat[3] < 0):
            assert starts == pytest.approx(expected)
        elif beat == (60, HOLD, 64, HOLD):
            assert starts[1] == pytest.approx(1.6 / 2.6)


@pytest.mark.parametrize("pickup", [0, 4, 2])
def test_a_tune_in_triplets_is_read_and_played_in_triplets(pickup):
    written = [value for beat in BEATS for value in beat] * 2
    piece = tune([67, HOLD, HOLD, HOLD][:pickup] + written, pickup)
    played = arranged(piece, replace(HOW, style="jazz"))
    again = extract_piece(read(write_midi(played), "Tune"), track=0)
    assert again.pickup == piece.pickup
    lead, other = (arranged(one, HOW).tracks[MELODY].notes for one in (piece, again))
    assert [note.pitch for note in lead] == [note.pitch for note in other]
    assert [note.start for note in lead] == pytest.approx([n.start for n in other])
    found, expected = triplet_beats(again), triplet_beats(piece)
    assert expected.sum() > 4
    assert found.tolist() == expected[: len(found)].tolist()


def test_quiet_drums_play_along_on_the_channel_of_drums():
    piece = tune([60, HOLD, 64, HOLD])
    score = arranged(piece, HOW)
    assert [track.name for track in score.tracks] == [
        *("Melody", "Chords", "Bass", "Drums")
    ]
    drums = score.tracks[-1]
    assert drums.drums
    assert {note.pitch for note in drums.notes} == {51, 44}
    beats = {round(note.start % 1, 3) for note in drums.notes}
    assert beats == {0, 0.667}  # on the beats, and swung between them
    file = mido.MidiFile(file=io.BytesIO(write_midi(score)))
    channels = {m.channel for m in file.tracks[4] if m.type == "note_on"}
    assert channels == {9}
    shown = roll_data(score)["notes"]
    assert len(shown) == sum(len(track.notes) for track in score.tracks[:3])
    alone = replace(score, tracks=(replace(score.tracks[0], notes=()), drums))
    for one in (score, alone):
        sound = np.frombuffer(write_wav(one)[44:], "<i2")
        assert np.sqrt(np.mean(sound.astype(float) ** 2)) > 100


def test_straight_jazz_has_no_triplets_and_notation_no_drums():
    piece = tune([60, 62, 64, HOLD])
    straight = arranged(piece, replace(HOW, swing=1.0))
    assert [note.start for note in straight.tracks[MELODY].notes] == [0, 0.25, 0.5]
    assert not any(track.drums for track in straight.tracks)


def test_styles_keep_their_track_of_notes_apart():
    spans = parse_chords("Dm7 | N.C. | G7 | Cmaj7")
    chords, bass = accompaniment(spans, Meter(), style="jazz")
    for track in (chords, bass):
        bars = {int(start // 4) for start, _ in groupby(n.start for n in track.notes)}
        assert 1 not in bars
