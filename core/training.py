"""The pausable training loop of all tasks.

The `train` of each task is a plain loop over epochs and batches. This module supplies
the remaining epochs and batches, and pauses after each of them. A pause yields a
Progress, whose `state` is a checkpoint: resumed from it, `train` gives the numbers of
an uninterrupted training.
"""

import itertools
import math
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

import numpy as np

from core.task import Progress, State, UserError

Answer = TypeVar("Answer")
Batch = TypeVar("Batch")
Numbers = float | tuple[float, ...]

# A generator that pauses. Sending True requests an early end.
Pauses = Generator[Progress, bool | None, Answer]
Pause = Callable[[], Pauses[None]]  # TrainingLoop.pause, for work outside the loop


def finish(work: Pauses[Answer]) -> Answer:
    """Run a generator to its end, and return its value."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            answer: Answer = end.value
            return answer


def no_pause() -> Pauses[None]:
    """Do not pause: in place of `TrainingLoop.pause`."""
    yield from ()


def has_snapshot(epoch: int, epochs: int, most: int) -> bool:
    """Tell whether a snapshot is taken after an epoch: the first, and some `most`."""
    return epoch % -(-epochs // most) == 0 or epoch == 1


class Stateful(Protocol):
    """A part of a training that is saved in checkpoints."""

    def state(self) -> State:
        """Return arrays by name, which do not change later."""

    def restore(self, state: State) -> None:
        """Restore the part from a state that includes other parts."""


class Variable(Protocol):
    """A variable of TensorFlow or Keras."""

    def numpy(self) -> np.ndarray:
        """Return its value."""

    def assign(self, value: np.ndarray) -> object:
        """Set its value."""


class Variables:
    """Variables as a part of checkpoints, named by their position."""

    def __init__(self, variables: Iterable[Variable]) -> None:
        self.variables = list(variables)

    def state(self) -> State:
        """Return the value of each variable."""
        return {f"variable/{n}": v.numpy() for n, v in enumerate(self.variables)}

    def restore(self, state: State) -> None:
        """Set the value of each variable."""
        for number, variable in enumerate(self.variables):
            variable.assign(state[f"variable/{number}"])


class EarlyStopping:
    """Early stopping: keeps the best weights.

    Parameters
    ----------
    patience
        Epochs without a better validation loss after which training ends. With 0
        it never ends early, and the last weights are used in place of the best.
    weights
        Returns copies of the current weights by name.

    Attributes
    ----------
    best
        The weights of the best epoch; the initial ones before the first epoch.
    loss, waited
        The best validation loss, infinite before the first epoch, and the number of
        epochs since.
    """

    def __init__(self, patience: int, weights: Callable[[], State]) -> None:
        self.patience, self._weights = patience, weights
        self.loss, self.waited = math.inf, 0
        self.best = weights()

    def update(self, loss: float) -> None:
        """Compare the validation loss of an epoch with the best one."""
        self.waited += 1
        if loss < self.loss:
            self.loss, self.waited = loss, 0
            self.best = self._weights()

    @property
    def is_over(self) -> bool:
        """Whether patience has run out."""
        return 0 < self.patience <= self.waited

    def weights(self) -> State:
        """Return the weights to use after training, by name."""
        use_best = self.patience and self.loss < math.inf
        return self.best if use_best else self._weights()

    def state(self) -> State:
        """Return the best weights, with their loss and age."""
        weights = {f"best/{name}": value for name, value in self.best.items()}
        return {"best": np.array(self.loss), "waited": np.array(self.waited), **weights}

    def restore(self, state: State) -> None:
        """Restore a state."""
        self.loss, self.waited = float(state["best"]), int(state["waited"])
        self.best = {name: state[f"best/{name}"] for name in self.best}


class _CanBeOver(Protocol):
    @property
    def is_over(self) -> bool:
        """Whether training ends before all epochs are done."""


class TrainingLoop:
    """The position in a training, and its pauses.

    Parameters
    ----------
    epochs
        Number of planned epochs.
    resume
        The state of an earlier pause to resume from, or None.
    sums
        Names of the figures that `end_step` adds up over an epoch.
    pause_seconds
        Shortest time between two pauses within an epoch, in seconds: 0 pauses after
        every step, which is slow with steps below a millisecond.

    Attributes
    ----------
    epoch, step
        Epochs completed, and steps completed in the next one.
    fraction
        Part of the next epoch that is done, 0 to 1.
    sums
        Sums over the steps of the next epoch so far, by name.
    train_loss
        The metric "loss" of the last completed epoch, NaN before.
    stopped
        Whether an early end was requested. `epochs` and `batches` then end.
    """

    def __init__(
        self,
        epochs: int,
        resume: State | None = None,
        *,
        sums: Sequence[str] = (),
        pause_seconds: float = 0.0,
    ) -> None:
        self._since = _clocks()
        self.total, self._resume, self._pause_seconds = epochs, resume, pause_seconds
        self.epoch, self.step, self.fraction = 0, 0, 0.0
        self.sums: dict[str, np.ndarray] = {name: np.zeros(()) for name in sums}
        self.train_loss = math.nan
        self._seconds, self._cpu_seconds = 0.0, 0.0
        self.stopped = False
        self._turn, self._turns, self._steps = 0, 1, 1
        self._early_stopping: _CanBeOver | None = None
        self._paused = time.perf_counter()
        self._parts: tuple[Stateful, ...] = ()
        if resume is not None:
            self._restore(resume)

    def save_and_restore(self, *parts: Stateful) -> None:
        """Add parts to the checkpoints, and restore them from the resumed one."""
        self._parts = parts
        if self._resume is not None:
            for part in parts:
                part.restore(self._resume)
        self._resume = None

    def epochs(self, early_stopping: _CanBeOver | None = None) -> Iterator[int]:
        """Iterate over the remaining epochs, counted from 0.

        The body of this loop calls `end_epoch`, or breaks if `stopped`.
        """
        self._early_stopping = early_stopping
        while not (self._is_over or self.stopped):
            yield self.epoch

    def in_turn(self, networks: Sequence[int], done: int = 0) -> Iterator[int]:
        """Iterate over networks that are trained one after the other in each epoch.

        `networks` have not completed this epoch, `done` is the number of those that
        have.
        """
        self._turns = done + len(networks)
        for self._turn, network in enumerate(networks, start=done):
            yield network
            self._begin_steps()
        self._turn, self._turns = 0, 1

    def batches(self, batches: Iterable[Batch], steps: int) -> Iterator[Batch]:
        """Iterate over the remaining batches of an epoch.

        Of all `steps` batches, those before a resumed pause are skipped.
        """
        self._steps = steps
        for batch in itertools.islice(batches, self.step, None):
            yield batch
            if self.stopped:
                return

    def end_step(self, sums: Mapping[str, Numbers]) -> Pauses[None]:
        """Add up figures of a step by name, which must be finite, and pause."""
        for name, value in sums.items():
            self._check_finite(value)
            self.sums[name] = np.asarray(self.sums[name] + value)
        self.step += 1
        self.fraction = (self._turn + self.step / self._steps) / self._turns
        if time.perf_counter() - self._paused >= self._pause_seconds:
            yield from self.pause()

    def mean(self, total: str, count: str) -> float:
        """Return one sum over the steps of this epoch divided by another."""
        return float(self.sums[total] / self.sums[count])

    def end_epoch(
        self,
        metrics: Mapping[str, float],
        snapshot: Callable[[], State] | None = None,
    ) -> Pauses[None]:
        """Complete an epoch, and pause.

        The metrics must be finite. The time of taking the snapshot does not count as
        training.
        """
        for value in metrics.values():
            self._check_finite(value)
        self.epoch += 1
        self.fraction = 0.0
        self.train_loss = metrics.get("loss", math.nan)
        self._begin_steps()
        yield from self.pause(metrics, snapshot)

    def pause(
        self,
        metrics: Mapping[str, float] | None = None,
        snapshot: Callable[[], State] | None = None,
        preview: Mapping[str, float] | None = None,
    ) -> Pauses[None]:
        """Yield the progress; store a request for an early end."""
        self.seconds()
        asked_to_stop = yield Progress(
            epoch=self.epoch,
            total=self.total,
            fraction=self.fraction,
            metrics=metrics or {},
            preview=preview or {},
            snapshot=snapshot() if snapshot else None,
            state=self.state,
            final=self._is_over,
        )
        self.stopped = self.stopped or bool(asked_to_stop)
        self._since = _clocks()
        self._paused = time.perf_counter()

    @property
    def _is_over(self) -> bool:
        early = self._early_stopping
        return self.epoch >= self.total or (early is not None and early.is_over)

    def seconds(self) -> tuple[float, float]:
        """Return seconds and processor seconds of training, without pauses."""
        before, self._since = self._since, _clocks()
        self._seconds += self._since[0] - before[0]
        self._cpu_seconds += self._since[1] - before[1]
        return self._seconds, self._cpu_seconds

    @property
    def ended(self) -> str:
        """The reason for fewer epochs than planned, or ""."""
        return f"stopped in epoch {self.epoch + 1}" if self.epoch < self.total else ""

    @property
    def exploded(self) -> str:
        """The reason for the end after too large a loss or gradient."""
        return (
            f"exploded in epoch {self.epoch + 1} at step {self.step + 1}; a smaller "
            "learning rate or clipping prevents it"
        )

    def state(self) -> State:
        """Return the contents of a checkpoint."""
        numbers = {
            "epoch": self.epoch,
            "step": self.step,
            "fraction": self.fraction,
            "train": self.train_loss,
            "seconds": self._seconds,
            "cpu_seconds": self._cpu_seconds,
        }
        state = {name: np.array(number) for name, number in numbers.items()} | self.sums
        for part in self._parts:
            state |= part.state()
        return state

    def _restore(self, state: State) -> None:
        """Restore a state.

        `sums` may not get further names: their sums over the first part of an epoch
        would be lost.
        """
        self.epoch, self.step = int(state["epoch"]), int(state["step"])
        self.fraction = float(state["fraction"])
        self.train_loss = float(state["train"])
        self._seconds = float(state["seconds"])
        self._cpu_seconds = float(state["cpu_seconds"])
        self.sums = {name: state[name] for name in self.sums}

    def _begin_steps(self) -> None:
        self.step = 0
        self.sums = {name: np.zeros(()) for name in self.sums}

    def _check_finite(self, value: Numbers) -> None:
        if not np.isfinite(value).all():
            raise UserError(
                f"Expected a loss that is a number, got {value} in epoch "
                f"{self.epoch + 1}: the steps were too large. Train again with a "
                "smaller learning rate."
            )


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()
