"""Estimates of training time from earlier trainings of this installation."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import select

from core.runs.store.schema import trainings
from core.runs.store.store import Store
from core.task import Scalar, Settings

LATEST = 300  # trainings of a task that are used
NEAREST = 3  # number of nearest trainings in the median
# Training time grows with these powers of the settings; other settings matter little.
# Measured on the networks of the lessons, for small changes of settings.
POWERS = {
    "epochs": 1.0,
    "steps": 1.0,
    "length": 1.0,
    "window": 0.5,
    "seeds": 1.0,
    "folds": 1.0,
    "layers": 1.0,
    "units": 0.5,
    "cells": 1.0,
}
# A batch twice as large takes longer where an epoch is a number of steps, and less
# where it is a pass over the data.
BATCH_OF_STEPS, BATCH_OF_A_PASS = 0.25, -0.5
# Seconds of a training with the usual settings on two slow cores, by task and variant:
# orders of magnitude, until this installation has a training of the kind.
ROUGH = {
    "stock": {"honest": 20.0, "classic": 400.0},
    "text": {"": 20.0},
    "adding": {"": 40.0},
    "emoji": {"best": 40.0, "v2": 60.0, "small": 10.0, "v1": 5.0},
    "music": {"default": 60.0, "classic": 20.0},
}
ROUGH_OF_OTHERS = 30.0
REPETITIONS = ("seeds", "folds")  # how often one network is trained
WHOLE = 0.98  # share of the planned epochs above which a training counts as complete


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The expected time of a training that is requested now."""

    seconds: float  # time from its start to its result
    wait: float  # seconds in the queue
    # Number of past trainings used; 0 if it is rough, by the settings alone
    trainings: int
    # Numbers of other trainings
    running: int
    queued: int

    @property
    def total(self) -> float:
        """Seconds from the request to the result."""
        return self.wait + self.seconds


@dataclass(frozen=True, kw_only=True)
class Past:
    """A finished training: its settings, its data's title, and its time."""

    settings: Mapping[str, Scalar]
    title: str
    seconds: float
    share: float  # share of the planned epochs

    def seconds_with(self, settings: Mapping[str, Scalar]) -> float:
        """Return its time, scaled to other settings."""
        batch = BATCH_OF_STEPS if "steps" in settings else BATCH_OF_A_PASS
        return self.seconds * math.exp(
            sum(
                power * self._log_ratio(name, settings)
                for name, power in {**POWERS, "batch": batch}.items()
                if name in settings and name in self.settings
            )
        )

    def _log_ratio(self, name: str, settings: Mapping[str, Scalar]) -> float:
        new, old = _number(settings[name]), _number(self.settings[name])
        if name == "cells":  # a network of each, such as "rnn,lstm"
            new, old = (
                float(str(each[name]).count(",") + 1)
                for each in (settings, self.settings)
            )
        # The new training would stop early at the same epoch.
        if name == "epochs" and self.share < WHOLE:
            old *= self.share
            new = min(new, old)
        return math.log(max(new, 1e-9) / max(old, 1e-9))

    def distance(self, settings: Mapping[str, Scalar], title: str) -> float:
        """Return the distance to other settings and data; 0 for the same."""
        found = float(title != self.title)
        for name in settings.keys() - {"seed"}:
            new, old = settings[name], self.settings.get(name)
            if new == old:
                continue
            ratio = _number(new) / (_number(old) or math.inf)
            found += min(1.0, abs(math.log(ratio))) if ratio > 0 else 1.0
        return found


def _number(value: Scalar | None) -> float:
    """Return a setting as a number; 0 for text."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None else 0.0


def past_trainings(store: Store, task: str) -> list[Past]:
    """Return the latest finished trainings of a task."""
    names = ("config", "title", "seconds", "started", "finished", "starts")
    columns = [trainings.c[name] for name in (*names, "progress", "total")]
    ended = select(*columns).where(
        trainings.c.task == task,
        trainings.c.status == "done",
        trainings.c.study.is_(None),
        trainings.c.seconds > 0,
    )
    rows = store.rows(ended.order_by(trainings.c.finished.desc()).limit(LATEST))
    return [
        Past(
            settings=settings,
            title=row.title,
            # With the time of the result, which is known for trainings without a pause.
            seconds=max(row.seconds, row.finished - row.started)
            if row.starts == 1
            else row.seconds,
            share=min(1.0, row.progress / row.total) if row.total else 1.0,
        )
        for row in rows
        for settings in [json.loads(row.config)]
        # A model that is taught in seconds has other epochs than its settings.
        if row.total == settings.get("epochs", row.total)
    ]


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """The basis of estimates for one task, at one moment."""

    task: str
    past: Sequence[Past]
    running: int
    queued: int
    workers: int

    @classmethod
    def read(cls, store: Store, task: str, workers: int) -> "Estimates":
        """Read the past trainings of a task, and the queue."""
        counts = store.counts()
        return cls(
            task=task,
            past=past_trainings(store, task),
            running=counts.get("running", 0),
            queued=counts.get("queued", 0),
            workers=workers,
        )

    def of(self, config: Settings, title: str) -> Estimate:
        """Return the estimate for a training; a rough one before the first like it.

        Another recipe or model may take ten times as long, so only trainings with the
        same one are used.
        """
        settings, variant = config.values, config.variant
        past = [
            each
            for each in self.past
            if each.settings.get(variant) == settings.get(variant)
        ]
        past.sort(key=lambda each: each.distance(settings, title))
        same = [each for each in past if each.distance(settings, title) == 0]
        nearest = same or past[:NEAREST]
        seconds = median(
            each.seconds_with(settings) for each in nearest or [self._rough(config)]
        )
        turns = max(0, self.running + self.queued + 1 - self.workers) / self.workers
        usual = median(each.seconds for each in self.past) if self.past else seconds
        return Estimate(
            seconds=seconds,
            wait=turns * usual,
            trainings=len(nearest),
            running=self.running,
            queued=self.queued,
        )

    def _rough(self, config: Settings) -> Past:
        """Return a typical training of the task's variant."""
        variant = str(config.values.get(config.variant, ""))
        seconds = ROUGH.get(self.task, {}).get(variant, ROUGH_OF_OTHERS)
        return Past(settings=config.usual, title="", seconds=seconds, share=1.0)

    def smaller(
        self, config: Settings, title: str, most: float
    ) -> tuple[Settings, float] | None:
        """Return the same training with fewer repetitions, and epochs if need be.

        With its seconds, scaled from those of `config`. None if these are not less than
        half, or more than `most`.
        """
        values = config.values
        expected = self.of(config, title).seconds
        whole = Past(settings=values, title=title, seconds=expected, share=1.0)
        once = dict(values) | {name: 1 for name in REPETITIONS if name in values}
        seconds = whole.seconds_with(once)
        if seconds > most and "epochs" in once:
            epochs = int(_number(once["epochs"]) * 0.9 * most / seconds)
            once["epochs"] = max(1, epochs)
            seconds = whole.seconds_with(once)
        is_short = seconds <= min(most, whole.seconds / 2)
        return (type(config).from_dict(once), seconds) if is_short else None
