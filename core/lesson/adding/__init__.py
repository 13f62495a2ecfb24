"""The adding problem as a task: two or four networks, trained side by side.

All networks get the same batches in the same order, from the same seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.lesson import settings, snapshots
from core.lesson.adding.problem import (
    ALL_CELLS,
    INPUTS,
    OUTPUTS,
    baseline_error,
    batches,
    mean_squared_error,
    predictions,
    test_data,
    validation_data,
)
from core.lesson.adding.problem import Config as Config
from core.lesson.cells import CELLS, cell_of, parameter_count
from core.lesson.influence import from_far, influence, step_factor
from core.lesson.network import (
    OPTIMIZERS,
    Network,
    clip_by_global_norm,
    has_exploded,
    keep_freed_memory,
    last_value,
)
from core.lesson.settings import PAUSE_SECONDS
from core.lesson.snapshots import ROWS
from core.lesson.task import LessonTask
from core.recurrent import Array
from core.stats import short
from core.task import DataError, Measure, Scalar, State, Training
from core.training import TrainingLoop

SUMS = {cell: f"{cell} sums" for cell in CELLS}  # names of loss and norm sums
SHOWN_PREDICTIONS = 64  # number of test sequences in a snapshot
NO_DATA = b"the adding problem draws its numbers from the seed"
Networks = Mapping[str, Network]
Reach = tuple[list[int], list[float], list[float]]


@dataclass(frozen=True)
class Result:
    """The networks after training."""

    config: Config  # the settings, the seed among them
    networks: Networks  # networks by the names of their cells
    epochs: int  # complete epochs
    ended: str  # why there are fewer than planned; "" if there are not
    mse: dict[str, float]  # test error of each network

    @property
    def data(self) -> None:
        """The training data, under the name used by all tasks: none."""
        return

    def summary(self) -> dict[str, Scalar]:
        """Return the figures for a list of runs."""
        others = [cell for cell in self.config.networks if cell not in ("rnn", "lstm")]
        return {
            "lstm_mse": self.mse["lstm"],
            "rnn_mse": self.mse["rnn"],
            **{f"{cell}_mse": self.mse[cell] for cell in others},
            "mse_baseline": baseline_error(self.config),
            "length": self.config.length,
            "epochs": self.epochs,
            "ended": self.ended,
        }

    def parameters(self) -> dict[str, int]:
        """Return the number of parameters of each network."""
        return {
            cell: parameter_count(cell, INPUTS, self.config.units_of(cell), OUTPUTS)
            for cell in self.config.networks
        }

    def errors(self) -> dict[str, np.ndarray]:
        """Return each network's errors on the test sequences (sequences,)."""
        x, targets = test_data(self.config)
        return {
            cell: (predictions(network, x) - targets).astype(np.float32)
            for cell, network in self.networks.items()
        }

    def influences(self) -> dict[tuple[str, str], Array]:
        """Return each network's `influence` before and after training.

        Returns
        -------
        dict
            ("rnn", "before"), ("rnn", "after"), and so on for each network: the mean
            over four test sequences, (length,) each.
        """
        x = self._few_sequences()
        return {name: influence(net, x) for name, net in self._before_and_after()}

    def step_factors(self) -> dict[tuple[str, str], float]:
        """Return the `step_factor` of each network, by the names of `influences`."""
        x = self._few_sequences()
        return {
            (cell, when): step_factor(cell, net.forward(x).values(ROWS[cell][0]))
            for (cell, when), net in self._before_and_after()
        }

    def _few_sequences(self) -> Array:
        return test_data(self.config)[0][:, :, :4]

    def _before_and_after(self) -> list[tuple[tuple[str, str], Network]]:
        before = _untrained(self.config)
        return [
            ((cell, when), networks[cell])
            for cell in self.config.networks
            for when, networks in (("before", before), ("after", self.networks))
        ]

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        state: State = {
            "config": np.array(self.config.to_json()),
            "epochs": np.array(self.epochs),
            "ended": np.array(self.ended),
            "mse": np.array([self.mse[cell] for cell in self.config.networks]),
        }
        for cell in self.config.networks:
            state |= self.networks[cell].weights()
        return pack(state)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Decode the bytes of `encode`."""
        state = unpack(content)
        config = Config.from_json(str(state["config"]))
        networks = _untrained(config)
        for network in networks.values():
            network.restore(state)
        return cls(
            config,
            networks,
            int(state["epochs"]),
            str(state["ended"]),
            dict(zip(networks, map(float, state["mse"]), strict=True)),
        )


class Adding(LessonTask[Config, None, Result]):
    """Two or four networks learn to add two marked numbers of a sequence."""

    name = "adding"
    TITLE = "Adding problem"
    OBJECTIVE, OBJECTIVE_TITLE = "lstm_val_mse", "validation error of the LSTM"
    SEARCHABLE = settings.SEARCHABLE
    MEASURES = (
        Measure("lstm_mse", "Squared error, LSTM", "low", "test"),
        Measure("rnn_mse", "Squared error, RNN", "low", "test"),
    )
    GOALS = (
        *MEASURES,
        Measure("gru_mse", "Squared error, GRU", "low", "test"),
        Measure("mingru_mse", "Squared error, minGRU", "low", "test"),
    )

    def train(
        self,
        config: Config,
        data: None = None,  # noqa: ARG002 - part of every task's interface
        resume: State | None = None,
    ) -> Training[Result]:
        """Train the networks side by side; the seed gives the sequences.

        Metrics of each epoch, for each network: `mse` on the test data, `val_mse` on
        the validation data, `loss`, the mean squared error on the batches, and
        `gradient_norm` before clipping.
        """
        keep_freed_memory()
        networks = _untrained(config)
        optimizer = OPTIMIZERS[config.optimizer]
        loop = TrainingLoop(
            config.epochs,
            resume,
            sums=[SUMS[cell] for cell in networks],
            pause_seconds=PAUSE_SECONDS,
        )
        loop.save_and_restore(*networks.values())
        yield from loop.pause()
        for epoch in loop.epochs():
            for x, targets in loop.batches(batches(config, epoch), config.steps):
                sums = {}
                for cell, network in networks.items():
                    unrolled = network.forward(x)
                    cost = last_value(unrolled.h, targets, network.head)
                    gradients = network.gradients(unrolled, cost, config)
                    gradients, norm = clip_by_global_norm(gradients, config.clip)
                    if has_exploded(cost.loss, norm):
                        return _result(config, networks, loop.epoch, loop.exploded)
                    network.update(optimizer, gradients, config.learning_rate)
                    sums[SUMS[cell]] = cost.loss, norm
                yield from loop.end_step(sums)
            if loop.stopped:
                break
            metrics = _evaluate(config, networks, loop)
            yield from loop.end_epoch(metrics, lambda: _snapshot(config, networks))
        return _result(config, networks, loop.epoch, loop.ended)

    def encode_data(self, data: None) -> bytes:  # noqa: ARG002 - part of every task's interface
        """Write the data: none, as the sequences are generated."""
        return NO_DATA

    def decode_data(self, content: bytes) -> None:
        """Decode the bytes of `encode_data`."""
        if content != NO_DATA:
            raise DataError("The adding problem takes no data. Start it without any.")

    def headline(self, summary: Mapping[str, Scalar]) -> str:
        """Return a run's summary in a few words, for a list of runs."""
        if "lstm_mse" not in summary:
            return ""
        ended = " · exploded" if str(summary["ended"]).startswith("exploded") else ""
        errors = {
            CELLS[cell].title: f"{cell}_mse"
            for cell in ("lstm", "gru", "mingru", "rnn")
        }
        errors["constant answer"] = "mse_baseline"
        shown = [
            f"{title} {short(float(error))}"
            for title, key in errors.items()
            if (error := summary.get(key)) is not None
        ]
        return f"test error: {', '.join(shown)}{ended}"

    def example(self) -> tuple[Config, None]:
        """Return the settings and data of the page's example."""
        return Config(), None

    def goals_on(self, page: str, given: Mapping[str, str]) -> list[Measure]:
        """Return the errors of a link's networks, that of the page first."""
        preset = Config.presets.get(given.get(f"{page}_recipe_adding", ""), {})
        usual = ALL_CELLS if page == "gru" else preset.get("cells", Config().cells)
        networks = given.get(f"{page}_cells", str(usual)).split(",")
        there = {f"{network}_mse" for network in networks}
        own = f"{cell_of(page, given)}_mse"
        found = [measure for measure in self.GOALS if measure.key in there]
        return sorted(found, key=lambda measure: measure.key != own)

    def tiny(self) -> tuple[Config, None]:
        """Return the smallest settings on which training makes sense."""
        return Config(units=4, length=6, epochs=3, steps=5, batch=8), None


