"""A jazz tune of nineteen tracks, as a sequencer writes it, with its true chords."""

import io
from itertools import pairwise

import numpy as np
from midiutil import MIDIFile

from core.music.theory.progressions import parse_chords, repeat

CHANGES = parse_chords(
    "Dm7 | G7 | Cmaj7 | A7 | Dm7 | G7 | Cmaj7 | Cmaj7 | "
    "Gm7 | C7 | Fmaj7 | Bb7 | Cmaj7 | A7 | Dm7 G7 | C6"
)
CHORUS, CHORUSES = 64, 3  # quarter notes
TRUTH = repeat(CHANGES, CHORUS * CHORUSES)
SOLO, HARMONY = 6, 7  # tracks
# Name, channel and program of each; the format adds a track of tempos before them.
BAND = [
    *[("Song (c) somebody", 0, 0), ("", 0, 0), ("Drums", 9, 0), ("Ac. bass", 1, 32)],
    *[("Piano", 2, 0), ("Rhodes comp", 3, 4), ("Sax", 4, 66), ("Alto harmony", 5, 65)],
    *[("Brass 1", 6, 61), ("Brass 2", 6, 61), ("Strings", 7, 48), ("Vibes", 8, 11)],
    *[("Guitar", 10, 26), ("", 0, 0), ("Conga", 9, 0), ("Shaker", 9, 0)],
    *[("FX", 11, 98), ("made at home", 0, 0)],
]
# Where the solo's notes begin in a bar: swung, triplets, long, straight, late.
RHYTHMS = [
    (0, 2 / 3, 1, 5 / 3, 2, 8 / 3, 3, 11 / 3),
    (0, 1 / 3, 2 / 3, 1, 2, 7 / 3, 8 / 3, 3),
    (0, 1.5),
    (0.5, 1, 1.5, 2, 2.5, 3.5),
    (1, 5 / 3, 2, 3),
]


def jazz_band(seed=0, named=True):
    """Return the file, and its solo as (start, pitch)."""
    random = np.random.default_rng(seed)
    file = MIDIFile(len(BAND), ticks_per_quarternote=480)
    file.addTimeSignature(0, 0, 4, 2, 24)
    for start in range(0, CHORUS * CHORUSES, 8):
        file.addTempo(0, start, 140 + random.normal(0, 4))
    for track, (name, channel, program) in enumerate(BAND):
        file.addTrackName(track, 0, name if named else "")
        file.addProgramChange(track, channel, 0, program)

    def play(track, pitch, start, length):
        late = abs(random.normal(0, 0.03))  # people are not machines
        velocity = int(random.integers(60, 110))
        channel = BAND[track][1]
        file.addNote(track, channel, int(pitch), start + late, length, velocity)

    for span, following in pairwise([*TRUTH, TRUTH[0]]):
        _accompany(play, random, span, following)
    for bar in range(CHORUS * CHORUSES // 4):
        _drum(play, bar * 4)
    for bar in range(8):
        play(12, 64, CHORUS + bar * 4, 0.5)
    for start in (0, 60):
        play(16, 84, start, 6)
    solo = _solo(play, random)
    content = io.BytesIO()
    file.writeFile(content)
    return content.getvalue(), solo


def _accompany(play, random, span, following):
    """A walking bass whose notes overlap, piano, electric piano, strings, brass."""
    root, tones = 36 + span.chord.root, span.chord.tones
    upper = [54 + (tone - 54) % 12 for tone in tones]
    walk = [root, *(36 + random.choice(tones, round(span.length) - 1))]
    walk[-1] = 36 + following.chord.root + random.choice([-1, 1])
    for beat, pitch in enumerate(walk):
        play(3, pitch, span.start + beat, 1.05)
    for pitch in upper:
        for start, length in ((0, 0.6), (1.5, 0.4)):
            play(4, pitch, span.start + start, length)
        play(5, pitch + 12, span.start, span.length)
        play(10, pitch, span.start, span.length + 0.1)
    if CHORUS <= span.start < 2 * CHORUS:
        for start in (0, 0.5):
            play(8, upper[1] + 12, span.start + start, 0.3)
            play(9, upper[2], span.start + start, 0.3)


def _drum(play, start):
    for beat in range(4):
        play(2, 51, start + beat, 0.2)
        play(15, 70, start + beat + 0.5, 0.1)
    for beat in (1, 3):
        play(2, 44, start + beat, 0.2)
    play(14, 62, start + 2.5, 0.1)


def _solo(play, random):
    """Scale notes within two octaves, each held a little into the next."""
    scale = [pitch for pitch in range(60, 85) if pitch % 12 in (0, 2, 4, 5, 7, 9, 11)]
    place, found = 7, []
    for bar in range(CHORUS * CHORUSES // 4):
        rhythm = RHYTHMS[random.integers(len(RHYTHMS))]
        for start, end in pairwise([*rhythm, 4]):
            place = int(np.clip(place + random.choice([-2, -1, 1, 2, 3]), 0, 14))
            where, pitch = bar * 4 + start, scale[place]
            play(SOLO, pitch, where, (end - start) * random.choice([0.9, 1.05, 1.2]))
            found.append((where, pitch))
            if bar >= 2 * CHORUS // 4:
                play(HARMONY, pitch - 4, where, (end - start) * 0.9)
    return found
