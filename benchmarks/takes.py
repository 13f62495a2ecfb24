"""Measure takes as a band leader would: python -m benchmarks.takes.

Eleven charts and two seeds, once with the default settings and once as jazz, on a tenor
saxophone (seed 0) and a trumpet (seed 1). Means over the takes, but for range and span:

- notes: of the melody, a second
- range: lowest and highest sounding pitch, MIDI numbers
- outside: share of notes out of the sounding range of the saxophone or trumpet
- span: longest time in seconds without a rest of at least .4 s
- chord: of the notes on strong beats, those of the chord
- clashes: of the notes on beats that last for a quarter or more, those that are a
  semitone above a tone of a chord under which they sound for a quarter or more
- tonic: takes whose last note is the tonic
"""

import itertools

import numpy as np

from core.music import Performance
from core.music.judging.melody_metrics import chord_tones_strong, ends_on_tonic
from core.music.playing.takes import perform
from core.music.shipped import load
from core.music.theory.notes import STEPS_A_QUARTER

CHARTS = {  # tempo, chords
    "ii-V-I, four keys": (
        140,
        "Dm7 | G7 | Cmaj7 | % | Gm7 | C7 | Fmaj7 | % | Cm7 | F7 | Bbmaj7 | % | "
        "Fm7 | Bb7 | Ebmaj7 | %",
    ),
    "blues in F": (
        160,
        "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bdim7 | F7 | Am7b5 D7 | Gm7 | C7 | F7 D7 | "
        "Gm7 C7",
    ),
    "blues in G": (100, "G7 | % | % | % | C7 | % | G7 | % | D7 | C7 | G7 | D7"),
    "rhythm changes": (
        220,
        "|: Bb6 G7 | Cm7 F7 | Dm7 G7 | Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Dm7 G7 | "
        "Cm7 F7 :| D7 | % | G7 | % | C7 | % | F7 | % | Bb6 G7 | Cm7 F7 | Dm7 G7 | "
        "Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Cm7 F7 | Bb6",
    ),
    "waltz": (
        150,
        "3/4 Fmaj7 | Dm7 | Gm7 | C7 | Am7 | D7 | Gm7 C7 | Fmaj7 | Cm7 | F7 | Bbmaj7 | "
        "Bbm7 | Am7 D7 | Gm7 C7 | F6 | F6",
    ),
    "ballad with slashes": (
        60,
        "C | C/E | F | F#dim7 | C/G | A7/C# | Dm7 | Dm7/C | Bm7b5 | E7/G# | Am | "
        "Am/G | D7/F# | G7 | C/E G7/D | C",
    ),
    "modal": (132, "Dm7 x8 | Ebm7 x4 | Dm7 x4"),
    "bossa": (
        130,
        "Fmaj7 | % | G7 | % | Gm7 | Gb7 | Fmaj7 | Gb7 | Fmaj7 | % | G7 | % | Gm7 | "
        "Gb7 | Fmaj7 | %",
    ),
    "seven bars": (120, "Ebmaj7 | Cm7 | Fm7 | Bb7 | Gm7 C7 | Fm7 Bb7 | Ebmaj7"),
    "minor blues": (
        110,
        "Cm7 | Fm7 | Cm7 | % | Fm7 | % | Cm7 | % | Ab7 | G7 | Cm7 | Dm7b5 G7",
    ),
    "thirds apart": (
        200,
        "Bmaj7 D7 | Gmaj7 Bb7 | Ebmaj7 | Am7 D7 | Gmaj7 Bb7 | Ebmaj7 F#7 | Bmaj7 | "
        "Fm7 Bb7 | Ebmaj7 | Am7 D7 | Gmaj7 | C#m7 F#7 | Bmaj7 | Fm7 Bb7 | Ebmaj7 | "
        "C#m7 F#7",
    ),
}
HORNS = {"Tenor sax": (44, 76), "Trumpet": (52, 82)}  # A flat 2 to E5, E3 to B flat 5
SETTINGS = {"default": {}, "jazz": {"style": "jazz", "swing": 2.0}}
REST = 0.4  # seconds


def longest_span(notes, quarter):
    """Seconds of the longest stretch without a rest."""
    begin, longest = notes[0].start, 0.0
    for note, following in itertools.pairwise([*notes, None]):
        if following is None or (following.start - note.end) * quarter >= REST - 1e-6:
            longest = max(longest, note.end - begin)
            begin = following.start if following else 0.0
    return longest * quarter


def clashes(piece):
    """Tell of each long note on a beat whether it clashes."""
    found = []
    for step, note in zip(piece.onsets.tolist(), piece.notes(), strict=True):
        length = round(note.length * STEPS_A_QUARTER)
        if length < STEPS_A_QUARTER or piece.positions[step] % STEPS_A_QUARTER:
            continue
        under = [str(piece.chord_at(at) or "") for at in range(step, step + length)]
        sounding = {
            piece.chord_at(at)
            for at in range(step, step + length)
            if under.count(str(piece.chord_at(at) or "")) >= STEPS_A_QUARTER
        } - {None}
        found.append(
            any(
                note.pitch % 12 not in chord.tones
                and (note.pitch - 1) % 12 in chord.tones
                for chord in sounding
            )
        )
    return found


def measured(take, horn):
    quarter = 60 / take.score.tempo
    notes = take.score.tracks[0].notes
    pitches = [note.pitch for note in notes]
    low, high = HORNS[horn]
    clashing = clashes(take.piece)
    return {
        "notes": len(notes) / (take.piece.steps / STEPS_A_QUARTER * quarter),
        "range": (min(pitches), max(pitches)),
        "outside": np.mean([not low <= pitch <= high for pitch in pitches]),
        "span": longest_span(notes, quarter),
        "chord": chord_tones_strong(take.piece),
        "clashes": (sum(clashing), len(clashing)),
        "tonic": bool(ends_on_tonic(take.piece)),
    }


def row(name, found):
    low, high = np.array([one["range"] for one in found]).T
    wrong, long = np.sum([one["clashes"] for one in found], axis=0)
    print(
        f"{name:<28}{np.mean([one['notes'] for one in found]):>7.1f}"
        f"{low.min():>7}-{high.max():<4}"
        f"{np.mean([one['outside'] for one in found]):>8.2f}"
        f"{max(one['span'] for one in found):>8.1f}"
        f"{np.nanmean([one['chord'] for one in found]):>8.2f}"
        f"{wrong:>7} of {long:<4}"
        f"{sum(one['tonic'] for one in found):>5} of {len(found)}",
        flush=True,
    )


def main():
    result = load("ragtime")
    print(
        f"{'':<28}{'notes':>7}{'range':>9}{'outside':>11}{'span':>8}{'chord':>8}"
        f"{'clashes':>13}{'tonic':>9}"
    )
    for setting, values in SETTINGS.items():
        every = []
        for name, (tempo, chords) in CHARTS.items():
            found = []
            for seed, horn in enumerate(HORNS):
                played_on = {"instrument": horn} if values else {}
                how = Performance(
                    seed=seed, tempo=tempo, choruses=1, **values, **played_on
                )
                found.append(measured(perform(result, how, chords), horn))
            row(f"{setting}, {name}", found)
            every += found
        row(f"{setting}, all", every)


if __name__ == "__main__":
    main()
