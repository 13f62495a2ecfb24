"""Renders a score as a WAV file.

The instruments are those of TimGM6mb, a General MIDI soundfont in the package
`pretty_midi`. The synthesizer is symusic's; it has no reverb, so some is added.
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

from core.music.files.midi_writer import ScoreError, write_midi
from core.music.score.score import Score

Sound = NDArray[np.float32]  # (samples,), one channel: the soundfont has no sides

RATE = 32_000  # samples a second; the soundfont holds little above half of that
QUALITY = 4  # quality of interpolation between samples
LONGEST = 300  # seconds
PEAK = 0.89  # share of full scale: 1 dB below it
QUIETEST = 1e-5  # a mean below this is silence
SAMPLE = 2**15 - 1  # the largest number of 16 bits
BELOW_MELODY = 0.5  # 6 dB: loudness of the accompaniment against the melody
REVERB_SECONDS, REVERB_SHARE, REVERB_SEED = 0.9, 0.25, 1
BLOCK = 2**16  # samples
SIXTY_DECIBELS = np.log(1000)  # a decay to a thousandth of the amplitude, in nats
FONT = "TimGM6mb.sf2"


def write_wav(score: Score) -> bytes:
    """Render a score as a WAV file: one channel, 32 kHz, 16 bits, 64 kB a second.

    The first track is the melody; all others together are at most half as loud. The
    loudest sample is at 0.89 of full scale. At most five minutes are rendered. Raise a
    ScoreError if it is silent.
    """
    sound = _with_reverb(_mixed(score))
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
    """Return the path of the soundfont, without importing its package."""
    package = importlib.util.find_spec("pretty_midi")
    for folder in (package and package.submodule_search_locations) or ():
        if (path := Path(folder) / FONT).is_file():
            return path
    raise ScoreError(
        f"Expected the soundfont {FONT} from the package pretty_midi, found none. "
        "Run `pip install -r requirements.txt`; MIDI and MusicXML work without it."
    )


def loudness(sound: Sound) -> float:
    """Return the root mean square of the samples that are not silent."""
    loud = sound[np.abs(sound) > QUIETEST]
    return float(np.sqrt(np.mean(loud**2, dtype=np.float64))) if len(loud) else 0.0


def _mixed(score: Score) -> Sound:
    lead = _rendered(replace(score, tracks=score.tracks[:1]))
    others = _rendered(replace(score, tracks=score.tracks[1:]))
    most, loud = BELOW_MELODY * loudness(lead), loudness(others)
    if loud > most > 0:
        others = others * (most / loud)
    sound = np.zeros(max(len(lead), len(others)), np.float32)
    sound[: len(lead)] += lead
    sound[: len(others)] += others
    if loudness(sound) == 0.0:
        raise ScoreError(
            "Expected a score that can be heard, got silence: no notes, or none that "
            "the instrument has. Choose another instrument, or generate again."
        )
    return sound


def _rendered(score: Score) -> Sound:
    """Return the synthesizer's output for the tracks."""
    part = _cut(score)
    if not any(track.notes for track in part.tracks):
        return np.zeros(0, np.float32)
    file = cast(ScoreTick, File.from_midi(write_midi(part)))
    synthesizer = Synthesizer(str(soundfont()), RATE, QUALITY)
    sound = synthesizer.render(file, stereo=False)[0]
    return np.nan_to_num(np.asarray(sound, np.float32))


def _cut(score: Score) -> Score:
    """Return the first five minutes of a score."""
    end = LONGEST * score.tempo / 60
    tracks = (
        replace(
            track,
            notes=tuple(
                replace(note, length=min(note.length, end - note.start))
                for note in track.notes
                if note.start < end
            ),
        )
        for track in score.tracks
    )
    return replace(score, tracks=tuple(tracks))


def _with_reverb(sound: Sound) -> Sound:
    impulse = _impulse_response()
    wet = np.concatenate([sound, np.zeros(len(impulse), np.float32)])
    size = BLOCK - len(impulse) + 1
    response = np.fft.rfft(impulse, BLOCK)
    # Overlap-add: each block's reverb reaches into the next one.
    for begin in range(0, len(sound), size):
        block = np.fft.rfft(sound[begin : begin + size], BLOCK)
        wet_block = np.fft.irfft(block * response, BLOCK)[: len(wet) - begin]
        wet[begin : begin + BLOCK] += wet_block.astype(np.float32)
    return wet


@functools.cache
def _impulse_response() -> Sound:
    """Return noise that decays by 60 dB."""
    times = np.arange(round(REVERB_SECONDS * RATE)) / RATE
    noise = np.random.default_rng(REVERB_SEED).normal(size=len(times))
    # Smoothed over neighbours: walls absorb high frequencies.
    noise = np.convolve(noise, np.hanning(12), mode="same")
    response = noise * np.exp(-SIXTY_DECIBELS * times / REVERB_SECONDS)
    response *= REVERB_SHARE / np.linalg.norm(response)
    return np.asarray(response, np.float32)
