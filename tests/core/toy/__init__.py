"""A whole task, as small as one can be: it learns the mean of some numbers.

See `tests/core/test_new_task.py` for the three steps that add it.
"""

import json
from dataclasses import dataclass

import numpy as np

from core.task import Measure, Scalar, Settings, UserError, number
from core.training import TrainingLoop

MEASURES = (Measure("mean", "Mean", "high", "validation"),)
OBJECTIVE, SEARCHABLE = "loss", ()


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    epochs: int = number(20, 1, 100_000, "epochs", "How often all numbers are seen.")


@dataclass(frozen=True)
class Result:
    config: Config
    data: list[float]
    mean: float
    epochs: int

    def summary(self) -> dict[str, Scalar]:
        return {"mean": self.mean, "epochs": self.epochs}

    def encode(self) -> bytes:
        return json.dumps(
            [self.config.values, self.data, self.mean, self.epochs]
        ).encode()

    @classmethod
    def decode(cls, content):
        values, *others = json.loads(content)
        return cls(Config(**values), *others)


class Model:
    mean = np.zeros(())

    def train_step(self, x):
        error = x - self.mean
        self.mean = self.mean + 0.1 * error
        return float(error**2)

    def state(self):  # of a checkpoint
        return {"mean": self.mean}

    def restore(self, state):
        self.mean = state["mean"]


def train(config, data, resume=None):
    model, loop = Model(), TrainingLoop(config.epochs, resume, sums=["loss", "steps"])
    loop.save_and_restore(model)
    yield from loop.pause()
    for _ in loop.epochs():
        for x in loop.batches(data, len(data)):
            loss = model.train_step(x)
            yield from loop.end_step({"loss": loss, "steps": 1})
        if loop.stopped:
            break
        yield from loop.end_epoch({"loss": loop.mean("loss", "steps")})
    return Result(config, data, float(model.mean), loop.epoch)


def check(config, data):
    if not len(data):
        raise UserError("Expected some numbers, got none. Type one at least.")


def check_search(config, data):
    raise UserError("Expected numbers that are held out, got none. Train instead.")


def encode_data(data):
    return json.dumps(data).encode()


def decode_data(content):
    return json.loads(content)


def bundled():
    return iter(([1, 2, 3],))


def title(data):
    return f"{len(data)} numbers"


def headline(summary):
    return f"mean {summary['mean']:.3g}"


def example():
    return Config(), [1, 2, 3]


def tiny():
    return Config(epochs=9), [1, 2]