TASK = Adding()


def _untrained(config: Config) -> Networks:
    return {
        cell: Network.untrained(
            cell, INPUTS, OUTPUTS, config, units=config.units_of(cell)
        )
        for cell in config.networks
    }


def _evaluate(
    config: Config, networks: Networks, loop: TrainingLoop
) -> dict[str, float]:
    """Return the metrics of an epoch."""
    x, targets = test_data(config)
    validation = validation_data(config)
    metrics = {}
    for cell, network in networks.items():
        loss, norm = loop.sums[SUMS[cell]] / loop.step
        metrics[f"{cell}_mse"] = mean_squared_error(network, x, targets)
        metrics[f"{cell}_val_mse"] = mean_squared_error(network, *validation)
        metrics[f"{cell}_loss"] = float(loss)
        metrics[f"{cell}_gradient_norm"] = float(norm)
    return metrics


def initial_snapshot(config: Config, data: None = None) -> State:  # noqa: ARG001 - as in the other task
    """Return the snapshot of epoch 0: the networks before training.

    Returns
    -------
    dict
        "x" (T, 2), one test sequence, and "targets" (64,). Then, with the cell's name
        before each, such as "rnn ": "inside" (rows, units, T), gates and states while
        it reads x, rows as in `snapshots.ROWS`; "state weights" (gates, units,
        units) and "input weights" (gates, units, 2); "influence" (T,), norm of the
        gradient of the last state by lag; "answers" (64,), the predictions.
    """
    return _snapshot(config, _untrained(config))


