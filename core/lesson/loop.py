"""The training loop of the lessons: steps, epochs, pauses, and starting again."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.lesson.functions import Gradients
from core.lesson.fused import keep_memory
from core.lesson.network import Network
from core.lesson.settings import LessonSettings
from core.task import Outcome, Progress, State, Training

PAUSE_SECONDS = 0.07  # between two looks at whether to stop
EXPLODED = 1e30  # a gradient beyond it will not come back, and soon overflows

Networks = Mapping[str, Network]
Lessons = Mapping[str, tuple[float, Gradients]]  # loss and gradients by network


@dataclass(frozen=True)
class Mean:
    """Training figures of one network, mean over the steps of an epoch."""

    loss: float
    gradient_norm: float


class Lesson(Protocol):
    """A task as the loop sees it: pure functions of the networks and the moment."""

    @property
    def config(self) -> LessonSettings:
        """The settings, the seed among them."""

    def start(self) -> dict[str, Network]:
        """Return the networks before training."""

    def teach(self, networks: Networks, epoch: int, step: int) -> Lessons:
        """Return what each network can learn from the batch of this moment."""

    def judge(self, networks: Networks, means: Mapping[str, Mean]) -> dict[str, float]:
        """Return the metrics of an epoch."""

    def look(self, networks: Networks, epochs: int) -> State:
        """Return a snapshot of the networks at work after so many epochs."""

    def finish(self, networks: Networks, epochs: int, ended: str) -> Outcome:
        """Return the result of `epochs` whole epochs; `ended` says why so few."""


@dataclass
class _Moment:
    """Where a training is: all that a checkpoint holds."""

    networks: dict[str, Network]
    sums: dict[str, np.ndarray]  # of loss and norm over the steps of this epoch
    epoch: int = 0
    step: int = 0

    def state(self) -> State:
        state: State = {"epoch": np.array(self.epoch), "step": np.array(self.step)}
        for name, network in self.networks.items():
            state |= {f"{name} sums": self.sums[name].copy(), **network.state(name)}
        return state

    def resume(self, state: State) -> None:
        self.epoch, self.step = int(state["epoch"]), int(state["step"])
        for name, network in self.networks.items():
            self.networks[name] = network.restored(name, state)
            self.sums[name] = state[f"{name} sums"].copy()

    def take_step(self, lesson: Lesson) -> bool:
        """Teach every network one step; return whether all are still sane."""
        lessons = lesson.teach(self.networks, self.epoch, self.step)
        for name, (loss, gradients) in lessons.items():
            network, norm = self.networks[name].learn(gradients, lesson.config)
            if not max(loss, norm) < EXPLODED:  # so that NaN counts as exploded
                return False
            self.networks[name] = network
            self.sums[name] = self.sums[name] + (loss, norm)
        self.step += 1
        return True

    def end_epoch(self, lesson: Lesson) -> dict[str, float]:
        """Return the epoch's metrics and begin the next one."""
        means = {
            name: Mean(*(float(total) / self.step for total in sums))
            for name, sums in self.sums.items()
        }
        self.epoch, self.step = self.epoch + 1, 0
        self.sums = {name: np.zeros(2) for name in self.networks}
        return lesson.judge(self.networks, means)


def run(lesson: Lesson, resume: State | None) -> Training:
    """Train a lesson's networks, pausing often.

    Parameters
    ----------
    lesson
        What is learned.
    resume
        The state of an earlier pause, or None.

    Yields
    ------
    Progress
        At the end of each epoch, and within it about ten times a second.

    Returns
    -------
    Outcome
        The result; early if True was sent, or if the training exploded.
    """
    keep_memory()
    config, networks = lesson.config, lesson.start()
    now = _Moment(networks, {name: np.zeros(2) for name in networks})
    if resume is not None:
        now.resume(resume)
    pause = time.monotonic() + PAUSE_SECONDS
    while now.epoch < config.epochs:
        metrics, snapshot = {}, None
        if now.step >= config.steps:
            metrics, snapshot = (
                now.end_epoch(lesson),
                lesson.look(now.networks, now.epoch),
            )
        elif not now.take_step(lesson):
            return lesson.finish(now.networks, now.epoch, _explosion(now))
        if metrics or time.monotonic() > pause:
            if (yield _progress(now, config, metrics, snapshot)):
                break
            pause = time.monotonic() + PAUSE_SECONDS
    ended = f"stopped in epoch {now.epoch + 1}" if now.epoch < config.epochs else ""
    return lesson.finish(now.networks, now.epoch, ended)


def _progress(
    now: _Moment,
    config: LessonSettings,
    metrics: dict[str, float],
    snapshot: State | None,
) -> Progress:
    return Progress(
        epoch=now.epoch,
        total=config.epochs,
        fraction=now.step / config.steps,
        metrics=metrics,
        snapshot=snapshot,
        state=now.state,
    )


def _explosion(now: _Moment) -> str:
    return (
        f"exploded in epoch {now.epoch + 1} at step {now.step + 1}; a smaller "
        "learning rate or clipping prevents it"
    )
