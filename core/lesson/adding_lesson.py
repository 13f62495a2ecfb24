"""The adding problem as the training loop sees it, and what it ends with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.lesson import pictures
from core.lesson.addition import (
    Config,
    answers,
    baseline_error,
    draw,
    exam,
    mean_squared_error,
)
from core.lesson.functions import Array
from core.lesson.fused import walk, walk_back
from core.lesson.lags import influence
from core.lesson.loop import Lessons, Mean, Networks
from core.lesson.losses import last_value
from core.lesson.network import Network
from core.lesson.settings import dice
from core.task import Scalar, State

CELLS = ("rnn", "lstm")
ANSWERS = 64  # test sequences whose answers go into each snapshot


@dataclass(frozen=True)
class AddingLesson:
    """The adding problem as the training loop sees it."""

    config: Config

    def start(self) -> dict[str, Network]:
        """Return the untrained networks."""
        return {cell: Network.start(cell, 2, 1, self.config) for cell in CELLS}

    def teach(self, networks: Networks, epoch: int, step: int) -> Lessons:
        """Return the loss and the gradients on one batch."""
        config = self.config
        rng = dice(config.seed, "batch", epoch, step)
        x, targets = draw(rng, config.length, config.batch)
        return {name: self._lesson(net, x, targets) for name, net in networks.items()}

    def _lesson(
        self, network: Network, x: Array, targets: Array
    ) -> tuple[float, dict[str, Array]]:
        trace = walk(network.cell, x, network.parameters)
        cost = last_value(trace.a[1:], targets, network.head)
        gradients = walk_back(trace, cost.da, self.config.backward == "right")
        return cost.loss, gradients | network.head_gradients(cost)

    def judge(self, networks: Networks, means: Mapping[str, Mean]) -> dict[str, float]:
        """Return the metrics of an epoch."""
        x, targets = exam(self.config)
        metrics = {}
        for name, network in networks.items():
            metrics[f"{name}_mse"] = mean_squared_error(network, x, targets)
            metrics[f"{name}_loss"] = means[name].loss
            metrics[f"{name}_gradient_norm"] = means[name].gradient_norm
        return metrics

    def look(self, networks: Networks, epochs: int) -> State:  # noqa: ARG002 - it looks the same after any
        """Take the snapshot of an epoch."""
        x, targets = exam(self.config)
        picture: State = {
            "x": pictures.half(x[:, :, 0]),
            "targets": pictures.half(targets[:ANSWERS]),
        }
        for name, network in networks.items():
            states, inputs = pictures.weights(network)
            seen: State = {
                "inside": pictures.inside(network, x[:, :, 0]),
                "state weights": states,
                "input weights": inputs,
                "influence": influence(network, x[:, :, :1]).astype(np.float32),
                "answers": pictures.half(answers(network, x[:, :, :ANSWERS])),
            }
            picture |= pictures.labelled(name, seen)
        return picture

    def finish(self, networks: Networks, epochs: int, ended: str) -> "Result":
        """Return the result."""
        x, targets = exam(self.config)
        mse = {n: mean_squared_error(net, x, targets) for n, net in networks.items()}
        return Result(self.config, dict(networks), epochs, ended, mse)


@dataclass(frozen=True)
class Result:
    """Both networks after training.

    Attributes
    ----------
    config
        The settings, the seed among them.
    networks
        By "rnn" and "lstm".
    epochs
        Whole epochs trained.
    ended
        Why there are fewer than planned; "" if there are not.
    mse
        Test error of each network.
    """

    config: Config
    networks: dict[str, Network]
    epochs: int
    ended: str
    mse: dict[str, float]

    def summary(self) -> dict[str, Scalar]:
        """Return the figures worth a line in a list of runs."""
        return {
            "lstm_mse": self.mse["lstm"],
            "rnn_mse": self.mse["rnn"],
            "mse_baseline": baseline_error(self.config),
            "length": self.config.length,
            "epochs": self.epochs,
            "ended": self.ended,
        }

    def influences(self) -> dict[str, Array]:
        """Return the gradient against lag, as `core.lesson.lags.influence` does.

        Returns
        -------
        dict
            "rnn before", "rnn after", "lstm before", "lstm after", (length,) each:
            for the weights before and after training, the mean of four sequences.
        """
        x = exam(self.config)[0][:, :, :4]
        before = AddingLesson(self.config).start()
        return {
            f"{name} {when}": influence(networks[name], x)
            for name in CELLS
            for when, networks in (("before", before), ("after", self.networks))
        }

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        state: State = {
            "config": np.array(self.config.to_json()),
            "epochs": np.array(self.epochs),
            "ended": np.array(self.ended),
            "mse": np.array([self.mse[name] for name in CELLS]),
        }
        for name in CELLS:
            state |= self.networks[name].weights_only().state(name)
        return pack(state)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote."""
        state = unpack(content)
        config = Config.from_json(str(state["config"]))
        networks = AddingLesson(config).start()
        return cls(
            config,
            {name: net.restored(name, state) for name, net in networks.items()},
            int(state["epochs"]),
            str(state["ended"]),
            dict(zip(CELLS, map(float, state["mse"]), strict=True)),
        )
