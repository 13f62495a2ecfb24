"""The adding problem as a task: an RNN and an LSTM, trained side by side.

Both networks see the same batches in the same order, from the same seed.
"""

from collections.abc import Iterator, Mapping
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
from core.lesson.fused import keep_memory, walk
from core.lesson.lags import influence
from core.lesson.losses import last_value
from core.lesson.network import Network, Networks, has_exploded
from core.lesson.optimizers import OPTIMIZERS, clip_by_global_norm
from core.lesson.settings import PAUSE_SECONDS, dice
from core.recurrent import Array
from core.task import DataError, Scalar, State, Training
from core.training import TrainingLoop

__all__ = [
    "CELLS",
    "Config",
    "Result",
    "check",
    "decode_data",
    "encode_data",
    "example",
    "headline",
    "look",
    "tiny",
    "title",
    "train",
]

CELLS = ("rnn", "lstm")
SUMS = {cell: f"{cell} sums" for cell in CELLS}  # of loss and gradient norm
ANSWERS = 64  # test sequences whose answers go into each snapshot
NOTHING = b"the adding problem draws its numbers from the seed"


def train(
    config: Config,
    data: None = None,  # noqa: ARG001 - part of every task's interface
    resume: State | None = None,
) -> Training:
    """Train the RNN and the LSTM side by side.

    Parameters
    ----------
    config
        Settings of both.
    data
        None: the sequences are drawn from the seed.
    resume
        State of an earlier pause.

    Yields
    ------
    Progress
        Metrics of each epoch: rnn_mse and lstm_mse on test data, rnn_loss and
        lstm_loss, the mean squared error on the batches, rnn_gradient_norm and
        lstm_gradient_norm before clipping. Snapshots as `look` takes them.

    Returns
    -------
    Result
        Both networks; early if True was sent, or if one of them exploded.
    """
    keep_memory()
    loop = TrainingLoop(
        config.epochs, resume, sums=list(SUMS.values()), pause_seconds=PAUSE_SECONDS
    )
    networks = _untrained(config)
    optimizer = OPTIMIZERS[config.optimizer]
    loop.save_and_restore(networks)
    for epoch in loop.epochs():
        for x, targets in loop.batches(_batches(config, epoch), config.steps):
            sums = {}
            for cell, network in networks.items():
                trace = walk(cell, x, network.parameters)
                cost = last_value(trace.a[1:], targets, network.head)
                gradients = network.gradients(trace, cost, config)
                gradients, norm = clip_by_global_norm(gradients, config.clip)
                if has_exploded(cost.loss, norm):
                    return _result(config, networks, loop.epoch, loop.exploded)
                networks[cell] = network.updated(
                    optimizer, gradients, config.learning_rate
                )
                sums[SUMS[cell]] = cost.loss, norm
            yield from loop.end_step(sums)
        if loop.stopped:
            break
        yield from loop.end_epoch(
            _metrics(config, networks, loop), lambda: _snapshot(config, networks)
        )
    return _result(config, networks, loop.epoch, loop.ended)


def _untrained(config: Config) -> Networks:
    return Networks({cell: Network.start(cell, 2, 1, config) for cell in CELLS})


def _batches(config: Config, epoch: int) -> Iterator[tuple[Array, Array]]:
    """Draw the sequences of an epoch: (length, 2, batch), and their sums (batch,)."""
    for step in range(config.steps):
        rng = dice(config.seed, "batch", epoch, step)
        yield draw(rng, config.length, config.batch)


def _metrics(
    config: Config, networks: Networks, loop: TrainingLoop
) -> dict[str, float]:
    """Return the metrics of an epoch."""
    x, targets = exam(config)
    metrics = {}
    for cell, network in networks.items():
        loss, norm = loop.sums[SUMS[cell]] / loop.step
        metrics[f"{cell}_mse"] = mean_squared_error(network, x, targets)
        metrics[f"{cell}_loss"] = float(loss)
        metrics[f"{cell}_gradient_norm"] = float(norm)
    return metrics


def look(config: Config, data: None = None) -> State:  # noqa: ARG001 - part of every task's interface
    """Return the snapshot of epoch 0: both networks before training.

    Returns
    -------
    dict
        "x" (T, 2), one test sequence, and "targets" (64,). Then, with "rnn " or
        "lstm " before each name: "inside" (rows, units, T), what goes on while it
        reads x, rows as in `pictures.ROWS`; "state weights" (gates, units, units)
        and "input weights" (gates, units, 2); "influence" (T,), norm of the
        gradient of the last state by lag; "answers" (64,).
    """
    return _snapshot(config, _untrained(config))


def _snapshot(config: Config, networks: Networks) -> State:
    x, targets = exam(config)
    picture: State = {
        "x": pictures.half(x[:, :, 0]),
        "targets": pictures.half(targets[:ANSWERS]),
    }
    for cell, network in networks.items():
        states, inputs = pictures.weights(network)
        seen: State = {
            "inside": pictures.inside(network, x[:, :, 0]),
            "state weights": states,
            "input weights": inputs,
            "influence": influence(network, x[:, :, :1]).astype(np.float32),
            "answers": pictures.half(answers(network, x[:, :, :ANSWERS])),
        }
        picture |= pictures.labelled(cell, seen)
    return picture


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
    networks: Networks
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
        before = _untrained(self.config)
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
        networks = _untrained(config)
        networks.restore(state)
        return cls(
            config,
            networks,
            int(state["epochs"]),
            str(state["ended"]),
            dict(zip(CELLS, map(float, state["mse"]), strict=True)),
        )


def _result(config: Config, networks: Networks, epochs: int, ended: str) -> Result:
    x, targets = exam(config)
    mse = {n: mean_squared_error(net, x, targets) for n, net in networks.items()}
    return Result(config, networks, epochs, ended, mse)


def encode_data(data: None) -> bytes:  # noqa: ARG001 - part of every task's interface
    """Write the data: there is none."""
    return NOTHING


def decode_data(content: bytes) -> None:
    """Read what `encode_data` wrote."""
    if content != NOTHING:
        raise DataError("The adding problem takes no data. Start it without any.")


def title(data: None) -> str:  # noqa: ARG001 - part of every task's interface
    """Return a short name of the data."""
    return "Adding problem"


def check(config: Config, data: None) -> None:
    """Accept any settings: there are no data that they might not fit."""


def headline(summary: Mapping[str, Scalar]) -> str:
    """Return a run's summary in a few words, for a list of runs."""
    if "lstm_mse" not in summary:
        return ""
    ended = " · exploded" if str(summary["ended"]).startswith("exploded") else ""
    return (
        f"test error: LSTM {summary['lstm_mse']:.3g}, RNN {summary['rnn_mse']:.3g}, "
        f"constant answer {summary['mse_baseline']:.3g}{ended}"
    )


def example() -> tuple[Config, None]:
    """Return what the example on the page was trained with."""
    return Config(), None


def tiny() -> tuple[Config, None]:
    """Return the smallest settings on which training makes sense."""
    return Config(units=4, length=6, epochs=3, steps=5, batch=8), None