def _snapshot(config: Config, networks: Networks) -> State:
    x, targets = test_data(config)
    snapshot: State = {
        "x": snapshots.half_precision(x[:, :, 0]),
        "targets": snapshots.half_precision(targets[:SHOWN_PREDICTIONS]),
    }
    for cell, network in networks.items():
        from_states, from_inputs = snapshots.weights(network)
        answers = predictions(network, x[:, :, :SHOWN_PREDICTIONS])
        arrays: State = {
            "inside": snapshots.activations(network, x[:, :, 0]),
            "state weights": from_states,
            "input weights": from_inputs,
            "influence": influence(network, x[:, :, :1]).astype(np.float32),
            "answers": snapshots.half_precision(answers),
        }
        snapshot |= snapshots.with_cell_name(cell, arrays)
    return snapshot


def _result(config: Config, networks: Networks, epochs: int, ended: str) -> Result:
    x, targets = test_data(config)
    mse = {cell: mean_squared_error(net, x, targets) for cell, net in networks.items()}
    return Result(config, networks, epochs, ended, mse)


def reach(cell: str, snapshots: Mapping[int, State]) -> Reach:
    """Return the reach of a network's gradient after each epoch, and its factors.

    `snapshots` are those of a run, by epoch.

    Returns
    -------
    tuple
        The epochs; the influence of the first fifth of the inputs; and the
        `step_factor`, of the units and the one sequence that a snapshot shows.
    """
    epochs = sorted(snapshots)
    return (
        epochs,
        [float(from_far(snapshots[e][f"{cell} influence"])) for e in epochs],
        [step_factor(cell, snapshots[e][f"{cell} inside"][0]) for e in epochs],
    )
