"""The training of the three models."""

from dataclasses import replace

import keras

from core.emoji.config import Config
from core.emoji.evaluation import audited, judged
from core.emoji.fit import Fit
from core.emoji.model.vocabulary import FIRST
from core.emoji.result import Result
from core.emoji.text.corpus import Sentences
from core.layers.adam import Adam
from core.task import State, Training
from core.training import EarlyStopping, TrainingLoop, Variables


def train(config: Config, data: Sentences, resume: State | None = None) -> Training:
    """Train the model of `config`; see `core.task.Training`.

    Yields
    ------
    Progress
        Metrics of each epoch: loss, the mean cross-entropy in nats a sentence, and
        accuracy, as trained, with dropout; val_loss and val_accuracy on the
        development sentences, where there are any.
    """
    keras.backend.clear_session(free_memory=False)  # the worker frees it
    loop = TrainingLoop(config.epochs, resume, sums=["loss", "right", "rows"])
    model = Fit(config, data)
    optimizer = Adam(model.weights, config.learning_rate)
    model.compile(optimizer)
    early_stopping = EarlyStopping(config.patience, model.averaged)
    variables = Variables([*model.weights, *model.averages, *optimizer.variables])
    loop.save_and_restore(variables, early_stopping)
    yield from loop.pause()
    for epoch in loop.epochs(early_stopping):
        for batch in loop.batches(model.batches(epoch), model.steps):
            loss, right = model.train_step(batch)
            rows = len(batch.targets)
            yield from loop.end_step(
                {"loss": loss * rows, "right": right, "rows": rows}
            )
        if loop.stopped:
            break
        metrics = {
            "loss": loop.mean("loss", "rows"),
            "accuracy": loop.mean("right", "rows"),
            **model.validate(),
        }
        if "val_loss" in metrics:
            early_stopping.update(metrics["val_loss"])
        yield from loop.end_epoch(metrics)
    result = _result(model, data, early_stopping.weights(), loop.epoch)
    seconds, cpu_seconds = loop.seconds()
    return replace(result, seconds=seconds, fit_cpu_seconds=cpu_seconds)


def _result(model: Fit, data: Sentences, weights: State, epochs: int) -> Result:
    """Calibrate on the development set, judge every set, and audit the labels."""
    vectors = weights.get("vectors")
    kept = len(model.words) + FIRST
    result = Result(
        config=model.config,
        data=data,
        epochs=epochs,
        seconds=0.0,
        fit_cpu_seconds=0.0,
        weights={key: w for key, w in weights.items() if key != "vectors"},
        words=tuple(model.words) if vectors is not None else (),
        vectors=None if vectors is None else vectors[:kept],
        length=model.length,
    )
    return audited(judged(result))
