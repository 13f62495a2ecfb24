"""A task as short as it can be."""

import json
from dataclasses import dataclass

import numpy as np

from core.task import Measure, Scalar, Settings, Task, UserError, number
from core.training import TrainingLoop


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    epochs: int = number(20, (1, 100_000), "epochs", "How often all numbers are seen.")
    rate: float = number(0.1, (0, 1), "", "How far a number moves the mean.")
    seed: int = number(0, (0, 1000), "", "Where the mean begins.")


@dataclass(frozen=True)
class Result:
    config: Config
    data: list[float]
    mean: float
    epochs: int

    def summary(self) -> dict[str, Scalar]:
        error = abs(self.mean - np.mean(self.data))
        return {"error": error, "mean": self.mean, "epochs": self.epochs}

    def encode(self) -> bytes:
        return json.dumps([self.config.values, *list(vars(self).values())[1:]]).encode()

    @classmethod
    def decode(cls, content):
        values, *others = json.loads(content)
        return cls(Config(**values), *others)


class Model:
    def __init__(self, seed):
        self.mean = np.random.default_rng(seed).normal(size=())

    def state(self):  # of a checkpoint
        return {"mean": self.mean}

    def restore(self, state):
        self.mean = state["mean"]


class Toy(Task[Config, list[float], Result]):
    """It learns the mean of some numbers."""

    name = "toy"
    MEASURES = (Measure("error", "Error of the mean", "low", "validation"),)
    OBJECTIVE, SEARCHABLE = "loss", ("rate",)

    def train(self, config, data, resume=None):
        model = Model(config.seed)
        loop = TrainingLoop(config.epochs, resume, sums=["loss", "steps"])
        loop.save_and_restore(model)
        yield from loop.pause()
        for _ in loop.epochs():
            for x in loop.batches(data, len(data)):
                error = x - model.mean
                model.mean = model.mean + config.rate * error
                yield from loop.end_step({"loss": float(error**2), "steps": 1})
            if loop.stopped:
                break
            yield from loop.end_epoch({"loss": loop.mean("loss", "steps")})
        return Result(config, data, float(model.mean), loop.epoch)

    def check(self, config, data):
        if not len(data):
            raise UserError("Expected some numbers, got none. Type one at least.")

    def example(self):
        return Config(), [1, 2, 3]


TASK = Toy()
