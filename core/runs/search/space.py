"""The plan of a search: settings with their ranges, trials, seeds and minutes."""

import dataclasses
import json
import math
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from core.task import AnyTask, ConfigError, Scalar, Settings, number, random_seed

MOST_DIMENSIONS = 8
FORM = "NAME=LOW:HIGH, NAME=LOW:HIGH:log or NAME=VALUE,VALUE"


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One setting that is searched: a range of numbers, or a few values."""

    name: str  # name of the setting
    # The range, and whether it is searched on a log scale; unused with `options`
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    whole: bool = False  # whether it takes whole numbers only
    options: tuple[Scalar, ...] = ()  # the values to choose from

    @classmethod
    def parse(cls, text: str, kind: type[Settings]) -> Self:
        """Parse a dimension in the syntax of the command line.

        Raise a ConfigError if the syntax is wrong, or a value is out of bounds.
        """
        name, equals, values = text.partition("=")
        known = [item.name for item in dataclasses.fields(kind)]
        if not equals or not values:
            raise ConfigError(f"space: expected {FORM}, got {text!r}.")
        if name not in known:
            raise ConfigError(
                f"{name}: no such setting. Expected one of {', '.join(known)}."
            )
        whole = typing.get_type_hints(kind)[name] is int
        if ":" not in values:
            given = tuple(read_scalar(kind, name, each) for each in values.split(","))
            return cls(name=name, options=given).checked(kind)
        low, high, *rest = values.split(":")
        if rest not in ([], ["log"]):
            raise ConfigError(f"{name}: expected {FORM}, got {text!r}.")
        return cls(
            name=name,
            low=_number(name, low),
            high=_number(name, high),
            log=bool(rest),
            whole=whole,
        ).checked(kind)

    def checked(self, kind: type[Settings]) -> Self:
        """Return it if its values are valid for a Config, else raise a ConfigError."""
        for value in self.ends:
            kind.from_dict({self.name: value})
        if self.options:
            if len(set(self.options)) < max(2, len(self.options)):
                raise ConfigError(
                    f"{self.name}: expected two or more different values, got "
                    f"{self.values}."
                )
        elif not self.low < self.high:
            raise ConfigError(
                f"{self.name}: expected a range from a lower to a higher number, got "
                f"{self.values}."
            )
        elif self.log and self.low <= 0:
            raise ConfigError(
                f"{self.name}: expected a logarithmic range of numbers above 0, got "
                f"{self.values}. Leave out :log or raise the lower end."
            )
        return self

    @property
    def ends(self) -> tuple[Scalar, ...]:
        """Both ends of a range, or all options."""
        return self.options or (self.low, self.high)

    @property
    def values(self) -> str:
        """The range or the options in the syntax of the command line."""
        if self.options:
            return ",".join(map(str, self.options))
        return f"{self.low:g}:{self.high:g}" + (":log" if self.log else "")

    def contains(self, value: Scalar) -> bool:
        """Whether a value is in the range or one of the options."""
        if self.options:
            return value in self.options
        return isinstance(value, int | float) and self.low <= value <= self.high


@dataclass(frozen=True, kw_only=True)
class Extent(Settings):
    """The size of a search."""

    trials: int = number(
        12,
        (2, 100),
        "trials",
        "Number of settings to try, the default included: more trials find better "
        "settings and take longer.",
    )
    seeds: int = number(
        2,
        (1, 8),
        "runs",
        "Runs of each trial with different random seeds: trials are compared by the "
        "mean, which reduces the effect of lucky seeds.",
    )
    minutes: float = number(
        30,
        (1, 600),
        "minutes",
        "Time limit of the trials; the best settings so far are then confirmed.",
    )
    seed: int = random_seed(
        "Random seed of the search: the same seed repeats the same trials."
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Space and extent of a search."""

    space: tuple[Dimension, ...]
    extent: Extent = field(default_factory=Extent)

    def check(self, task: AnyTask, config: Settings, data: object) -> None:
        """Raise a UserError if these settings cannot be searched on these data."""
        task.check_search(config, data)
        names = [dimension.name for dimension in self.space]
        if not 1 <= len(names) <= MOST_DIMENSIONS or len(set(names)) < len(names):
            raise ConfigError(
                f"space: expected 1 to {MOST_DIMENSIONS} different settings, got "
                f"{', '.join(names) or 'none'}."
            )
        for dimension in self.space:
            if dimension.name not in task.SEARCHABLE:
                raise ConfigError(
                    f"{dimension.name}: expected a setting that can be compared by the "
                    f"validation alone, one of {', '.join(task.SEARCHABLE)}."
                )
            dimension.checked(task.Config)
        for changes in self._corners():
            task.check(task.Config.from_dict({**config.values, **changes}), data)

    def _corners(self) -> Iterator[dict[str, Scalar]]:
        """Yield the ends of the space: all low, all high, and each option with both."""
        for end in (0, -1):
            changes = {each.name: each.ends[end] for each in self.space}
            yield changes
            for dimension in self.space:
                for option in dimension.options:
                    yield {**changes, dimension.name: option}

    def to_json(self) -> str:
        """Write it as one JSON object."""
        space = [dataclasses.asdict(dimension) for dimension in self.space]
        return json.dumps({"space": space, "extent": self.extent.values})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Decode the text of `to_json`."""
        plan: dict[str, Any] = json.loads(text)
        space = (
            Dimension(**{**each, "options": tuple(each["options"])})
            for each in plan["space"]
        )
        return cls(space=tuple(space), extent=Extent.from_dict(plan["extent"]))


def parse_space(texts: Sequence[str], kind: type[Settings]) -> tuple[Dimension, ...]:
    """Parse a space in the syntax of the command line, one text a setting."""
    return tuple(Dimension.parse(text, kind) for text in texts)


def read_scalar(kind: type[Settings], name: str, text: str) -> Scalar:
    """Return a value in the type of its setting."""
    wanted = typing.get_type_hints(kind).get(name)
    if wanted is str:
        return text
    value = _number(name, text)
    return int(value) if wanted is int and value.is_integer() else value


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ConfigError(f"{name}: expected a number, got {text!r}.")
    return value
