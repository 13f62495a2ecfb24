"""Initial ranges of a search: around the current values, within the bounds."""

import dataclasses
import typing

from core.runs.search.engine import FRESH_SEEDS
from core.runs.search.space import Dimension, Extent
from core.task import Scalar, Settings, bounds_of

FACTOR = 4.0  # up and down from the present value
EPOCHS_FACTOR = 2.0  # factor of epochs, which all trials wait for
QUARTER = 0.25  # share of the bounds, for settings that may be negative
MOST_SHARE = 0.5  # a share, such as dropout, is searched from 0 to this at least
LOG_FACTOR = 10.0  # a range of more than this is searched by its logarithm


def around(kind: type[Settings], name: str, value: Scalar) -> Dimension:
    """Return a range around a value, or all options of a choice."""
    field = next(item for item in dataclasses.fields(kind) if item.name == name)
    bounds = bounds_of(field)
    if bounds.options:
        return Dimension(name=name, options=bounds.options)
    assert isinstance(value, int | float)
    if bounds.low < 0:
        width = QUARTER * (bounds.high - bounds.low)
        low, high = value - width, value + width
    elif bounds.low == 0 and bounds.high <= 1:
        low, high = 0.0, max(MOST_SHARE, 2 * value)
    else:
        factor = EPOCHS_FACTOR if bounds.unit == "epochs" else FACTOR
        low, high = value / factor, max(1.0 if value == 0 else 0.0, value * factor)
    whole = typing.get_type_hints(kind)[name] is int
    rounded = (float(round(end) if whole else f"{end:.2g}") for end in (low, high))
    low, high = (float(min(max(end, bounds.low), bounds.high)) for end in rounded)
    return between(kind, name, low, high)


def between(
    kind: type[Settings], name: str, low: float | None, high: float | None
) -> Dimension:
    """Return the range between two numbers, on a log scale if it is wide.

    Raise a ConfigError if a number is missing or out of bounds, or `low` is not below
    `high`.
    """
    for end in (low, high):
        kind.from_dict({name: end})
    assert low is not None
    assert high is not None
    return Dimension(
        name=name,
        low=low,
        high=high,
        log=is_wide(low, high),
        whole=typing.get_type_hints(kind)[name] is int,
    ).checked(kind)


def is_wide(low: float | None, high: float | None) -> bool:
    """Whether a range is searched on a log scale."""
    return bool(low and high and 0 < low * LOG_FACTOR <= high)


def most_trainings(extent: Extent) -> int:
    """Return the largest number of trainings of a search, confirmation included."""
    return extent.trials * extent.seeds + 2 * max(FRESH_SEEDS, extent.seeds)
