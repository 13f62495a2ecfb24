"""Whose result the page shows: a run's, or that of the examples that ship."""

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from core import examples
from core.stock import Result
from core.stock.series import same_prices
from core.task import ConfigError
from pages.ui.cache import session_cache
from pages.ui.session import owner, platform

EXAMPLES = {"honest": "stock", "seed": "stock-seed"}
RESULTS = 3  # that a session holds decoded


class Shown(NamedTuple):
    """A result to look at, the points of its training, and the run, if any."""

    result: Result
    points: list
    run_id: str | None = None
    finished: float | None = None  # a run that is resumed ends again, with another one

    @property
    def version(self) -> tuple[str | None, float | None]:
        """What tells this result from others."""
        return self.run_id, self.finished


@st.cache_resource(show_spinner=False)
def example(recipe: str = "honest") -> examples.Example:
    """A training that ships; nobody changes it, so all sessions share it."""
    return examples.load(EXAMPLES[recipe])


def result_of(run) -> Result | None:
    """The result of a run, or None while it has none; decoded once."""
    if run is None or run.active or run.closing:
        return None

    def decode() -> Result | None:
        content = platform().store.result(owner(), run.id)
        return Result.decode(content) if content else None

    return session_cache("stock", "result", (run.id, run.finished), decode, RESULTS)


def shown(run) -> Shown | None:
    """What the page shows: the run's result, the example's, or None without one."""
    if run is None:
        finished = example()
        return Shown(finished.result, finished.points)
    result = result_of(run)
    if result is None:
        return None
    return Shown(result, platform().store.points(run.id), run.id, run.finished)


def as_asked(found: Shown, cost: float, days: int) -> Result:
    """The result with other costs and days ahead, of which no training knows.

    What is out of bounds changes nothing: beside Train it is said why.
    """
    config = found.result.config
    if (config.cost, config.forecast_days) == (cost, days):
        return found.result
    try:
        asked = replace(config, cost=cost, forecast_days=days)
    except ConfigError:
        return found.result
    return session_cache(
        "stock",
        "asked",
        (found.version, cost, days),
        lambda: replace(found.result, config=asked),
    )


def other_recipe(result: Result) -> str:
    """The recipe that a result is not of."""
    return "honest" if result.config.recipe == "seed" else "seed"


def counterpart(result: Result) -> Result | None:
    """What the other recipe made of the same prices, or None if nobody tried."""
    other = other_recipe(result)
    for run in platform().store.runs_of(owner()):
        if run.task != "stock" or run.title != result.name:
            continue
        if run.settings["recipe"] == other and run.summary:
            found = result_of(run)
            if found and same_prices(found.series, result.series):
                return found
    shipped = example(other).result
    return shipped if same_prices(shipped.series, result.series) else None
