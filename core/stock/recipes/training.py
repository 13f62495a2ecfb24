"""The training of both recipes: several networks, one epoch of each in turn.

So all folds and seeds have trained equally long when the training is stopped.
"""

from dataclasses import replace

import keras
import numpy as np

from core.stock.config import Config
from core.stock.data.series import PriceSeries
from core.stock.recipes.classic import ClassicRecipe
from core.stock.recipes.recipe import Recipe, values_of, write_values
from core.stock.recipes.returns import ReturnsRecipe
from core.stock.result import Result
from core.task import State, Training
from core.training import EarlyStopping, TrainingLoop

RECIPES = {"honest": ReturnsRecipe, "classic": ClassicRecipe}


def train(
    config: Config, series: PriceSeries, resume: State | None = None
) -> Training[Result]:
    """Train the recipe of `config`; see `core.task.Training`.

    Yields
    ------
    Progress
        Metrics of each epoch, means over all networks (early-stopped networks keep
        contributing their final losses): loss on the training batches, val_loss on
        rows that no step trains on. And val_best, the lowest val_loss so far of each
        network of the first fold, whose validation rows alone lie before the test
        half. In the honest recipe that of the untrained network is among them. The
        snapshot of an epoch has forecasts of rows before the test half.
    """
    keras.backend.clear_session(free_memory=False)  # the worker frees it
    loop = TrainingLoop(config.epochs, resume, sums=["total", "windows"])
    model: Recipe = RECIPES[config.recipe](config, series)
    model.compile(config.learning_rate)
    networks = Networks(model)  # one for each fold and seed; they share the model
    loop.save_and_restore(networks)
    yield from loop.pause()
    for epoch in loop.epochs(networks):
        for network in loop.in_turn(networks.due(epoch), networks.done(epoch)):
            if epoch == 0 and networks.done(0) == 1:  # all take a second
                yield from loop.pause(
                    preview=networks.metrics(),
                    snapshot=lambda: model.snapshot(networks.current_weights(0)),
                )
            networks.load(network)
            batches = model.batches(network, epoch)
            for batch in loop.batches(batches, model.steps(network)):
                loss, windows = model.train_step(batch)
                yield from loop.end_step({"total": loss * windows, "windows": windows})
            if loop.stopped:
                break
            # Keeps the weights if they are the best; stops the network when its
            # patience has run out.
            validation = model.validate(network)
            networks.end_epoch(loop.mean("total", "windows"), validation)
        if loop.stopped:
            break
        yield from loop.end_epoch(
            networks.metrics(), lambda: model.snapshot(networks.current_weights(0))
        )
    result = yield from model.result(networks.weights(), loop.pause)
    return replace(result, epochs=loop.epoch, seconds=loop.seconds()[0])


class Networks:
    """The networks of a recipe, one for each fold and seed.

    They share the variables of one model, so that its graph is traced only once: one
    network at a time is loaded into it.

    Parameters
    ----------
    model
        Its variables are overwritten.
    """

    def __init__(self, model: Recipe) -> None:
        self.model = model
        self._loaded: int | None = None
        count = model.networks
        self._done = np.zeros(count, np.int64)  # epochs of each network
        self._loss, self._validation = np.zeros(count), np.zeros(count)  # of the last
        values, self._stopping = [], []
        for network in range(count):
            fold, index = model.fold_and_seed(network)
            if fold == 0:
                model.initialise(network)
                values.append(values_of(model.variables))
            else:
                write_values(model.variables, values[index])
                values.append(values[index])
            stopping = EarlyStopping(model.patience, self._forecast_weights)
            if model.patience:  # the untrained network is its epoch 0
                stopping.loss = model.validate(network)
            self._stopping.append(stopping)
        self._values = np.stack(values)  # of all variables, (networks, numbers)

    def _forecast_weights(self) -> State:
        return {"values": values_of(self.model.forecast_weights)}

    @property
    def is_over(self) -> bool:
        """Whether every network has stopped early."""
        return all(stopping.is_over for stopping in self._stopping)

    def due(self, epoch: int) -> list[int]:
        """Return the networks that have not stopped and have not trained this epoch."""
        return [
            network
            for network, stopping in enumerate(self._stopping)
            if self._done[network] == epoch and not stopping.is_over
        ]

    def done(self, epoch: int) -> int:
        """Return how many networks have trained this epoch."""
        return int((self._done > epoch).sum())

    def load(self, network: int) -> None:
        """Load a network into the model, after saving the one before."""
        if network == self._loaded:
            return
        self._save()
        write_values(self.model.variables, self._values[network])
        self._loaded = network

    def _save(self) -> None:
        if self._loaded is not None:
            self._values[self._loaded] = values_of(self.model.variables)

    def end_epoch(self, loss: float, validation: float) -> None:
        """Complete an epoch of the loaded network; see `EarlyStopping`."""
        network = self._loaded
        assert network is not None
        self._stopping[network].update(validation)
        self._loss[network], self._validation[network] = loss, validation
        self._done[network] += 1

    def metrics(self) -> dict[str, float]:
        """Return the mean losses of the networks' last epochs, and the lowest ones."""
        first_fold, trained = self._stopping[: self.model.config.seeds], self._done > 0
        return {
            "loss": float(self._loss[trained].mean()),
            "val_loss": float(self._validation[trained].mean()),
            "val_best": float(np.mean([each.loss for each in first_fold])),
        }

    def weights(self) -> list[np.ndarray]:
        """Unload the model; return the weights that each network forecasts with."""
        self._save()
        self._loaded = None
        if self.model.patience:
            return [stopping.best["values"] for stopping in self._stopping]
        return [self.current_weights(each) for each in range(len(self._stopping))]

    def current_weights(self, network: int) -> np.ndarray:
        """Return the forecast weights of a network after its last epoch."""
        self._save()
        size = len(self._stopping[network].best["values"])
        return self._values[network, :size]  # the forecast weights come first

    def state(self) -> State:
        """Return the values of all networks, their epochs, and their early stopping."""
        self._save()
        return {
            "done": self._done.copy(),
            "loss": self._loss.copy(),
            "validation": self._validation.copy(),
            "best": np.array([stopping.loss for stopping in self._stopping]),
            "waited": np.array([stopping.waited for stopping in self._stopping]),
            "values": self._values.copy(),
            "best_values": np.stack([s.best["values"] for s in self._stopping]),
        }

    def restore(self, state: State) -> None:
        """Take back what `state` returned."""
        self._done, self._loss = state["done"].copy(), state["loss"].copy()
        self._validation = state["validation"].copy()
        self._values = state["values"].copy()
        for network, stopping in enumerate(self._stopping):
            stopping.loss = float(state["best"][network])
            stopping.waited = int(state["waited"][network])
            stopping.best = {"values": state["best_values"][network]}
