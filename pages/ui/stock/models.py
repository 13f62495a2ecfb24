"""The result of the page: that of a run, or a bundled example."""

import contextlib
from dataclasses import replace
from typing import NamedTuple

from core import examples
from core.stock import Result
from core.stock.data.series import same_prices
from core.stock.judging.reuse import warning_of_reuse
from core.stock.models import ALL, LSTM
from core.task import ConfigError
from pages.ui.cache import points_of, session_cache
from pages.ui.once import once
from pages.ui.session import platform, reader
from pages.ui.training import result_of

# In tables; the network has no name in those of its rivals.
MODEL_NAMES = {model.name: model.title for model in ALL}
MODEL_NAMES |= {"": "Network", LSTM: "Network (LSTM)"}
EXAMPLES = {"honest": "stock", "classic": "stock-classic"}


class Shown(NamedTuple):
    """A result, the points and snapshots of its training, and the run if any."""

    result: Result
    points: list
    snapshots: dict[int, bytes]
    run_id: str | None = None
    finished: float | None = None  # differs when a run is resumed and ends again


@once
def example(recipe: str = "honest") -> examples.Example:
    """A bundled training, shared by all sessions."""
    return examples.load(EXAMPLES[recipe])


@once
def sample_verdicts():
    """The verdicts of the honest recipe on each bundled series."""
    return examples.load_sample_verdicts()


def shown(run, recipe: str) -> Shown | None:
    """The run's result, or None before it; without a run the recipe's example."""
    if run is None:
        finished = example(recipe)
        return Shown(finished.result, finished.points, finished.snapshots)
    result = result_of(run)
    if result is None:
        return None
    snapshots = session_cache(
        "stock",
        "snapshots",
        (run.id, run.finished),
        lambda: platform().store.snapshots(reader(), run.id),
    )
    return Shown(result, points_of(run), snapshots, run.id, run.finished)


def with_settings(found: Shown, cost: float, forecast_days: int, series) -> Result:
    """The result with other settings that do not affect training.

    Values out of bounds are ignored; their message is beside the Train button. A
    `series` of the same prices with decided splits replaces one with undecided splits.
    """
    trained, changes = found.result, {}
    if (trained.config.cost, trained.config.forecast_days) != (cost, forecast_days):
        with contextlib.suppress(ConfigError):
            changes["config"] = replace(
                trained.config, cost=cost, forecast_days=forecast_days
            )
    waits = series is not None and trained.series.splits and not series.splits
    if waits and same_prices(trained.series, series):
        changes["series"] = series
    if not changes:
        return trained
    return session_cache(
        "stock",
        "with_settings",
        (found.run_id, found.finished, *changes, cost, forecast_days),
        lambda: replace(trained, **changes),
    )


def _own_runs() -> list:
    """The runs of this browser; none on a page that shows another owner's run."""
    me = reader()
    return platform().store.runs_of(me) if isinstance(me, str) else []


def reuse(result: Result) -> str:
    """A warning if this owner has tried many settings on the test part of a result."""
    return warning_of_reuse(
        run.settings
        for run in _own_runs()
        if run.task == "stock"
        and run.title == result.name
        and run.summary.get("rows") == result.split.rows
    )


def other_recipe(result: Result) -> str:
    """The recipe other than that of a result."""
    return "honest" if result.config.recipe == "classic" else "classic"


def counterpart(result: Result) -> Result | None:
    """The other recipe's result on the same prices, or None if it was not trained."""
    other = other_recipe(result)
    for run in _own_runs():
        if run.task != "stock" or run.title != result.name:
            continue
        if run.settings["recipe"] == other and run.summary:
            found = result_of(run)
            if found and same_prices(found.series, result.series):
                return found
    bundled = example(other).result
    return bundled if same_prices(bundled.series, result.series) else None
