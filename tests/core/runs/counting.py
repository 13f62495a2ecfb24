"""A task small enough to check the platform by: it adds up random numbers."""

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from core import registry
from core.runs.settings import Site
from core.task import Progress, Scalar, Settings, Task, UserError, number


def dask_setup(_):
    """Add the task to the registry of a worker. Called by Dask."""
    registry.TASKS["counting"] = "tests.core.runs.counting"


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    epochs: int = number(20, (1, 100_000), "epochs", "How many numbers are added.")
    seed: int = number(1, (0, 1000), "", "Which numbers are added.")
    fail_at: int = number(0, (0, 100_000), "epochs", "Epoch that fails, 0 for none.")
    hang_at: int = number(0, (0, 100_000), "epochs", "Epoch that never ends, or 0.")
    lock_at: int = number(
        0, (0, 100_000), "epochs", "Epoch that locks the store, or 0."
    )


@dataclass(frozen=True, kw_only=True)
class Result:
    config: Config
    total: float
    epochs: int

    def summary(self) -> dict[str, Scalar]:
        return {"total": self.total, "epochs": self.epochs}

    def encode(self) -> bytes:
        return json.dumps([self.config.to_json(), self.total, self.epochs]).encode()

    @classmethod
    def decode(cls, content):
        config, total, epochs = json.loads(content)
        return cls(config=Config.from_json(config), total=total, epochs=epochs)


def lock_store_once():
    """Lock the store until this process ends; no other process does it again."""
    home = Site.from_env().home
    try:
        (home / "locked").touch(exist_ok=False)
    except FileExistsError:
        return
    with closing(sqlite3.connect(home / "runs.sqlite", timeout=60)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(3600)


class Counting(Task[Config, float, Result]):
    """It adds up random numbers."""

    name = "counting"

    def train(self, config, data, resume=None):
        resume = resume or {"total": np.array(data), "epoch": np.array(0)}
        total, epoch = float(resume["total"]), int(resume["epoch"])

        def progress(**reached):
            state = {"total": np.array(total), "epoch": np.array(epoch)}
            final = epoch == config.epochs
            place = {"epoch": epoch, "total": config.epochs, "final": final}
            return Progress(**place, **reached, state=lambda: state)

        stop = yield progress()
        while epoch < config.epochs and not stop:
            epoch += 1
            if epoch == config.fail_at:
                raise UserError("This epoch cannot be done. Choose another one.")
            total += np.random.default_rng((config.seed, epoch)).random()
            seen = {"seen": np.array([total])}
            stop = yield progress(metrics={"total": total}, snapshot=seen)
            while epoch == config.hang_at:
                yield progress()
            if epoch == config.lock_at:
                lock_store_once()
        return Result(config=config, total=total, epochs=epoch)

    def encode_data(self, data):
        return str(data).encode()

    def decode_data(self, content):
        return float(content)

    def bundled(self):
        return iter((1.0,))

    def title(self, data):
        return f"from {data}"


TASK = Counting()
