"""Files as people upload them: a whole band, and what sequencers write strangely."""

import io

import mido
import pytest

from core.music import TASK, Config, Performance
from core.music.corpora import corpus_of
from core.music.files.midi_writer import write_midi
from core.music.files.reading import read
from core.music.model.vocabulary import prepared
from core.music.playing.takes import perform
from core.music.score.melody_track import describe_tracks, extract_piece, guess_melody
from core.music.shipped import load
from core.music.theory.notes import Meter
from core.task import DataError
from tests.core.music.jazz_band import BAND, SOLO, TRUTH, jazz_band
from tests.core.music.music_files import TUNE, line, meter, midi, tempo

SOUNDING = 13  # tracks of the band that have notes


def chord_at(spans, time):
    return next((span.chord for span in spans if span.start <= time < span.end), None)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_the_solo_of_a_jazz_band_is_found_and_its_chords(seed, named):
    content, solo = jazz_band(seed, named)
    assert len(mido.MidiFile(file=io.BytesIO(content)).tracks) == len(BAND) + 1 == 19
    score = read(content, "Band")
    assert len(score.tracks) == SOUNDING
    assert score.tempo == pytest.approx(140, abs=6)
    assert score.meter == Meter()
    melody = describe_tracks(score)[guess_melody(score)]
    assert (melody.instrument, melody.drums) == ("Tenor sax", False)
    assert melody.name == (BAND[SOLO][0] if named else "")
    piece = extract_piece(score)
    assert len(solo) - 4 <= len(piece.onsets) <= len(solo)
    wanted = {(round(start * 4), pitch) for start, pitch in solo}
    played = {(int(step), int(piece.melody[step])) for step in piece.onsets}
    assert len(wanted & played) > 0.8 * len(solo)
    beats = [at + 0.5 for at in range(int(TRUTH[-1].end) - 4)]
    pairs = [(chord_at(piece.spans(), at), chord_at(TRUTH, at)) for at in beats]
    right = [found is not None and found.root == true.root for found, true in pairs]
    assert sum(right) > 0.85 * len(right)


def test_a_jazz_band_can_be_learned_from_and_gone_on_from():
    piece = extract_piece(read(jazz_band()[0], "Band"))
    TASK.check(Config(), corpus_of("Band", [piece]))
    take = perform(load("ragtime"), Performance(bars=8, primer_bars=4), primer=piece)
    assert take.piece.bars == 8
    heard = 4 * piece.meter.steps
    assert (take.piece.melody[:heard] == piece.melody[:heard]).all()


def test_a_short_lead_is_not_proposed_before_a_whole_tune():
    score = read(midi(("Lead", 0, 80, line(TUNE[:5])), ("", 1, 0, line(TUNE * 4))))
    assert score.tracks[guess_melody(score)].name == ""
    assert len(extract_piece(score).onsets) == 64


def test_notes_that_all_begin_together_are_no_melody():
    cluster = [(0, 1, pitch) for pitch in range(40, 60)]
    with pytest.raises(DataError, match="one after the other, got 1 at most"):
        read(midi(("", 0, 0, cluster)))


@pytest.mark.parametrize(
    ("beats", "unit", "kept"),
    [(7, 8, True), (5, 4, True), (3, 16, True), (255, 1, False), (1, 64, False)],
)
def test_meters_that_no_bar_can_have_are_taken_as_four_four(beats, unit, kept):
    score = read(midi(("", 0, 0, line(TUNE * 2)), events=[(0, meter(beats, unit))]))
    assert score.meter == (Meter(beats, unit) if kept else Meter())
    assert len(extract_piece(score).onsets) == 32


STRANGE = {
    "a drone": [
        mido.Message("note_on", channel=1, note=36),
        mido.Message("note_off", channel=1, note=36, time=480 * 9_000),
    ],
    "a note that never ends": [mido.Message("note_on", channel=1, note=36)],
    "system messages": [mido.Message("sysex", data=[1, 2, 3])],
    "many controllers": [
        mido.Message("control_change", control=1, value=at % 128, time=1)
        for at in range(5_000)
    ],
    "lyrics": [mido.MetaMessage("lyrics", text="l\xe0", time=1)] * 500,
    "no tempo at all": [mido.MetaMessage("set_tempo", tempo=0)],
    "the slowest tempo": [mido.MetaMessage("set_tempo", tempo=2**24 - 1)],
    "markup in a name": [mido.MetaMessage("track_name", name="<b>&\xe9\n")],
}


@pytest.mark.parametrize("kind", STRANGE)
def test_unusual_sequencer_events_leave_the_melody_intact(kind):
    file = mido.MidiFile(file=io.BytesIO(midi(("Tune", 0, 0, line(TUNE * 2)))))
    file.tracks.append(mido.MidiTrack(STRANGE[kind]))
    content = io.BytesIO()
    file.save(file=content)
    score = read(content.getvalue())
    piece = extract_piece(score)
    assert [note.pitch for note in piece.notes()] == TUNE * 2
    assert 10 <= score.tempo <= 400


@pytest.mark.parametrize("ticks", [1, 24, 960, 32_767])
def test_however_fine_its_ticks_are_a_file_is_the_same_music(ticks):
    length = 1.0 if ticks == 1 else 0.5
    content = midi(
        ("", 0, 0, line(TUNE * 2, length)), ticks=ticks, events=[(0, tempo(97))]
    )
    found = [(n.start, n.length, n.pitch) for n in extract_piece(read(content)).notes()]
    assert found == line(TUNE * 2, length)


def test_all_channels_in_one_track_are_told_apart():
    one = mido.MidiFile(type=0)
    mixed = mido.MidiTrack()
    for drum, bass, pitch in zip([36, 42] * 16, [40, 43] * 16, TUNE * 2, strict=True):
        struck = [(9, drum), (1, bass), (0, pitch)]
        mixed += [mido.Message("note_on", channel=c, note=p) for c, p in struck]
        for place, (channel, note) in enumerate(struck):
            time = 0 if place else 240
            mixed.append(
                mido.Message("note_off", channel=channel, note=note, time=time)
            )
    one.tracks.append(mixed)
    content = io.BytesIO()
    one.save(file=content)
    score = read(content.getvalue())
    assert [track.drums for track in score.tracks].count(True) == 1
    assert [note.pitch for note in extract_piece(score).notes()] == TUNE * 2


@pytest.mark.parametrize(
    "pitches",
    [[*range(10)], [*range(127, 117, -1)], [*TUNE, 0, 127, 1, 126], [*range(128)]],
    ids=["lowest", "highest", "with outliers", "all"],
)
@pytest.mark.parametrize("key", ["as written", "Gb", "F"])
def test_however_high_or_low_a_piece_is_a_model_goes_on_from_it(pitches, key):
    piece = extract_piece(read(midi(("", 0, 0, line(pitches * 4)))))
    how = Performance(bars=4, primer_bars=2, key=key)
    take = perform(load("ragtime"), how, primer=piece)
    heard, given = take.piece.melody[: take.given], piece.melody[: take.given]
    assert take.given == 32
    assert ((heard >= 0) == (given >= 0)).all()
    moved = (heard - given)[given >= 0] % 12
    assert len(set(moved.tolist())) == 1  # by octaves where it must be
    assert len(read(write_midi(take.score)).tracks) == len(take.score.tracks)
    assert prepared(piece).melody.max() <= 100
