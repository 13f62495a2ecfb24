"""The training loop of both recipes: pauses after every step, resumes anywhere.

An epoch is one of every network that still learns, one after the other, so that all
folds and seeds are equally far whenever the training is stopped.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

import keras
import numpy as np

from core.stock.config import Config
from core.stock.honest_recipe import HonestRecipe
from core.stock.pauses import Pauses
from core.stock.recipe import Recipe, Trained, values_of, write_values
from core.stock.result import Result
from core.stock.seed_recipe import SeedRecipe
from core.stock.series import PriceSeries
from core.task import Progress, State, Training, UserError

RECIPES: dict[str, Callable[[Config, PriceSeries], Recipe]] = {
    "honest": HonestRecipe,
    "seed": SeedRecipe,
}


@dataclass(kw_only=True, eq=False)
class Journey:
    """Where a training stands: all that a checkpoint holds.

    Attributes
    ----------
    epoch
        Epochs completed by all networks.
    step, total, windows
        Steps completed by the network that is at work in its next epoch; its loss
        summed over the windows of these steps, and their number.
    seconds
        Time spent training, pauses left out.
    done
        Epochs completed by each network (networks,).
    loss, validation
        Losses of each network in its last epoch (networks,).
    best, waited
        Best validation loss of each network, and its epochs since (networks,).
    values, best_values
        Variables of each network, and its best weights (networks, numbers). Those
        of the network at work are out of date until `Loop.state` is called.
    """

    epoch: int = 0
    step: int = 0
    total: float = 0.0
    windows: int = 0
    seconds: float = 0.0
    done: np.ndarray
    loss: np.ndarray
    validation: np.ndarray
    best: np.ndarray
    waited: np.ndarray
    values: np.ndarray
    best_values: np.ndarray

    NUMBERS: ClassVar = ("epoch", "step", "total", "windows", "seconds")
    ARRAYS: ClassVar = (
        *("done", "loss", "validation", "best", "waited", "values", "best_values"),
    )

    @classmethod
    def start(cls, recipe: Recipe) -> "Journey":
        """Stand where nothing is learned yet."""
        values, best_values = [], []
        for network in range(recipe.networks):
            recipe.restart(network)
            values.append(values_of(recipe.variables))
            best_values.append(values_of(recipe.forecasters))
        return cls(
            done=np.zeros(recipe.networks, np.int64),
            loss=np.zeros(recipe.networks),
            validation=np.zeros(recipe.networks),
            best=np.full(recipe.networks, math.inf),
            waited=np.zeros(recipe.networks, np.int64),
            values=np.stack(values),
            best_values=np.stack(best_values),
        )

    @classmethod
    def restore(cls, state: State) -> "Journey":
        """Stand where a checkpoint was made."""
        numbers = {name: state[name].item() for name in cls.NUMBERS}
        arrays = {name: state[name].copy() for name in cls.ARRAYS}
        return cls(**{**numbers, **arrays})


def train(config: Config, series: PriceSeries, resume: State | None = None) -> Training:
    """Train the recipe of `config`; see `core.task.Training`."""
    keras.backend.clear_session(free_memory=False)  # the worker does that
    recipe = RECIPES[config.recipe](config, series)
    journey = Journey.restore(resume) if resume else Journey.start(recipe)
    return _Loop(recipe, config.epochs, journey).run()


class _Loop:
    """A recipe on its journey."""

    def __init__(self, recipe: Recipe, epochs: int, journey: Journey) -> None:
        self.recipe, self.epochs, self.journey = recipe, epochs, journey
        self.inside: int | None = None  # the network whose values are in the variables

    def run(self) -> Training:
        """Work, and pause after each piece of it; pauses do not count as time."""
        work, stop = self._work(), None
        while True:
            started = time.perf_counter()
            try:
                metrics = work.send(stop)
            except StopIteration as end:
                result: Result = end.value
                return replace(result, seconds=self.journey.seconds)
            self.journey.seconds += time.perf_counter() - started
            stop = yield self._pause(metrics)

    def _work(self) -> Pauses[Result]:
        """Train, forecast and judge; yield metrics after an epoch, else nothing."""
        journey = self.journey
        stop = yield {}
        while not stop and journey.epoch < self.epochs and self._due():
            self._advance(self._due()[0])
            stop = yield {} if self._due() else self._end_epoch()
        weights = self._chosen()
        forecasts = []
        for network, values in enumerate(weights):
            parts = []
            self.recipe.enter(network)
            write_values(self.recipe.forecasters, values)
            for part in self.recipe.forecast():
                parts.append(part)
                yield {}
            forecasts.append(np.concatenate(parts))
        trained = Trained(
            weights=weights,
            forecasts=forecasts,
            epochs=journey.epoch,
        )
        return (yield from self.recipe.conclude(trained))

    def _pause(self, metrics: dict[str, float]) -> Progress:
        journey = self.journey
        due, done = len(self._due()), int((journey.done > journey.epoch).sum())
        here = journey.step / self.recipe.steps if journey.step else 0.0
        return Progress(
            epoch=journey.epoch,
            total=self.epochs,
            fraction=(done + here) / (done + due) if due else 0.0,
            metrics=metrics,
            state=self._state,
        )

    def _due(self) -> list[int]:
        """Return the networks that still have to do the next epoch."""
        journey = self.journey
        due = journey.done == journey.epoch
        if self.recipe.patience is not None:
            due &= journey.waited < self.recipe.patience
        return list(map(int, np.flatnonzero(due)))

    def _enter(self, network: int) -> None:
        """Put a network into the variables, and the one that is there away."""
        if network == self.inside:
            return
        self._put_away()
        self.recipe.enter(network)
        write_values(self.recipe.variables, self.journey.values[network])
        self.inside = network

    def _put_away(self) -> None:
        if self.inside is not None:
            self.journey.values[self.inside] = values_of(self.recipe.variables)

    def _advance(self, network: int) -> None:
        """Do one step of a network, and judge it after the last one of its epoch."""
        journey = self.journey
        self._enter(network)
        loss, windows = self.recipe.step(journey.epoch, journey.step)
        _check_finite(loss, journey.epoch)
        journey.total += loss * windows
        journey.windows += windows
        journey.step += 1
        if journey.step < self.recipe.steps:
            return
        validation = self.recipe.validate()
        _check_finite(validation, journey.epoch)
        journey.loss[network] = journey.total / journey.windows
        journey.validation[network] = validation
        journey.waited[network] += 1
        if validation < journey.best[network]:
            journey.waited[network] = 0
            journey.best[network] = validation
            journey.best_values[network] = values_of(self.recipe.forecasters)
        journey.done[network] += 1
        journey.step, journey.total, journey.windows = 0, 0.0, 0

    def _end_epoch(self) -> dict[str, float]:
        """Count the epoch; return its losses, the mean over the networks.

        One that rests counts with the losses of its last epoch.
        """
        self.journey.epoch += 1
        return {
            "loss": float(self.journey.loss.mean()),
            "val_loss": float(self.journey.validation.mean()),
        }

    def _chosen(self) -> list[np.ndarray]:
        """Take the journey's values out; return the weights to forecast with."""
        self._put_away()
        self.inside = None
        if self.recipe.patience is not None:
            return list(self.journey.best_values)
        size = self.journey.best_values.shape[1]
        return list(self.journey.values[:, :size])  # the forecasters come first

    def _state(self) -> State:
        self._put_away()
        return {
            name: np.array(getattr(self.journey, name))
            for name in (*Journey.NUMBERS, *Journey.ARRAYS)
        }


def _check_finite(loss: float, epoch: int) -> None:
    if not math.isfinite(loss):
        raise UserError(
            f"Expected a loss that is a number, got {loss} in epoch {epoch + 1}: the "
            "steps were too large. Train again with a smaller learning rate."
        )
