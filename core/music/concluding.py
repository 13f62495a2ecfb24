"""What is done with a model when it has learned: it is judged, and it plays."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.music.config import Performance
from core.music.generating import Take, perform
from core.music.judged import Judgement, MarkovFigures, Swept, Totals
from core.music.learned import has_chords
from core.music.piece import Piece
from core.music.result import Result, originals_of
from core.training import Pause, Pauses

if TYPE_CHECKING:  # they import TensorFlow
    from core.music.fit import Fit
    from core.music.seed_fit import SeedFit

TEMPERATURES = (0.5, 0.7, 0.9, 1.0, 1.2, 1.5)
TAKES, BARS = 2, 16  # played at each temperature
READ_AT_ONCE = 50  # pieces


def conclude(
    fit: "Fit | SeedFit", train: float, markov: MarkovFigures, pause: Pause
) -> Pauses[Result]:
    """Judge a fit on what it never saw and let it play; ends with the result.

    Parameters
    ----------
    fit
        With the weights to keep in place.
    train
        Nats a token of its last epoch.
    markov
        What the baseline reaches.
    pause
        Called every now and then.
    """
    corpus = fit.corpus
    judgement = yield from _judged(fit, train, pause)
    originals = originals_of(corpus)
    yield from pause()
    human = originals.human([*corpus.validation, *corpus.test])
    yield from pause()
    result = Result(
        config=fit.config,
        corpus=corpus,
        epochs=0,
        seconds=0.0,
        fit_cpu_seconds=0.0,
        started_from="nothing",
        weights=fit.values(),
        vocabulary=fit.vocabulary,
        judgement=judgement,
        markov=markov,
        human=human,
    )
    return replace(result, sweep=(yield from _sweep(result, pause)))


def _judged(fit: "Fit | SeedFit", train: float, pause: Pause) -> Pauses[Judgement]:
    """Judge a fit on validation and test, and on the test without its chords."""
    config, corpus = fit.config, fit.corpus
    validation = yield from _totals(fit.on_watched(), pause)
    by_temperature = {}
    for temperature in TEMPERATURES:
        totals = yield from _totals(fit.on_watched(temperature), pause)
        by_temperature[temperature] = totals[0] / totals[1]
    heard = yield from _on(fit, corpus.test, chords=True, pause=pause)
    deaf = None
    if config.harmony == "heard" and has_chords(corpus.train):
        nats = yield from _on(fit, corpus.test, chords=False, pause=pause)
        deaf = nats[0] / nats[1]
    return Judgement(
        train=train if np.isfinite(train) else validation[0] / validation[1],
        validation=validation[0] / validation[1],
        nats=heard[0] / heard[1],
        onset_accuracy=heard[2] / max(1, heard[3]),
        without_chords=deaf,
        by_temperature=by_temperature,
    )


def _sweep(result: Result, pause: Pause) -> Pauses[tuple[Swept, ...]]:
    """Let a model play unguarded at some temperatures, a pause after each piece."""
    swept = []
    for temperature, nats in result.judgement.by_temperature.items():
        takes = []
        for seed in range(TAKES):
            how = Performance(
                temperature=temperature,
                top_p=1.0,
                seed=seed,
                bars=BARS,
                originality="free",
            )
            takes.append(perform(result, how))
            yield from pause()
        swept.append(_swept(temperature, nats, takes))
    return tuple(swept)


def _swept(temperature: float, nats: float, takes: Sequence[Take]) -> Swept:
    judged = [take.originality for take in takes]
    figures = [asdict(take.figures) for take in takes]
    return Swept(
        temperature=temperature,
        nats=nats,
        copy_rates={
            length: sum(one.found[length] for one in judged)
            / max(1, sum(one.runs[length] for one in judged))
            for length in judged[0].runs
        },
        longest_copy=max(one.longest_notes for one in judged),
        figures={
            name: float(np.nan_to_num(np.mean([one[name] for one in figures])))
            for name in figures[0]
        },
    )


def _on(
    fit: "Fit | SeedFit", pieces: Sequence[Piece], chords: bool, pause: Pause
) -> Pauses[Totals]:
    read: list[Any] = []  # each fit has its own form
    for begin in range(0, len(pieces), READ_AT_ONCE):
        read += fit.read(pieces[begin : begin + READ_AT_ONCE], chords)
        yield from pause()
    return (yield from _totals(fit.judge(read), pause))


def _totals(parts: Iterable[Totals], pause: Pause) -> Pauses[Totals]:
    """Add up, with a pause after each part."""
    nats, steps, foreseen, onsets = 0.0, 0, 0, 0
    for part in parts:
        nats += part[0]
        steps += part[1]
        foreseen += part[2]
        onsets += part[3]
        yield from pause()
    return nats, steps, foreseen, onsets
