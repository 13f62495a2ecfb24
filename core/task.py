"""The interface of a task, with bounded settings and progress."""

import dataclasses
import json
import math
import time
import typing
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, Protocol, Self, TypeVar

import numpy as np

Scalar = float | int | str | bool | None
State = dict[str, np.ndarray]  # named arrays: a checkpoint, or a snapshot
LONGEST = 100  # characters of a quotation in a message


class UserError(ValueError):
    """An error whose text is shown to the user."""


class ConfigError(UserError):
    """A setting is out of its bounds."""


class DataError(UserError):
    """The data are invalid."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The allowed values of a setting, and its help."""

    help: str  # the effect of the setting on the learning, in one sentence
    # Smallest and largest allowed value, for numbers
    low: float = 0
    high: float = 0
    unit: str = ""  # unit of the number
    options: tuple[str, ...] = ()  # the allowed values, for a choice

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        if self.options:
            between = "; " if any("," in each for each in self.options) else ", "
            return "one of " + between.join(self.options)
        unit = f" {self.unit}" if self.unit else ""
        return f"{_digits(self.low)} to {_digits(self.high)}{unit}"


def number(default: float, within: tuple[float, float], unit: str, help: str) -> Any:  # noqa: ANN401 - dataclasses.field is typed as its default
    """Declare a numeric setting with its default, bounds and unit."""
    low, high = within
    bounds = Bounds(help=help, low=low, high=high, unit=unit)
    return field(default=default, metadata={"bounds": bounds})


def choice(default: str, options: tuple[str, ...], help: str) -> Any:  # noqa: ANN401 - as above
    """Declare a setting that takes one of a few names; see `Bounds`."""
    bounds = Bounds(help=help, options=options)
    return field(default=default, metadata={"bounds": bounds})


def random_seed(
    help: str = "Random seed of the training: the same seed repeats the same numbers.",
    high: int = 999_999,
) -> Any:  # noqa: ANN401 - as above
    """Declare the setting of a random seed."""
    return number(0, (0, high), "", help)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Base of every task's Config: checks its bounds and travels as JSON."""

    presets: ClassVar[Mapping[str, Mapping[str, Scalar]]] = {}
    variant: ClassVar[str] = ""  # the field that chooses a network, recipe or model
    # Title of the task, and of each recipe or model
    titles: ClassVar[tuple[str, Mapping[str, str]]] = "", {}

    def __post_init__(self) -> None:
        kinds = typing.get_type_hints(type(self))
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            checked = _check(item.name, kinds[item.name], bounds_of(item), value)
            object.__setattr__(self, item.name, checked)

    @classmethod
    def preset(cls, name: str, **changes: Scalar) -> Self:
        """Return the settings of a named preset, with some of them changed."""
        if name not in cls.presets:
            raise ConfigError(
                f"preset: expected one of {', '.join(cls.presets)}, got {name!r}."
            )
        return cls.from_dict({**cls.presets[name], **changes})

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Build the settings from names and values; a ConfigError for unknown names."""
        names = {item.name for item in dataclasses.fields(cls)}
        if unknown := ", ".join(sorted(set(values) - names)):
            raise ConfigError(
                f"{unknown[:LONGEST]}: no such setting. "
                f"Expected some of {', '.join(sorted(names))}."
            )
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Decode the text of `to_json`."""
        return cls.from_dict(json.loads(text))

    @property
    def values(self) -> dict[str, Scalar]:
        """Every setting by name."""
        return dataclasses.asdict(self)

    @property
    def label(self) -> str:
        """The task and its network, recipe or model in a few words."""
        task, variants = self.titles
        return f"{task} · {variants[getattr(self, self.variant)]}" if task else ""

    @property
    def usual(self) -> dict[str, Scalar]:
        """The default settings, or the nearest preset of this variant."""
        values = self.values
        same = [
            preset
            for preset in self.presets.values()
            if self.variant and preset.get(self.variant) == values[self.variant]
        ]
        found = [self.from_dict(preset).values for preset in same or [{}]]
        return min(found, key=lambda usual: len(usual.items() - values.items()))

    @property
    def changes(self) -> dict[str, Scalar]:
        """The settings that differ from `usual`, by name, without the variant."""
        usual = self.usual
        return {
            name: value
            for name, value in self.values.items()
            if name != self.variant and value != usual[name]
        }

    def check_product(self, most: int, *names: str) -> None:
        """Raise a ConfigError if settings are too large together."""
        sizes: list[int] = [getattr(self, name) for name in names]
        if (product := math.prod(sizes)) > most:
            raise ConfigError(
                f"{' x '.join(names)}: expected at most {most:,} together, got "
                f"{' x '.join(map(str, sizes))} = {product:,}. Make one of them "
                "smaller."
            )

    def to_json(self) -> str:
        """Write every setting as one JSON object."""
        return json.dumps(self.values)


