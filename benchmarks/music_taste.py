"""Measure what the music models play against real pieces: python -m benchmarks.music_taste.

Ten progressions and three seeds for each model, 16 bars at temperature .9: the model
alone and with its plan, beside real pieces cut into 16 bars, and beside random notes of
the scale in the same rhythm. "One mode", two chords in 32 bars, is listed apart.

- chord tones: of the notes that begin on a strong beat, those of the chord
- shuffled: the same with the melody's bars in a random order
- scale: notes in the key's scale
- leaps: intervals above a fifth
- rests: sixteenths without a sound, up to the last note's end
- repeated: bars that have been there before, note for note
- motif: bars with the rhythm and contour of one of the eight before, but other pitches,
  less what chance gives: the same with the bars of another piece for those before
- tonic: pieces whose last note is the tonic; and with --ending tonic
- copy 8, copy 12: runs of 8 and 12 notes that are in the training pieces
- longest: notes of the longest copied run, the 95th percentile

Chords of real folk tunes are those that fit them best, which flatters them; those of
real rags are inferred from the left hand alone.

With `blind`, a classifier is to tell real phrases of four bars from ours.
"""

import sys
import time
from dataclasses import replace

import numpy as np

from core.music import Performance
from core.music.judging.melody_metrics import (
    chord_tones_by_chance,
    chord_tones_strong,
    ends_on_tonic,
    leap_share,
    repeated_bars,
    rest_share,
    scale_fit,
    scale_of,
    varied_returns,
)
from core.music.playing.harmonizing import harmonized
from core.music.playing.improvising import perform
from core.music.result import EXCERPT
from core.music.score.piece import REST
from core.music.shipped import load
from core.music.theory.chord import OCTAVE
from core.music.theory.progressions import PROGRESSIONS

NAMES = (
    *("12-bar blues", "Minor blues", "ii-V-I", "ii-V-I through the keys"),
    *("Rhythm changes", "32-bar song", "I-vi-IV-V", "Ragtime circle"),
    *("Ragtime strain", "Canon"),
)
APART = ("One mode",)
SEEDS = range(3)
PLANS = ("free", "phrases")
ORDERS = 10  # random orders of the bars
MOST = 150  # folk tunes
HEADS = (
    *("chord tones", "shuffled", "scale", "leaps", "rests", "repeated", "motif"),
    *("tonic", "copy 8", "copy 12", "longest"),
)


def played(model, names, **changes):
    result = load(model)
    by_name = {one.name: one for one in PROGRESSIONS}
    return [
        perform(
            result,
            Performance(seed=seed, meter=str(by_name[name].meter), **changes),
            by_name[name].text,
        ).piece
        for name in names
        for seed in SEEDS
    ]


def excerpts(pieces):
    found = []
    for piece in pieces:
        steps = EXCERPT * piece.meter.steps
        begins = range(piece.pickup, piece.steps - steps + 1, steps)
        found += [piece.part(begin, begin + steps) for begin in begins]
    return found


def real(model, held_out=True):
    """Real pieces, with the chords that a model would hear."""
    corpus = load(model).corpus
    pieces = (*corpus.test, *corpus.validation) if held_out else corpus.train
    pieces = pieces[:MOST]
    return [piece if piece.chords else harmonized(piece) for piece in pieces]


def in_the_scale(pieces):
    """Random notes of the scale, in the rhythm and the range of others."""
    random, found = np.random.default_rng(0), []
    for piece in pieces:
        melody = piece.melody.copy()
        pitches = melody[piece.onsets]
        scale = [
            pitch
            for pitch in range(int(pitches.min()), int(pitches.max()) + 1)
            if pitch % OCTAVE in scale_of(piece.key)
        ]
        melody[piece.onsets] = random.choice(scale, len(pitches))
        found.append(replace(piece, melody=melody))
    return found


def measures(pieces, index):
    """Each measure of each piece, (measures, pieces), in the order of HEADS."""
    random = np.random.default_rng(0)
    chance = np.nanmean(
        [
            varied_returns(piece, other)
            for piece in pieces
            for other in pieces[:: max(1, len(pieces) // 12)]
            if other.title != piece.title or other.chords != piece.chords
        ]
        or [0]
    )
    judged = [index.originality(piece) for piece in pieces]
    shuffled = [
        np.mean([chord_tones_by_chance(piece, random) for _ in range(ORDERS)])
        for piece in pieces
    ]
    return np.array(
        [
            [chord_tones_strong(piece) for piece in pieces],
            shuffled,
            [scale_fit(piece) for piece in pieces],
            [leap_share(piece) for piece in pieces],
            [rest_share(piece) for piece in pieces],
            [repeated_bars(piece) for piece in pieces],
            [varied_returns(piece) - chance for piece in pieces],
            [bool(ends_on_tonic(piece)) for piece in pieces],
            [one.rates[8] for one in judged],
            [one.rates[12] for one in judged],
            [one.longest_notes for one in judged],
        ],
        float,
    )


def row(name, pieces, index):
    table = measures(pieces, index)
    means = [*np.nanmean(table[:-1], axis=1), np.nanquantile(table[-1], 0.95)]
    print(f"{name:<26}" + "".join(f"{mean:>12.3f}" for mean in means), flush=True)
    return table


def spread(table):
    low, high = np.nanquantile(table, (0.05, 0.95), axis=1)
    cells = (f"{a:.2f}-{b:.2f}" for a, b in zip(low, high, strict=True))
    print(f"{'  5-95 % of them':<26}" + "".join(f"{cell:>12}" for cell in cells))


def table():
    for model in ("ragtime", "folk"):
        index = load(model).copy_index
        print(f"\n{model:<26}" + "".join(f"{head:>12}" for head in HEADS))
        spread(row("real, held out", excerpts(real(model)), index))
        for plan in PLANS:
            start = time.process_time()
            pieces = played(model, NAMES, plan=plan)
            seconds = (time.process_time() - start) / len(pieces)
            row(f"plan {plan}", pieces, index)
        row("  ending on the tonic", played(model, NAMES, ending="tonic"), index)
        row("random notes of the scale", in_the_scale(pieces), index)
        for plan in PLANS:
            row(f"one mode, plan {plan}", played(model, APART, plan=plan), index)
        print(f"{seconds:.2f} processor seconds for 16 bars with a plan")


if __name__ == "__main__":
    table()
