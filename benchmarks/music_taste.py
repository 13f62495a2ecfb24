"""Measure the taste of what the models play: python -m benchmarks.music_taste.

Ten progressions and three seeds for each model, 16 bars at temperature 1: the model
alone and with its plan, beside real pieces cut into 16 bars, and beside random notes of
the scale in the same rhythm. "One mode", two chords in 32 bars, is listed apart, with
32 bars.

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

With `blind`, or `blind 500` for seeds higher by 500, classifiers are to tell real
phrases of four bars from ours: a logistic
regression and a gradient boosting of scikit-learn, on histograms of intervals, lengths
of notes, places in the beat and in the bar, chord tones on and off the beat, contour,
repetition of rhythm and rests. Ours are played over the chords of the real ones, in the
same meter and key, and end where these do, so that only the melodies differ. They are
trained on four fifths of the pieces and judged on the others, in turn; a piece and what
is played over its chords are in the same part. The interval is a bootstrap over pieces.
An area of .5 is guessing, 1 is never wrong. The real folk tunes are held out; of rags
there are too few for that: all eight, of which the model has learnt five.

With `tune`, both are measured where the plan's weights were chosen: other progressions
(TUNING) and seeds, other held-out folk tunes; the rags are the same, with other seeds.
"""

import sys
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.music import Performance
from core.music.arranger.harmonizing import harmonized
from core.music.judging.melody_metrics import (
    WIDE,
    WITHIN,
    bars_of,
    chord_tones_strong,
    ends_on_tonic,
    is_varied,
    rest_share,
    scale_fit,
    scale_of,
)
from core.music.playing.takes import improvise, perform
from core.music.result import EXCERPT
from core.music.score.piece import HOLD, REST
from core.music.shipped import load
from core.music.theory.chord import OCTAVE
from core.music.theory.progressions import PROGRESSIONS

NAMES = (
    *("12-bar blues", "Minor blues", "ii-V-I", "ii-V-I through the keys"),
    *("Rhythm changes", "32-bar song", "I-vi-IV-V", "Ragtime circle"),
    *("Ragtime strain", "Canon"),
)
APART = ("One mode",)
TUNING = (
    *("Simple blues", "ii-V-i in minor", "I-vi-ii-V", "I-V-vi-IV", "Falling bass"),
    *("Waltz", "Jig"),
)
SEEDS, TUNING_SEEDS = range(3), range(100, 103)
PLANS = ("free", "phrases")
ORDERS = 10  # random orders of the bars
FEWEST_IN_MOTIF = 3  # notes of a bar
MOST = 150  # folk tunes
MOST_BLIND = 60
RESAMPLED = 1_000
PARTS = 5  # of the cross-validation
CLASSIFIERS = {
    "regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000)),
    "boosting": GradientBoostingClassifier(random_state=0),
}
HEADS = (
    *("chord tones", "shuffled", "scale", "leaps", "rests", "repeated", "motif"),
    *("tonic", "copy 8", "copy 12", "longest"),
)


def played(model, names, seeds, **changes):
    result = load(model)
    by_name = {one.name: one for one in PROGRESSIONS}
    return [
        perform(
            result,
            Performance(seed=seed, meter=str(by_name[name].meter), **changes),
            by_name[name].text,
        ).piece
        for name in names
        for seed in seeds
    ]


def excerpts(pieces):
    found = []
    for piece in pieces:
        steps = EXCERPT * piece.meter.steps
        begins = range(piece.pickup, piece.steps - steps + 1, steps)
        found += [piece.part(begin, begin + steps) for begin in begins]
    return found


def is_whole(piece):
    """Whether its last excerpt ends with it."""
    return (piece.steps - piece.pickup) % (EXCERPT * piece.meter.steps) == 0


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


def chord_tones_by_chance(piece, generator):
    """Chord tones on strong beats with the bars of the melody in a random order."""
    bar, whole = piece.meter.steps, (piece.steps - piece.pickup) // piece.meter.steps
    end = piece.pickup + whole * bar
    melody = np.where(piece.melody >= 0, piece.melody, REST)  # onsets alone count
    bars = melody[piece.pickup : end].reshape(whole, bar)
    melody[piece.pickup : end] = bars[generator.permutation(whole)].ravel()
    return chord_tones_strong(replace(piece, melody=melody))


def leap_share(piece):
    """Share of intervals above a fifth."""
    intervals = np.abs(np.diff(piece.melody[piece.onsets].astype(int)))
    return (intervals > WIDE).mean() if len(intervals) else np.nan


def repeated_bars(piece):
    """Share of bars that have been in the piece before, note for note."""
    bars = [bar.tobytes() for bar in bars_of(piece) if (bar >= 0).any()]
    known = [bar in bars[:place] for place, bar in enumerate(bars)]
    return np.mean(known) if bars else np.nan


def varied_returns(piece, earlier=None):
    """Share of bars that bring one of the eight before back varied.

    Of another piece, if it is given: what chance gives.
    """
    others = bars_of(earlier or piece)
    found = [
        any(is_varied(bar, other) for other in others[max(0, place - WITHIN) : place])
        for place, bar in enumerate(bars_of(piece))
        if (bar >= 0).sum() >= FEWEST_IN_MOTIF
    ]
    return np.mean(found) if found else np.nan


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


