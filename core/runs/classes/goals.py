"""Goals of class tasks: a figure of a run, or an action on a page."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, Self
from urllib.parse import parse_qsl

from core.lesson.cells import cell_of
from core.registry import TASKS, get_task
from core.runs.classes.links import station_of, step_of, task_of
from core.task import Measure, Scalar, UserError

FINISHED = "run finished"  # the event that follows from a run


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A goal: a measure below or above a number, or an event."""

    measure: str | None = None  # key in the summary of a finished run
    # Upper or lower limit of the measure: one of them
    most: float | None = None
    least: float | None = None
    # `FINISHED`, "question lstm Backward", "mistake lstm", "station emoji", or another
    # event of the pages
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
        """Decode the text of `to_json`."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """Write the goal as one JSON object."""
        return json.dumps({k: v for k, v in asdict(self).items() if v is not None})

    @property
    def is_of_a_run(self) -> bool:
        """Whether it follows from a run."""
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
    """A kind of goal that a teacher may choose for a link."""

    title: str  # title in words
    measure: str | None = None  # the key of the figure, for a goal with a number
    # Whether the goal is below (low) or above (high) the number
    better: Literal["low", "high"] = "low"
    percent: bool = False  # whether the figure is a share, typed in percent
    event: str | None = None  # for a goal without a number

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
    """Return the kinds of goals for the page and query of `parse_link`."""
    return list(_possible(page, query))


def _possible(page: str, query: str) -> Iterator[Possible]:
    task, step = task_of(page, query), step_of(page, query)
    given = dict(parse_qsl(query))
    if task is not None:
        yield Possible(title=_event_title(FINISHED), event=FINISHED)
        for measure in get_task(task).goals_on(page, given):
            yield Possible(
                title=measure.title,
                measure=measure.key,
                better=measure.better,
                percent=measure.percent,
            )
    if step is not None:
        cell = cell_of(page, given)
        event = f"question {cell} {step}"
        yield Possible(title=_event_title(event), event=event)
        if step == "Backward":
            event = f"mistake {cell}"
            yield Possible(title=_event_title(event), event=event)
    if station := station_of(page, query):
        event = f"station {station}"
        yield Possible(title=_event_title(event), event=event)


def applies(page: str, query: str, run_task: str, config: Mapping[str, Scalar]) -> bool:
    """Whether a run has the task and the network of a link."""
    if run_task != task_of(page, query):
        return False
    return get_task(run_task).is_linked(config, page, dict(parse_qsl(query)))


def _event_title(event: str) -> str:
    if event == FINISHED:
        return "A run has finished"
    if event.startswith("question "):
        return "The question of this step is answered correctly"
    if event.startswith("station "):
        return "The station is done: its check, and its question"
    return "The mistake is found"


def _measure(key: str | None) -> Measure | None:
    everything = (measure for task in TASKS for measure in get_task(task).GOALS)
    return next((measure for measure in everything if measure.key == key), None)
