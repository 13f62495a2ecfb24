"""Metrics of the next day's forecast by calendar year, by fold and by random seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.data.frequency import weekdays
from core.stock.data.split import Fold
from core.stock.distribution import ForecastDistribution
from core.stock.judging.horizon import HorizonForecast
from core.stock.judging.metrics import coverage, rmse
from core.stock.judging.verdict import LEAST, NAMES
from core.stock.models import LSTM, NAIVE

FULL = 0.8  # share of a year's rows that makes it full
LONG_INTRADAY = 200  # days, from which rows within days are judged by month, not week


@dataclass(frozen=True, kw_only=True)
class YearMetrics:
    """How good the intervals are in a calendar year, or in a month or week."""

    # The year, or the first day of the month or week, and its rows in the test part
    year: int | str
    rows: int
    full: bool  # whether there are enough rows to judge it
    # Level in percent -> share of the rows inside the interval
    coverage: dict[int, float]
    # Level in percent -> mean width of the interval, as a share of the price
    width: dict[int, float]


def coverage_by_year(forecast: HorizonForecast, kind: str = "") -> list[YearMetrics]:
    """Judge the intervals of each year; see `HorizonForecast.interval`.

    Rows within days are judged by month, or by week where they are of a few months.
    """
    if forecast.distribution is None:
        return []
    period, per_period = judged_by(forecast)
    years = _periods(forecast.dates, period)
    intervals = {level: forecast.interval(level, kind) for level in (80, 95)}
    metrics = []
    for year in np.unique(years).tolist():
        rows = years == year
        shares, widths = {}, {}
        for level, ends in intervals.items():
            assert ends is not None
            low, high = ends
            shares[level] = coverage(forecast.actual[rows], low[rows], high[rows])
            widths[level] = float(((high - low) / forecast.before)[rows].mean())
        metrics.append(
            YearMetrics(
                year=year,
                rows=int(rows.sum()),
                full=bool(rows.sum() >= FULL * per_period),
                coverage=shares,
                width=widths,
            )
        )
    return metrics


def judged_by(forecast: HorizonForecast) -> tuple[str, float]:
    """Return which periods a forecast is judged by, and the rows in a whole one."""
    frequency, dates = forecast.frequency, forecast.dates
    if not frequency.intraday:
        return "year", frequency.per_year
    if dates[-1] - dates[0] > np.timedelta64(LONG_INTRADAY, "D"):
        return "month", frequency.per_year / 12
    return "week", frequency.per_year / 52


def _periods(dates: np.ndarray, period: str) -> np.ndarray:
    """Return the year of each date, or the first day of its month or week as text."""
    if period == "year":
        return np.asarray(dates.astype("datetime64[Y]").astype(int) + 1970)
    days = dates.astype("datetime64[D]")
    if period == "month":
        return np.asarray(days.astype("datetime64[M]").astype(str))
    return np.asarray((days - weekdays(days)).astype(str))


@dataclass(frozen=True, kw_only=True)
class FoldMetrics:
    """How good the forecast is in one fold."""

    # Its first and last day
    first: np.datetime64
    last: np.datetime64
    # Rows before it, for training and validation of its networks, and rows in it
    rows_before: int
    rows: int
    # Error of the forecast divided by that of the last price, or None if the price did
    # not move
    rel_rmse: float | None
    # Mean negative log-likelihood a day, as `ModelMetrics` has it, of the network and
    # of its best rival, or None for a recipe without distributions
    nll: float | None
    nll_rival: float | None
    # Share of the prices inside the 80% interval, or None without one
    coverage_80: float | None


def metrics_by_fold(
    forecast: HorizonForecast, folds: Sequence[Fold]
) -> list[FoldMetrics]:
    """Judge the forecast of the next day in each fold of the test part."""
    rival = forecast.volatility.get(forecast.best_rival or "")
    nll, nll_rival = (
        None if distribution is None else forecast.nll(distribution)
        for distribution in (forecast.distribution, rival)
    )
    ends = forecast.interval(80)
    metrics = []
    for fold in folds:
        part = slice(fold.test - folds[0].test, fold.end - folds[0].test)
        actual = forecast.actual[part]
        error, naive = (rmse(forecast.errors(n)[part]) for n in (LSTM, NAIVE.name))
        metrics.append(
            FoldMetrics(
                first=forecast.dates[part][0],
                last=forecast.dates[part][-1],
                rows_before=fold.test,
                rows=len(actual),
                rel_rmse=error / naive if naive else None,
                nll=None if nll is None else float(nll[part].mean()),
                nll_rival=None if nll_rival is None else float(nll_rival[part].mean()),
                coverage_80=ends and coverage(actual, ends[0][part], ends[1][part]),
            )
        )
    return metrics


@dataclass(frozen=True, kw_only=True)
class SeedMetrics:
    """How good the networks of one random seed are without averaging."""

    # Error of the next day's price divided by that of the last known price
    rel_rmse: float
    # Mean negative log-likelihood a day, as `ModelMetrics` has it, or None for a recipe
    # without distributions
    nll: float | None = None


def seeds_agree(seeds: Sequence[SeedMetrics], forecast: HorizonForecast) -> str:
    """Say how many seeds alone beat the last price, and the best model of the risk.

    As in the verdict, differences below `LEAST` count as equal. `forecast` is that of
    the next day. Returns "" for fewer than two seeds.
    """
    if len(seeds) < 2:
        return ""
    price = sum(seed.rel_rmse < 1 - LEAST for seed in seeds)
    text = f"Alone, {price} of {len(seeds)} random seeds have less error than "
    text += NAIVE.phrase
    if forecast.best_rival:
        rival = forecast.models[forecast.best_rival]
        assert rival.nll is not None
        needed = rival.nll - LEAST
        risk = sum(seed.nll is not None and seed.nll < needed for seed in seeds)
        text += f", and {risk} a likelier risk than {NAMES[rival.model]}"
    return f"{text}; the verdict is of their average."


def ratio_of_errors(
    actual: np.ndarray, forecast: np.ndarray, before: np.ndarray
) -> float:
    """Error of forecasts divided by that of the prices before; 1 if that is zero."""
    naive = rmse(actual / before - 1)
    return rmse((actual - forecast) / before) / naive if naive else 1.0


def seed_metrics(
    prices: np.ndarray, test: int, distribution: ForecastDistribution
) -> SeedMetrics:
    """Judge distributions of the next day's log return from row `test` - 1 on."""
    before, actual = prices[test - 1 : -1], prices[test:]
    unit = np.log(np.diff(np.log(prices[:test])).std())
    return SeedMetrics(
        rel_rmse=ratio_of_errors(actual, before * np.exp(distribution.mean), before),
        nll=float(distribution.nll(np.log(actual / before)).mean() - unit),
    )