def bounds_of(item: "dataclasses.Field[Any]") -> Bounds:
    """Return the declared bounds of a field of a Config."""
    bounds = item.metadata["bounds"]
    assert isinstance(bounds, Bounds)
    return bounds


def _check(name: str, kind: type, bounds: Bounds, value: object) -> Scalar:
    """Return the value in its declared type, or raise a ConfigError."""
    if bounds.options:
        if isinstance(value, str) and value in bounds.options:
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        # Compared before float(), which may overflow.
        inside = bounds.low <= value <= bounds.high
        if inside and (kind is not int or float(value).is_integer()):
            return int(value) if kind is int else float(value)
    what = "a whole number from " if kind is int else ""
    got = _digits(value) if isinstance(value, float) else repr(value)[:LONGEST]
    if value is None:
        got = "nothing"
    raise ConfigError(f"{name}: expected {what}{bounds.allowed}, got {got}.")


def _digits(value: float) -> str:
    """Write a number of at most 15 digits without an exponent: 0.00001."""
    if abs(value) >= 1e15:
        return f"{value:g}"
    return np.format_float_positional(value, trim="-")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One step of a training, yielded at a pause."""

    # Completed and planned epochs
    epoch: int
    total: int
    # Returns the state for `resume`. Valid until the training is advanced.
    state: Callable[[], State]
    # Figures of the epoch just completed; empty within an epoch
    metrics: Mapping[str, float] = field(default_factory=dict)
    # Those of a part of the first epoch, shown until it is completed
    preview: Mapping[str, float] = field(default_factory=dict)
    fraction: float = 0.0  # completed part of the next epoch, 0 to 1
    snapshot: State | None = None  # a few small arrays for later display, or None
    final: bool = False  # whether this was the last epoch; the result follows


@dataclass(frozen=True, kw_only=True)
class Point:
    """The record of one epoch: its end, its metrics and, on request, its snapshot."""

    epoch: int
    metrics: dict[str, float]
    snapshot: bytes | None = None
    at: float = field(default_factory=time.time, compare=False)


@dataclass(frozen=True)
class Measure:
    """A figure of a result by which runs are compared."""

    key: str  # its name in `Outcome.summary()`
    title: str  # its name on pages
    better: Literal["low", "high"]  # whether low or high values are better
    # The data part: validation, for early stopping and selection, or test, for the
    # final evaluation
    part: Literal["validation", "test"]
    percent: bool = False  # whether it is a share


class Outcome(Protocol):
    """The result of a training: each task's Result."""

    @property
    def config(self) -> Any:  # noqa: ANN401 - each task has its own types
        """Its settings, with the seed."""

    @property
    def data(self) -> Any:  # noqa: ANN401
        """The training data."""

    def summary(self) -> dict[str, Scalar]:
        """Return the figures for lists of runs, with `epochs`."""

    def encode(self) -> bytes:
        """Write the whole result."""

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Decode the bytes of `encode`."""


C = TypeVar("C", bound=Settings)  # a task's Config
D = TypeVar("D")  # its data
R = TypeVar("R", bound=Outcome)  # its Result

# The first Progress comes before the first step, also of a complete checkpoint. Sending
# True to a paused training requests its result so far.
Training = Generator[Progress, bool | None, R]


class Task(Generic[C, D, R]):
    """The interface of a task; a subclass is `Prices(Task[Config, Series, Result])`.

    A subclass has at least a `name`, `train` and `example`, and `MEASURES` for
    comparisons. Its module has an instance `TASK`; `core.registry` lists the modules.
    """

    name: str  # in the registry, in addresses and in the store
    # Its settings, and the result of its training: the first and the last type of the
    # base
    Config: type[C]
    Result: type[R]
    # The metric of each epoch that a search minimises, and its name on pages
    OBJECTIVE: str = "val_loss"
    OBJECTIVE_TITLE: str = ""
    MEASURES: tuple[Measure, ...] = ()  # the measures by which its runs are compared
    # The measures that tasks of classes can check; by default `MEASURES`
    GOALS: tuple[Measure, ...] = ()
    # Settings that do not change the validation part and the objective
    SEARCHABLE: tuple[str, ...] = ()
    # Its name on pages, by default the capitalised `name`; and a sentence about it, by
    # default the first line of the docstring
    TITLE: str = ""
    ABOUT: str = ""
    # The pages of its runs; by default one, with the task's name
    PAGES: tuple[str, ...] = ()
    # The Material icon of its page, and the label of links to it
    ICON: str = "model_training"
    LINK: str = "Train it"

    def __init_subclass__(cls) -> None:
        """Take `Config` and `Result` from the types of the base."""
        kinds = typing.get_args(vars(cls).get("__orig_bases__", (None,))[0])
        if kinds and isinstance(kinds[0], type):
            cls.Config, _, cls.Result = kinds

    def __init__(self) -> None:
        self.OBJECTIVE_TITLE = self.OBJECTIVE_TITLE or self.OBJECTIVE.replace("_", " ")
        self.GOALS = self.GOALS or self.MEASURES
        self.TITLE = self.TITLE or self.name.capitalize()
        self.ABOUT = self.ABOUT or (self.__doc__ or "").partition("\n")[0]
        self.PAGES = self.PAGES or (self.name,)

    @property
    def module(self) -> str:
        """The dotted name of its module."""
        return type(self).__module__

    def train(self, config: C, data: D, resume: State | None = None) -> Training[R]:
        """Train step by step; `resume` is the state of an earlier step."""
        raise NotImplementedError

    def example(self) -> tuple[C, D]:
        """Return settings and data of the bundled example."""
        raise NotImplementedError

    def tiny(self) -> tuple[C, D]:
        """Return the smallest useful settings and data, for tests."""
        return self.example()

    def check(self, config: C, data: D) -> None:
        """Raise a UserError if these settings cannot be trained on these data."""

    def check_search(self, config: C, data: D) -> None:
        """Raise a UserError if the validation part cannot select settings."""

    def encode_data(self, data: D) -> bytes:
        """Write the data so that a worker on another machine can read it."""
        return json.dumps(data).encode()

    def decode_data(self, content: bytes) -> D:
        """Decode the bytes of `encode_data`."""
        data: D = json.loads(content)
        return data

    def bundled(self) -> Iterator[D]:
        """Load the bundled data, one after the other."""
        return iter((self.example()[1],))

    def title(self, data: D) -> str:  # noqa: ARG002
        """Return a short name of the data for a list of runs."""
        return self.TITLE

    def headline(self, summary: Mapping[str, Scalar]) -> str:
        """Return a run's summary in a few words, for a list of runs."""
        found = [(each.title, summary.get(each.key)) for each in self.MEASURES]
        return ", ".join(
            f"{title} {value:.3g}"
            for title, value in found
            if isinstance(value, int | float)
        )

    def from_file(self, file: str) -> tuple[C, D]:
        """Return the default settings for the data in a file, and the data."""
        raise ConfigError(f"FILE: expected none for {self.name}, got {file}.")

    def from_sample(self, sample: str) -> tuple[C, D]:
        """Return the default settings for bundled data, and the data."""
        raise ConfigError(f"--sample: expected none for {self.name}, got {sample}.")

    def page_of(self, settings: Mapping[str, Scalar]) -> str:  # noqa: ARG002
        """Return the page of a run with these settings."""
        return self.PAGES[0]

    def address_on(self, page: str) -> dict[str, str]:  # noqa: ARG002
        """Return the parameters that select the task on a page of several."""
        return {}

    def is_linked(
        self,
        settings: Mapping[str, Scalar],  # noqa: ARG002
        page: str,  # noqa: ARG002
        given: Mapping[str, str],  # noqa: ARG002
    ) -> bool:
        """Whether a run has the network that these parameters of a page select."""
        return True

    def goals_on(self, page: str, given: Mapping[str, str]) -> Sequence[Measure]:  # noqa: ARG002
        """Return the measures that a class can check for a link."""
        return self.GOALS


AnyTask = Task[Any, Any, Any]
