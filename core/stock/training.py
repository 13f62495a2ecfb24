"""The training loop of both recipes: pauses after every step, resumes anywhere."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields

import keras
import numpy as np

from core.stock.config import Config
from core.stock.honest_recipe import HonestRecipe
from core.stock.recipe import Recipe
from core.stock.seed_recipe import SeedRecipe
from core.stock.series import PriceSeries
from core.task import Progress, State, Training, UserError

RECIPES: dict[str, Callable[[Config, PriceSeries], Recipe]] = {
    "honest": HonestRecipe,
    "seed": SeedRecipe,
}


@dataclass(kw_only=True)
class Journey:
    """Where a training stands, apart from its weights."""

    epoch: int = 0  # completed
    step: int = 0  # completed in the next epoch
    loss: float = 0.0  # sum over the windows of the next epoch so far
    windows: int = 0
    best: float = math.inf  # validation loss
    waited: int = 0  # epochs since the best
    seconds: float = 0.0  # spent training, pauses left out


def train(config: Config, series: PriceSeries, resume: State | None = None) -> Training:
    """Train the recipe of `config`; see `core.task.Training`."""
    keras.backend.clear_session()  # frees the graphs of the trainings before
    recipe = RECIPES[config.recipe](config, series)
    best = [variable.numpy() for variable in recipe.forecasters]
    journey = Journey()
    if resume is not None:
        journey, best = _restore(recipe, resume)
    return _loop(recipe, config.epochs, journey, best)


def _loop(
    recipe: Recipe, epochs: int, journey: Journey, best: list[np.ndarray]
) -> Training:
    def pause(metrics: dict[str, float] | None = None) -> Progress:
        journey.seconds += time.perf_counter() - started
        return Progress(
            epoch=journey.epoch,
            total=epochs,
            fraction=journey.step / recipe.steps,
            metrics=metrics or {},
            state=lambda: _state(recipe, journey, best),
        )

    started = time.perf_counter()
    stop = yield pause()
    while not stop and not _finished(recipe, epochs, journey):
        started = time.perf_counter()
        metrics = _advance(recipe, journey)
        if metrics and journey.waited == 0:
            best = [variable.numpy() for variable in recipe.forecasters]
        stop = yield pause(metrics)
    if recipe.patience is not None and journey.best < math.inf:
        for variable, value in zip(recipe.forecasters, best, strict=True):
            variable.assign(value)
    parts = []
    for part in recipe.forecast():
        parts.append(part)
        started = time.perf_counter()
        yield pause()
    return recipe.result(np.concatenate(parts), journey.epoch, journey.seconds)


def _finished(recipe: Recipe, epochs: int, journey: Journey) -> bool:
    patient = recipe.patience is None or journey.waited < recipe.patience
    return journey.epoch >= epochs or not patient


def _advance(recipe: Recipe, journey: Journey) -> dict[str, float]:
    """Do one step; return the metrics of the epoch if it was the last of one."""
    loss, windows = recipe.step(journey.epoch, journey.step)
    _check_finite(loss, journey.epoch)
    journey.loss += loss * windows
    journey.windows += windows
    journey.step += 1
    if journey.step < recipe.steps:
        return {}
    validation = recipe.validate()
    _check_finite(validation, journey.epoch)
    metrics = {"loss": journey.loss / journey.windows, "val_loss": validation}
    journey.waited = 0 if validation < journey.best else journey.waited + 1
    journey.best = min(validation, journey.best)
    journey.epoch += 1
    journey.step, journey.loss, journey.windows = 0, 0.0, 0
    return metrics


def _check_finite(loss: float, epoch: int) -> None:
    if not math.isfinite(loss):
        raise UserError(
            f"Expected a loss that is a number, got {loss} in epoch {epoch + 1}: the "
            "steps were too large. Train again with a smaller learning rate."
        )


def _state(recipe: Recipe, journey: Journey, best: list[np.ndarray]) -> State:
    numbers = {name: np.array(value) for name, value in asdict(journey).items()}
    variables = {
        f"variable/{index}": variable.numpy()
        for index, variable in enumerate(recipe.variables)
    }
    return {
        **numbers,
        **variables,
        **{f"best/{index}": value for index, value in enumerate(best)},
    }


def _restore(recipe: Recipe, state: State) -> tuple[Journey, list[np.ndarray]]:
    for index, variable in enumerate(recipe.variables):
        variable.assign(state[f"variable/{index}"])
    best = [state[f"best/{index}"] for index in range(len(recipe.forecasters))]
    numbers = {item.name: state[item.name].item() for item in fields(Journey)}
    return Journey(**numbers), best
