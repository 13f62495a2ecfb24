"""The training of both models."""

from dataclasses import replace

import keras

from core.layers.adam import Adam
from core.music.config import Config
from core.music.corpora import Corpus
from core.music.evaluation import evaluate
from core.music.judging.judgement import nats_of
from core.music.model.classic import ClassicModel
from core.music.model.default import DefaultModel
from core.music.playing.snapshots import MOST, snapshot
from core.music.result import Result
from core.music.shipped import markov_of, start_weights
from core.task import State, Training
from core.training import EarlyStopping, TrainingLoop, Variables, has_snapshot


def train(
    config: Config, corpus: Corpus, resume: State | None = None
) -> Training[Result]:
    """Train the model of `config`; see `core.task.Training`.

    The metrics of an epoch are in nats a sixteenth: loss, with dropout; val_loss on the
    watched validation pieces; markov, the Markov baseline's loss on these. Some epochs
    have a snapshot: "melody", what the model would play.
    """
    keras.backend.clear_session(free_memory=False)  # the worker frees it
    markov = markov_of(corpus)
    loop = TrainingLoop(config.epochs, resume, sums=["nats", "tokens"])
    start = start_weights(config)
    kind = ClassicModel if config.model == "classic" else DefaultModel
    model = kind(config, corpus, start)
    optimizer = Adam(model.weights, config.learning_rate)
    model.compile(optimizer)
    early_stopping = EarlyStopping(config.patience, model.values)
    variables = Variables([*model.weights, *optimizer.variables])
    loop.save_and_restore(variables, early_stopping)
    yield from loop.pause()
    yield from model.prepare(loop.pause)
    for epoch in loop.epochs(early_stopping):
        for batch in loop.batches(model.batches(epoch), model.steps):
            nats, tokens = model.train_step(batch)  # type: ignore[arg-type]
            yield from loop.end_step({"nats": nats, "tokens": tokens})
        if loop.stopped:
            break
        loss, val_loss = loop.mean("nats", "tokens"), nats_of(model.on_watched())
        early_stopping.update(val_loss)
        yield from loop.end_epoch(
            {"loss": loss, "val_loss": val_loss, "markov": markov.watched},
            (lambda: snapshot(model))
            if has_snapshot(epoch + 1, config.epochs, MOST)
            else None,
        )
    model.use(early_stopping.weights())
    result = yield from evaluate(model, loop.train_loss, markov, loop.pause)
    seconds, cpu_seconds = loop.seconds()
    return replace(
        result,
        epochs=loop.epoch,
        seconds=seconds,
        fit_cpu_seconds=cpu_seconds,
        started_from="folk" if start else "nothing",
    )
