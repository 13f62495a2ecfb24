"""The evaluation of a trained model: on held-out pieces, and on generated ones."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.music.config import Performance
from core.music.judging.judgement import (
    FRESH_UNIT,
    Judgement,
    SweepPoint,
    Totals,
    added,
)
from core.music.model.markov import MarkovFigures
from core.music.playing.takes import Take, perform
from core.music.result import Result, copy_index_of
from core.music.score.piece import Piece, has_known_chords
from core.music.shipped import rivals_of
from core.training import Pause, Pauses

if TYPE_CHECKING:  # imports of TensorFlow
    from core.music.model.classic import ClassicModel
    from core.music.model.default import DefaultModel

TEMPERATURES = (0.5, 0.7, 0.9, 1.0, 1.2, 1.5)
TAKES, BARS = 2, 16  # generated at each temperature
READ_AT_ONCE = 50  # pieces


def evaluate(
    model: "DefaultModel | ClassicModel",
    train: float,
    markov: MarkovFigures,
    pause: Pause,
) -> Pauses[Result]:
    """Evaluate a model with its final weights, and return the result of its training.

    `train` is its loss in the last epoch, in nats a sixteenth.
    """
    corpus = model.corpus
    judgement = yield from _judgement(model, train, pause)
    index = copy_index_of(corpus)
    yield from pause()
    human = index.human_rate([*corpus.validation, *corpus.test])
    yield from pause()
    rivals = rivals_of(corpus)
    yield from pause()
    result = Result(
        config=model.config,
        corpus=corpus,
        epochs=0,
        seconds=0.0,
        fit_cpu_seconds=0.0,
        started_from="nothing",
        weights=model.values(),
        vocabulary=model.vocabulary,
        judgement=judgement,
        markov=markov,
        human=human,
        chords_read=model.chords,
        rivals=rivals,
    )
    return replace(result, sweep=(yield from _sweep(result, pause)))


def _judgement(
    model: "DefaultModel | ClassicModel", train: float, pause: Pause
) -> Pauses[Judgement]:
    """Evaluate on validation and test, and on the test without its chords."""
    config, corpus = model.config, model.corpus
    validation = yield from _totals(model.on_watched(), pause)
    by_temperature = {}
    for temperature in TEMPERATURES:
        totals = yield from _totals(model.on_watched(temperature), pause)
        by_temperature[temperature] = totals.nats / totals.steps
    test = yield from _on(model, corpus.test, chords=True, pause=pause)
    without_chords = None
    if config.harmony == "heard" and has_known_chords(corpus.train):
        totals = yield from _on(model, corpus.test, chords=False, pause=pause)
        without_chords = totals.nats / totals.steps
    loss = validation.nats / validation.steps
    return Judgement(
        train=train if np.isfinite(train) else loss,
        validation=loss,
        nats=test.nats / test.steps,
        onset_accuracy=test.right / max(1, test.onsets),
        without_chords=without_chords,
        by_temperature=by_temperature,
        fresh=test.fresh_nats / test.fresh_steps if test.fresh_steps else None,
        fresh_unit=FRESH_UNIT,
    )


def _sweep(result: Result, pause: Pause) -> Pauses[tuple[SweepPoint, ...]]:
    """Generate without the copy guard at some temperatures."""
    points = []
    for temperature, nats in result.judgement.by_temperature.items():
        takes = []
        for seed in range(TAKES):
            how = Performance(
                temperature=temperature,
                top_p=1.0,
                seed=seed,
                bars=BARS,
                plan="free",
                ending="free",
                originality="free",
            )
            takes.append(perform(result, how))
            yield from pause()
        points.append(_sweep_point(temperature, nats, takes))
    return tuple(points)


def _sweep_point(temperature: float, nats: float, takes: Sequence[Take]) -> SweepPoint:
    judged = [take.originality for take in takes]
    metrics = [asdict(take.metrics) for take in takes]
    return SweepPoint(
        temperature=temperature,
        nats=nats,
        copy_rates={
            length: sum(one.found[length] for one in judged)
            / max(1, sum(one.runs[length] for one in judged))
            for length in judged[0].runs
        },
        longest_copy=max(one.longest_notes for one in judged),
        figures={
            name: float(np.nan_to_num(np.mean([one[name] for one in metrics])))
            for name in metrics[0]
        },
    )


def _on(
    model: "DefaultModel | ClassicModel",
    pieces: Sequence[Piece],
    chords: bool,
    pause: Pause,
) -> Pauses[Totals]:
    read: list[Any] = []  # each model has its own form
    for begin in range(0, len(pieces), READ_AT_ONCE):
        read += model.read(pieces[begin : begin + READ_AT_ONCE], chords)
        yield from pause()
    return (yield from _totals(model.judge(read), pause))


def _totals(parts: Iterable[Totals], pause: Pause) -> Pauses[Totals]:
    """Add up, with a pause after each part."""
    found = []
    for part in parts:
        found.append(part)
        yield from pause()
    return added(found)
