"""Makes a score sound: a WAV file, as browsers play it.

Notes come from the sampled instruments of TimGM6mb, a General MIDI soundfont that
the package `pretty_midi` carries, through symusic's synthesizer. That one ends notes
dead and knows no room, so a little of one is added.
"""

import functools
import importlib.util
import io
import wave
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from symusic import Score as File
from symusic import Synthesizer
from symusic.core import ScoreTick

from core.music.as_written import ScoreError, as_written
from core.music.instruments import INSTRUMENTS
from core.music.midi_writer import write_midi
from core.music.score import Score

Sound = NDArray[np.float32]  # (samples,), one channel: the soundfont has no sides

RATE = 32_000  # samples a second; the soundfont holds little above half of that
QUALITY = 4  # of interpolation between samples
LONGEST = 300  # seconds
PEAK = 0.89  # of full scale: 1 dB below it
QUIETEST = 1e-5  # a mean below this is silence
SAMPLE = 2**15 - 1  # the largest number of 16 bits
BELOW_MELODY = 0.5  # 6 dB: loudness of all else against the melody, at most
ROOM_SECONDS, ROOM_SHARE, ROOM_SEED = 0.9, 0.25, 1
BLOCK = 2**16  # samples
SIXTY_DECIBELS = np.log(1000)
FONT = "TimGM6mb.sf2"

MELODY_INSTRUMENTS = {
    name: INSTRUMENTS.index(name)
    for name in (
        *("Grand piano", "Honky-tonk piano", "Electric piano 1", "Vibraphone"),
        *("Accordion", "Nylon guitar", "Jazz guitar", "Violin", "Trumpet"),
        *("Muted trumpet", "Alto sax", "Tenor sax", "Clarinet", "Flute", "Banjo"),
    )
}
CHORD_INSTRUMENTS = {
    name: INSTRUMENTS.index(name)
    for name in (
        *("Grand piano", "Honky-tonk piano", "Electric piano 1", "Drawbar organ"),
        *("Accordion", "Nylon guitar", "Steel guitar", "Jazz guitar", "Harp"),
        *("Strings 1", "Banjo"),
    )
}


def write_wav(score: Score, melody: int | None = 0) -> bytes:
    """Play a score into a WAV file: one channel, 32 kHz, 16 bits, 64 kB a second.

    It sounds as the MIDI file of `write_midi` would, so its notes lie where they are
    meant; swing is the score's own affair. The loudest sample is at 0.89 of full
    scale. What lies beyond five minutes is left out.

    Parameters
    ----------
    score
        What to play.
    melody
        Place of the track that must be heard: all others together are made at most
        half as loud. None leaves every track as it is.

    Raises
    ------
    ScoreError
        If nothing would be heard, or a time or the tempo is no finite number.
    """
    sound = _in_a_room(_mixed(score, melody))
    sound *= PEAK / np.abs(sound).max()
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * SAMPLE).astype("<i2").tobytes())
    return content.getvalue()


@functools.cache
def soundfont() -> Path:
    """Return where the soundfont is; the package that carries it is not imported.

    Raises
    ------
    ScoreError
        If it is not installed.
    """
    package = importlib.util.find_spec("pretty_midi")
    for folder in (package and package.submodule_search_locations) or ():
        if (path := Path(folder) / FONT).is_file():
            return path
    raise ScoreError(
        f"Expected the soundfont {FONT} from the package pretty_midi, found none. "
        "Run `pip install -r requirements.txt`; MIDI and MusicXML work without it."
    )


def loudness(sound: Sound) -> float:
    """Return the root mean square of the samples, of those that are not silent."""
    heard = sound[np.abs(sound) > QUIETEST]
    return float(np.sqrt(np.mean(heard**2, dtype=np.float64))) if len(heard) else 0.0


def _mixed(score: Score, melody: int | None) -> Sound:
    if melody is None:
        sound = _played(score)
    else:
        rest = score.tracks[:melody] + score.tracks[melody + 1 :]
        lead = _played(replace(score, tracks=score.tracks[melody:][:1]))
        others = _played(replace(score, tracks=rest))
        if (loud := loudness(others)) and (led := loudness(lead)):
            others = others * min(1.0, BELOW_MELODY * led / loud)
        sound = np.zeros(max(len(lead), len(others)), np.float32)
        sound[: len(lead)] += lead
        sound[: len(others)] += others
    if loudness(sound) == 0.0:
        raise ScoreError(
            "Expected a score that can be heard, got silence: no notes, or none that "
            "the instrument has. Choose another instrument, or generate again."
        )
    return sound


def _played(score: Score) -> Sound:
    """Return the sound of the tracks as the synthesizer leaves it, of any loudness."""
    part = _cut(score)
    if not any(track.notes for track in part.tracks):
        return np.zeros(0, np.float32)
    file = cast(ScoreTick, File.from_midi(write_midi(part)))
    synthesizer = Synthesizer(str(soundfont()), RATE, QUALITY)
    sound = synthesizer.render(file, stereo=False)[0]
    return np.nan_to_num(np.asarray(sound, np.float32))


def _cut(score: Score) -> Score:
    """Return the part of a score that is played."""
    written = as_written(score)
    end = LONGEST * written.tempo / 60
    tracks = (
        replace(
            track,
            notes=tuple(
                replace(note, length=min(note.length, end - note.start))
                for note in track.notes
                if note.start < end
            ),
        )
        for track in written.tracks
    )
    return replace(written, tracks=tuple(tracks))


def _in_a_room(sound: Sound) -> Sound:
    """Return the sound with a short echo, in which its last note dies away."""
    echo = _echo()
    wet = np.concatenate([sound, np.zeros(len(echo), np.float32)])
    size = BLOCK - len(echo) + 1
    answer = np.fft.rfft(echo, BLOCK)
    # Overlap-add: each block's echo reaches into the next one.
    for begin in range(0, len(sound), size):
        block = np.fft.rfft(sound[begin : begin + size], BLOCK)
        echoed = np.fft.irfft(block * answer, BLOCK)[: len(wet) - begin]
        wet[begin : begin + BLOCK] += echoed.astype(np.float32)
    return wet


@functools.cache
def _echo() -> Sound:
    """Return the room's answer to a single click: noise that decays by 60 dB."""
    times = np.arange(round(ROOM_SECONDS * RATE)) / RATE
    noise = np.random.default_rng(ROOM_SEED).normal(size=len(times))
    # Each sample with its neighbours: walls swallow what is high.
    noise = np.convolve(noise, np.hanning(12), mode="same")
    answer = noise * np.exp(-SIXTY_DECIBELS * times / ROOM_SECONDS)
    answer *= ROOM_SHARE / np.linalg.norm(answer)
    return np.asarray(answer, np.float32)
