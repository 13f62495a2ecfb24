"""The training loop: pauses after every step, resumes anywhere."""

import math
import time
from dataclasses import asdict, dataclass, fields, replace

import keras
import numpy as np

from core.emoji.config import Config
from core.emoji.corpus import Sentences
from core.emoji.fit import Fit
from core.emoji.judging import audited, judged
from core.emoji.lexicon import FIRST
from core.emoji.result import Result
from core.task import Progress, State, Training, UserError


@dataclass(kw_only=True)
class Journey:
    """Where a training stands, apart from its weights."""

    epoch: int = 0  # completed
    step: int = 0  # completed in the next epoch
    loss: float = 0.0  # sum over the sentences of the next epoch so far
    right: int = 0
    rows: int = 0
    best: float = math.inf  # development loss
    waited: int = 0  # epochs since the best
    seconds: float = 0.0  # spent training, pauses left out
    cpu_seconds: float = 0.0


def train(config: Config, data: Sentences, resume: State | None = None) -> Training:
    """Train the model of `config`; see `core.task.Training`."""
    keras.backend.clear_session(free_memory=False)  # the worker does that
    journey = Journey()
    started = time.perf_counter(), time.process_time()
    fit = Fit(config, data)
    best = fit.best()
    if resume is not None:
        journey, best = _restore(fit, resume)
    else:
        _add_time(journey, *started)
    return _loop(fit, data, journey, best)


def _loop(
    fit: Fit, data: Sentences, journey: Journey, best: dict[str, np.ndarray]
) -> Training:
    config = fit.config

    def pause(metrics: dict[str, float] | None = None) -> Progress:
        return Progress(
            epoch=journey.epoch,
            total=config.epochs,
            fraction=journey.step / fit.steps,
            metrics=metrics or {},
            state=lambda: _state(fit, journey, best),
        )

    stop = yield pause()
    while not stop and not _finished(config, journey):
        started = time.perf_counter(), time.process_time()
        metrics = _advance(fit, journey)
        if metrics and journey.waited == 0:
            best = fit.best()
        _add_time(journey, *started)
        stop = yield pause(metrics)
    started = time.perf_counter(), time.process_time()
    stopped_early = config.patience and journey.best < math.inf
    result = _result(fit, data, best if stopped_early else fit.best())
    _add_time(journey, *started)
    return replace(
        result,
        epochs=journey.epoch,
        seconds=journey.seconds,
        fit_cpu_seconds=journey.cpu_seconds,
    )


def _add_time(journey: Journey, wall: float, processor: float) -> None:
    journey.seconds += time.perf_counter() - wall
    journey.cpu_seconds += time.process_time() - processor


def _finished(config: Config, journey: Journey) -> bool:
    patient = not config.patience or journey.waited < config.patience
    return journey.epoch >= config.epochs or not patient


def _advance(fit: Fit, journey: Journey) -> dict[str, float]:
    """Do one step; return the metrics of the epoch if it was the last of one."""
    loss, right, rows = fit.step(journey.epoch, journey.step)
    if not math.isfinite(loss):
        raise UserError(
            f"Expected a loss that is a number, got {loss} in epoch "
            f"{journey.epoch + 1}: the steps were too large. Train again with a "
            "smaller learning rate."
        )
    journey.loss += loss
    journey.right += right
    journey.rows += rows
    journey.step += 1
    if journey.step < fit.steps:
        return {}
    metrics = {
        "loss": journey.loss / journey.rows,
        "accuracy": journey.right / journey.rows,
        **fit.validate(),
    }
    if "val_loss" in metrics:
        better = metrics["val_loss"] < journey.best
        journey.waited = 0 if better else journey.waited + 1
        journey.best = min(metrics["val_loss"], journey.best)
    journey.epoch += 1
    journey.step, journey.loss, journey.right, journey.rows = 0, 0.0, 0, 0
    return metrics


def _result(fit: Fit, data: Sentences, weights: dict[str, np.ndarray]) -> Result:
    """Calibrate on the development set, judge every set, and audit the labels."""
    vectors = weights.get("vectors")
    kept = len(fit.words) + FIRST
    result = Result(
        config=fit.config,
        data=data,
        epochs=0,
        seconds=0.0,
        fit_cpu_seconds=0.0,
        weights={key: w for key, w in weights.items() if key != "vectors"},
        words=tuple(fit.words) if vectors is not None else (),
        vectors=None if vectors is None else vectors[:kept],
        length=fit.length,
    )
    return audited(judged(result))


def _state(fit: Fit, journey: Journey, best: dict[str, np.ndarray]) -> State:
    numbers = {name: np.array(value) for name, value in asdict(journey).items()}
    variables = {
        f"variable/{index}": variable.numpy()
        for index, variable in enumerate(fit.variables)
    }
    return {
        **numbers,
        **variables,
        **{f"best/{name}": value for name, value in best.items()},
    }


def _restore(fit: Fit, state: State) -> tuple[Journey, dict[str, np.ndarray]]:
    for index, variable in enumerate(fit.variables):
        variable.assign(state[f"variable/{index}"])
    best = {name: state[f"best/{name}"] for name in fit.named}
    numbers = {item.name: state[item.name].item() for item in fields(Journey)}
    return Journey(**numbers), best
