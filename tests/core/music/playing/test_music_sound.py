"""What is heard: WAV files taken apart again."""

import io
import wave

import numpy as np
import pytest

from core.music.files.midi_writer import ScoreError
from core.music.playing.sound import (
    LONGEST,
    PEAK,
    RATE,
    _rendered,
    _with_reverb,
    loudness,
    soundfont,
    write_wav,
)
from core.music.score.instruments import CHORD_INSTRUMENTS, MELODY_INSTRUMENTS
from core.music.score.score import Score, Track
from core.music.theory.notes import Note

A4 = 69  # 440 Hz


def samples(content):
    """The sound of a WAV file, between -1 and 1."""
    with wave.open(io.BytesIO(content)) as file:
        assert file.getparams()[:3] == (1, 2, RATE)
        content = file.readframes(file.getnframes())
    return np.frombuffer(content, "<i2") / 2**15


def melody(pitch=A4, notes=4, length=1.0, program=0, velocity=80):
    struck = (Note(place * length, length, pitch, velocity) for place in range(notes))
    return Track("Melody", tuple(struck), program)


def chords(notes=4, program=0, velocity=80):
    struck = (
        Note(float(start), 1.0, pitch, velocity)
        for start in range(notes)
        for pitch in (48, 52, 55, 60)
    )
    return Track("Chords", tuple(struck), program)


def test_the_loudest_sample_is_below_full_scale_and_there_is_sound():
    for velocity in (1, 80, 127):
        sound = samples(write_wav(Score((melody(velocity=velocity), chords()))))
        assert np.abs(sound).max() == pytest.approx(PEAK, abs=0.001)
        assert loudness(sound) > 0.01


def test_a_note_sounds_at_its_pitch_and_at_its_time():
    note = Track("", (Note(2.0, 2.0, A4),), program=73)
    sound = samples(write_wav(Score((note,), tempo=120.0)))
    assert np.abs(sound[: RATE - 100]).max() < 0.001
    heard = sound[RATE : 2 * RATE]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert spectrum.argmax() == pytest.approx(440, abs=3)


def test_the_last_note_dies_away():
    sound = samples(write_wav(Score((melody(notes=2),), tempo=120.0)))
    assert 1.5 < len(sound) / RATE < 2.5
    tail = np.abs(sound[round(1.02 * RATE) :])
    assert tail.max() > 0.001
    assert tail[-RATE // 20 :].max() < tail.max() / 50


def test_reverb_is_a_convolution_whatever_the_length():
    random = np.random.default_rng(3)
    sound = random.normal(size=90_000).astype(np.float32)
    click = np.zeros(1, np.float32) + 1
    answer = _with_reverb(click)
    expected = np.fft.irfft(
        np.fft.rfft(sound, 2**17) * np.fft.rfft(answer, 2**17), 2**17
    )
    got = _with_reverb(sound)
    np.testing.assert_allclose(got, expected[: len(got)], atol=1e-4)


@pytest.mark.parametrize("name", MELODY_INSTRUMENTS)
def test_every_melody_instrument_sounds_in_its_range(name):
    for pitch in (55, 67, 84):
        track = melody(pitch, program=MELODY_INSTRUMENTS[name])
        assert loudness(_rendered(Score((track,)))) > 0.02


@pytest.mark.parametrize("name", CHORD_INSTRUMENTS)
def test_every_chord_instrument_sounds_in_its_range(name):
    for pitch in (36, 48, 60, 70):
        track = melody(pitch, program=CHORD_INSTRUMENTS[name])
        assert loudness(_rendered(Score((track,)))) > 0.02


def test_loud_chords_do_not_cover_the_melody():
    high, low = melody(96, program=73, velocity=30), chords(program=19, velocity=127)

    def share(sound):
        power = np.abs(np.fft.rfft(sound)) ** 2
        above = np.arange(len(power)) * RATE / len(sound) > 1900
        return power[above].sum() / power.sum()

    score = Score((high, low))
    assert share(samples(write_wav(score))) > 0.75 > 0.4 > share(_rendered(score))


def test_silence_is_refused_in_plain_words():
    for tracks in ((), (Track("", ()),), (Track("", ()), Track("", ()))):
        with pytest.raises(ScoreError, match="can be heard, got silence"):
            write_wav(Score(tracks))


def test_no_more_than_five_minutes_are_played():
    long = Track("", (Note(0.0, 1.0, 60), Note(9_000.0, 1.0, 60)))
    held = Track("", (Note(0.0, 9_000.0, 60),))
    for track in (long, held):
        sound = samples(write_wav(Score((track,), tempo=400.0)))
        assert len(sound) / RATE < LONGEST + 2


def test_the_soundfont_is_one():
    assert soundfont().read_bytes()[:4] == b"RIFF"


def test_a_missing_soundfont_is_named_with_what_works_without_it(monkeypatch):
    soundfont.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ScoreError, match=r"TimGM6mb.*MIDI and MusicXML work without"):
        soundfont()