def table(names=NAMES, seeds=SEEDS):
    for model in ("ragtime", "folk"):
        index = load(model).copy_index
        print(f"\n{model:<26}" + "".join(f"{head:>12}" for head in HEADS))
        spread(row("real, held out", excerpts(real(model)), index))
        for plan in PLANS:
            start = time.process_time()
            pieces = played(model, names, seeds, plan=plan)
            seconds = (time.process_time() - start) / len(pieces)
            row(f"plan {plan}", pieces, index)
        ended = played(model, names, seeds, ending="tonic")
        row("  ending on the tonic", ended, index)
        row("random notes of the scale", in_the_scale(pieces), index)
        for plan in PLANS if names is NAMES else ():
            pieces = played(model, APART, seeds, plan=plan, bars=32)
            row(f"one mode, plan {plan}", pieces, index)
        print(f"{seconds:.2f} processor seconds for 16 bars with a plan")


def histogram(values, edges):
    """Shares of values up to each edge, and above the last."""
    found = np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1)
    return found / max(1, len(values))


def features(phrase):
    """What the classifier hears of four bars."""
    onsets, melody = phrase.onsets, phrase.melody
    pitches = melody[onsets].astype(int)
    moves = np.diff(pitches)
    lengths = np.array([round(4 * note.length) for note in phrase.notes()])
    positions = phrase.positions[onsets]
    beat = 6 if phrase.meter.compound else 4
    fits = np.array(
        [
            pitch % OCTAVE in (chord.tones if chord else ())
            for pitch, chord in zip(
                pitches, map(phrase.chord_at, onsets.tolist()), strict=True
            )
        ]
    )
    on_beat = positions % beat == 0
    bars = bars_of(phrase)
    rhythms = [(bar >= 0).tobytes() for bar in bars]
    turns = np.sign(moves[moves != 0])
    quarters = np.array_split(melody, 4)
    return np.concatenate(
        [
            histogram(np.abs(moves), (0, 1, 2, 4, 7, 11)),
            histogram(lengths, (1, 2, 3, 4, 7)),
            histogram(positions % beat, range(3)),
            [(positions == step).mean() for step in (0, phrase.meter.steps // 2)],
            [fits[on_beat].mean() if on_beat.any() else 0.5],
            [fits[~on_beat].mean() if (~on_beat).any() else 0.5],
            [
                (moves > 0).mean(),
                np.mean(turns[1:] != turns[:-1]) if len(turns) > 1 else 0,
            ],
            [np.ptp(pitches), pitches[-1] - pitches[0], len(set(pitches % OCTAVE))],
            [len(set(rhythms)), sum(a == b for a, b in pairwise(rhythms))],
            [len(set(map(bytes, bars))), len(onsets) / phrase.meter.quarters],
            [(part == REST).mean() for part in quarters],
            [(part == HOLD).mean() for part in quarters],
        ]
    )


def phrases_of(piece):
    steps = 4 * piece.meter.steps
    begins = range(piece.pickup, piece.steps - steps + 1, steps)
    parts = (piece.part(begin, begin + steps) for begin in begins)
    return [features(part) for part in parts if len(part.onsets) >= 6]


def told_apart(classifier, x, y, groups):
    """Scores of each phrase by a classifier that has not seen its piece."""
    parts = GroupKFold(min(PARTS, groups.max() + 1))
    found = cross_val_predict(
        classifier, x, y, groups=groups, cv=parts, method="predict_proba"
    )
    return found[:, 1]


def interval(scores, y, groups):
    """The middle 95 % of the areas over resampled pieces."""
    random, areas = np.random.default_rng(0), []
    rows = [np.flatnonzero(groups == group) for group in range(groups.max() + 1)]
    for _ in range(RESAMPLED):
        chosen = random.integers(len(rows), size=len(rows))
        some = np.concatenate([rows[group] for group in chosen])
        areas.append(roc_auc_score(y[some], scores[some]))
    return np.quantile(areas, (0.025, 0.975))


def blind(tuning=False, more=0):
    print(
        f"{'':<10}{'plan':<10}{'phrases':>8}"
        + "".join(map("{:>24}".format, CLASSIFIERS))
    )
    for model in ("ragtime", "folk"):
        result = load(model)
        pieces = real(model) if model == "folk" else result.corpus.pieces
        skipped = MOST_BLIND if tuning and model == "folk" else 0
        originals = [
            (group, excerpt, excerpt is parts[-1] and is_whole(piece))
            for group, piece in enumerate(pieces[skipped:][:MOST_BLIND])
            for parts in [excerpts([piece])]
            for excerpt in parts
        ]
        for plan in PLANS:
            x, y, groups = [], [], []
            for place, (group, piece, ends) in enumerate(originals):
                how = Performance(plan=plan, seed=place + (1_000 if tuning else more))
                nothing = np.zeros(piece.steps, bool)
                played = improvise(result, how, piece, nothing, ends)
                ours = replace(piece, melody=played.melody)
                for one, is_ours in ((piece, False), (ours, True)):
                    for found in phrases_of(one):
                        x.append(found)
                        y.append(is_ours)
                        groups.append(group)
            x, y, groups = np.array(x), np.array(y), np.array(groups)
            groups = np.unique(groups, return_inverse=True)[1]
            print(f"{model:<10}{plan:<10}{len(y):>8}", end="")
            for classifier in CLASSIFIERS.values():
                scores = told_apart(classifier, x, y, groups)
                low, high = interval(scores, y, groups)
                area = roc_auc_score(y, scores)
                print(f"{f'{area:.3f} ({low:.3f}-{high:.3f})':>24}", end="")
            print(flush=True)


if __name__ == "__main__":
    if "tune" in sys.argv:
        table(TUNING, TUNING_SEEDS)
        blind(tuning=True)
    elif "blind" in sys.argv:
        blind(more=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    else:
        table()
