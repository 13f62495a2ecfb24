"""When a task of a class is done: a figure of a run, or something done on a page."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Literal, Self

from core.registry import TASKS, get_task
from core.runs.classes.links import (
    cell_of,
    networks_of,
    station_of,
    step_of,
    task_of,
)
from core.task import Measure, Scalar, UserError

FINISHED = "run finished"  # the event that a run shows by itself
# Figures of a summary that are no measures of the task: a sentence to memorise has no
# validation part, and not every adding problem has four networks.
MORE_MEASURES = {
    "text": (Measure("loss", "Training loss, nats a character", "low", "validation"),),
    "adding": (
        Measure("gru_mse", "Squared error, GRU", "low", "test"),
        Measure("mingru_mse", "Squared error, minGRU", "low", "test"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What has to be reached: a measure on one side of a number, or an event.

    Attributes
    ----------
    measure
        Key in the summary of a finished run.
    most, least
        The number that the measure has to be below, or above: one of them.
    event
        What has to be done: `FINISHED`, "question lstm Backward", "mistake lstm",
        "station emoji", and what else the pages note.
    """

    measure: str | None = None
    most: float | None = None
    least: float | None = None
    event: str | None = None

    def __post_init__(self) -> None:
        numbers = [n for n in (self.most, self.least) if n is not None]
        if (self.measure is None) == (self.event is None) or len(numbers) != (
            self.measure is not None
        ):
            raise UserError(
                "check: expected a measure with one number, or an event. Choose again."
            )
        if not all(map(math.isfinite, numbers)):
            raise UserError("check: expected a finite number. Type another one.")

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """Write the goal as one JSON object."""
        return json.dumps({k: v for k, v in asdict(self).items() if v is not None})

    @property
    def is_of_a_run(self) -> bool:
        """Whether a run shows by itself that it is reached."""
        return self.measure is not None or self.event == FINISHED

    @property
    def sentence(self) -> str:
        """The goal in words: "squared error, LSTM: below 0.02"."""
        if self.event is not None:
            return _event_title(self.event)
        measure = _measure(self.measure)
        title = measure.title if measure else str(self.measure)
        side, number = (
            ("below", self.most) if self.least is None else ("above", self.least)
        )
        assert number is not None
        shown = f"{number * 100:g}%" if measure and measure.percent else f"{number:g}"
        return f"{title}: {side} {shown}"

    def reached(self, summary: Mapping[str, Scalar]) -> bool:
        """Whether a finished run with this summary reaches it."""
        if self.measure is None:
            return self.event == FINISHED
        value = summary.get(self.measure)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        if self.most is not None:
            return value < self.most
        return self.least is not None and value > self.least


@dataclass(frozen=True, kw_only=True)
class Possible:
    """A check that a teacher may choose for a link.

    Attributes
    ----------
    title
        What is checked, in words.
    measure
        The key of the figure, for a check that needs a number.
    better
        The side of the number on which the goal is.
    percent
        Whether the figure is a share, so that people type it in percent.
    event
        What has to be done, for one that needs no number.
    """

    title: str
    measure: str | None = None
    better: Literal["low", "high"] = "low"
    percent: bool = False
    event: str | None = None

    def goal(self, number: float | None = None) -> Goal:
        """Return the goal with this number: a share is between 0 and 1."""
        if self.measure is None:
            return Goal(event=self.event)
        if self.better == "low":
            return Goal(measure=self.measure, most=number)
        return Goal(measure=self.measure, least=number)

    def fits(self, goal: Goal) -> bool:
        """Whether a goal is one of this check."""
        return (self.measure, self.event) == (goal.measure, goal.event)


def goals_for(page: str, query: str) -> list[Possible]:
    """Return the checks that fit a link, as `parse_link` gives it."""
    return list(_possible(page, query))


def _possible(page: str, query: str) -> Iterator[Possible]:
    task, step = task_of(page, query), step_of(page, query)
    cell = cell_of(page, query)
    if task is not None:
        there = {f"{each}_mse" for each in networks_of(page, query)}
        yield Possible(title=_event_title(FINISHED), event=FINISHED)
        # On the page of a network, its own figures come first.
        own = f"{cell}_mse"
        for measure in sorted(_measures(task), key=lambda each: each.key != own):
            if task == "adding" and measure.key not in there:
                continue
            yield Possible(
                title=measure.title,
                measure=measure.key,
                better=measure.better,
                percent=measure.percent,
            )
    if step is not None:
        event = f"question {cell} {step}"
        yield Possible(title=_event_title(event), event=event)
    if station := station_of(page, query):
        event = f"station {station}"
        yield Possible(title=_event_title(event), event=event)
    if step == "Backward":
        event = f"mistake {cell}"
        yield Possible(title=_event_title(event), event=event)


def applies(page: str, query: str, run_task: str, config: Mapping[str, object]) -> bool:
    """Whether a run is one of the task, and of the network, that a link leads to."""
    if run_task != task_of(page, query):
        return False
    return run_task != "text" or config.get("cell") == cell_of(page, query)


def _event_title(event: str) -> str:
    if event == FINISHED:
        return "A run has finished"
    if event.startswith("question "):
        return "The question of this step is answered correctly"
    if event.startswith("station "):
        return "The station is done: its check, and its question"
    return "The mistake is found"


def _measures(task: str) -> tuple[Measure, ...]:
    return get_task(task).MEASURES + MORE_MEASURES.get(task, ())


@lru_cache
def _measure(key: str | None) -> Measure | None:
    everything = (measure for task in TASKS for measure in _measures(task))
    return next((measure for measure in everything if measure.key == key), None)
