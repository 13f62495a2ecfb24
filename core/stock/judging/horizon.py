"""The forecasts of one horizon beside the actual prices, and all their metrics."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.stock.backtest import ForecastTable
from core.stock.data.frequency import DEFAULT, Frequency
from core.stock.data.series import PriceSeries
from core.stock.distribution import (
    ForecastDistribution,
    student_t_crps,
)
from core.stock.judging.conformal import LEVELS
from core.stock.judging.diebold_mariano import (
    Comparison,
    clark_west,
    diebold_mariano,
)
from core.stock.judging.metrics import (
    coverage,
    directional_accuracy,
    directional_interval,
    mae,
    rmse,
    winkler,
)
from core.stock.models import ALL, LSTM, NAIVE, SIMPLE

Interval = tuple[np.ndarray, np.ndarray]  # lower and upper ends (rows,)
KINDS = ("conformal", "raw")  # kinds of the network's intervals
OF_RISK = tuple(model.name for model in ALL if model.of_risk)
OF_PRICE = tuple(model.name for model in ALL if model.of_price)
SIMPLE_NAMES = frozenset(model.name for model in SIMPLE)


@dataclass(frozen=True, kw_only=True)
class ModelMetrics:
    """The metrics of one model at one horizon, over the test part.

    None where they do not apply: without a distribution, or if the price stood still.
    """

    # Name of the model, rows ahead, and number of forecasts
    model: str
    horizon: int
    rows: int
    # Errors of the price, in percent of the one when the forecast was made: in a series
    # that grows, high prices do not count more
    rmse_percent: float
    mae_percent: float
    # The same divided by those of the last price
    rel_rmse: float | None
    rel_mae: float | None
    # Errors in the unit of the prices
    rmse_currency: float
    mae_currency: float
    directional_accuracy: float | None  # share of the right directions
    # Means a row; see `HorizonForecast.nll` and `crps`
    nll: float | None = None
    crps: float | None = None
    # Share of the prices inside the central intervals of the distribution
    coverage_80: float | None = None
    coverage_95: float | None = None
    # Of the Diebold-Mariano tests of the network against this model: of the squared
    # errors in percent, and of the likelihoods
    p_price: float | None = None
    p_risk: float | None = None


@dataclass(frozen=True, kw_only=True)
class IntervalMetrics:
    """The metrics of one of the network's intervals at one horizon."""

    # Rows ahead, level in percent, and `conformal` or `raw`
    horizon: int
    level: int
    kind: str
    shown: bool  # whether this kind was chosen on the validation part
    # Share of the prices inside, mean width, and mean interval score, both as shares of
    # the price when the forecast was made
    coverage: float
    width: float
    winkler: float


@dataclass(frozen=True, kw_only=True)
class Direction:
    """How often the direction of the price was forecast correctly, if it moved."""

    # Share of the rows, and the 95% interval of its expectation
    share: float
    low: float
    high: float
    majority: float  # share of the more frequent direction


@dataclass(frozen=True, kw_only=True, eq=False)
class HorizonForecast:
    """Forecasts over one horizon, and the prices that came."""

    horizon: int  # days ahead of the forecasts
    # The day of each forecast price (rows,), the price when the forecast was made, and
    # the actual price
    dates: np.ndarray
    before: np.ndarray
    actual: np.ndarray
    predicted: np.ndarray  # the forecast price (rows,)
    # Standard deviation of the daily log returns of the first training part: the unit
    # of likelihoods and of the CRPS
    unit: float
    # Name of a model -> distributions of the log returns (rows,), the network's first;
    # empty for a recipe without them
    forecasts: Mapping[str, ForecastDistribution]
    # Level in percent -> width of the conformal interval in standard deviations
    factors: dict[int, np.ndarray]
    frequency: Frequency = DEFAULT  # how far apart the rows are
    # Levels whose interval is that of the distribution instead of the conformal one
    own_intervals: tuple[int, ...] = ()
    # Whether a correction of the start's mean, and of its variance, was accepted in any
    # fold. Without both the distribution is that of classical models.
    moves_mean: bool = True
    moves_risk: bool = True

    @property
    def distribution(self) -> ForecastDistribution | None:
        """What the network forecasts (rows,), or None."""
        return self.forecasts.get(LSTM)

    @functools.cached_property
    def volatility(self) -> dict[str, ForecastDistribution]:
        """Name -> distributions of the network's rivals in the risk."""
        return {n: self.forecasts[n] for n in OF_RISK if n in self.forecasts}

    @functools.cached_property
    def prices(self) -> dict[str, np.ndarray]:
        """Name -> forecast prices (rows,) of every model, the network's first."""
        every = {n: self.before * np.exp(f.mean) for n, f in self.forecasts.items()}
        return {LSTM: self.predicted, NAIVE.name: self.before} | every

    def errors(self, name: str) -> np.ndarray:
        """Errors of a model as shares of the price when the forecast was made."""
        return np.asarray((self.actual - self.prices[name]) / self.before)

    @property
    def unchanged(self) -> bool:
        """Whether the network leaves its start as it is."""
        return not (self.moves_mean or self.moves_risk)

    @property
    def log_returns(self) -> np.ndarray:
        """Actual log returns over the horizon (rows,)."""
        return np.asarray(np.log(self.actual / self.before))

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """All forecasts as columns by name, from which `metrics` can be recomputed.

        Log returns over the horizon have a mean, a deviation and a freedom (of a
        Student-t distribution with that standard deviation), those of rivals after
        their names: `garch_mean`. All else are prices, but for `unit`, which divides
        deviations where likelihoods and the CRPS are in standard units.
        """
        columns = {
            "Date": self.dates,
            "horizon": np.full(len(self.dates), self.horizon),
            "actual": self.actual,
            "predicted": self.predicted,
            "naive": self.before,
        }
        for kind in ("", "raw", "conformal"):
            for level in self.factors:
                if (ends := self.interval(level, kind)) is not None:
                    suffix = f"_{level}_{kind}" if kind else f"_{level}"
                    columns[f"low{suffix}"], columns[f"high{suffix}"] = ends
        columns |= {n: self.prices[n] for n in OF_PRICE[1:] if n in self.prices}
        if self.distribution is not None:
            columns["unit"] = np.full(len(self.dates), self.unit)
            every = {"": self.distribution} | {
                f"{name}_": each
                for name, each in self.forecasts.items()
                if name != LSTM
            }
            for name, each in every.items():
                columns[f"{name}mean"] = each.mean
                columns[f"{name}deviation"] = each.deviation
                columns[f"{name}freedom"] = each.freedom
        return columns

    def interval(self, level: int, kind: str = "") -> Interval | None:
        """Return the ends of the interval at a level in percent, or None without one.

        Parameters
        ----------
        level
            80 or 95.
        kind
            `conformal`, `raw` for that of the network's own distribution, or "" for
            the one of them that was chosen on the validation part.
        """
        if self.distribution is None:
            return None
        if kind == "raw" or (not kind and level in self.own_intervals):
            return self._raw_interval(self.distribution, level)
        factor = self.factors[level]
        reach = factor * self.distribution.deviation
        return (
            self.before * np.exp(self.distribution.mean - reach),
            self.before * np.exp(self.distribution.mean + reach),
        )

    def _raw_interval(self, each: ForecastDistribution, level: int) -> Interval:
        """Return the ends of the central interval of distributions of these rows."""
        low, high = (each.quantile(0.5 + sign * level / 200) for sign in (-1, 1))
        return self.before * np.exp(low), self.before * np.exp(high)

    def crps(self, distribution: ForecastDistribution) -> np.ndarray:
        """CRPS of distributions for these rows (rows,), in units of `unit`."""
        scores = np.empty(len(distribution))
        for freedom in np.unique(distribution.freedom):
            rows = distribution.freedom == freedom
            scores[rows] = student_t_crps(
                self.log_returns[rows],
                distribution.mean[rows],
                distribution.log_variance[rows],
                float(freedom),
            )
        return scores / self.unit

    def nll(self, distribution: ForecastDistribution) -> np.ndarray:
        """Negative log-likelihood of distributions for these rows, in that unit."""
        return np.asarray(distribution.nll(self.log_returns) - np.log(self.unit))

    @functools.cached_property
    def price_tests(self) -> dict[str, Comparison]:
        """Tests of the squared errors against those of each model of the price."""
        squares = {name: np.square(self.errors(name)) for name in self.prices}
        return {
            name: diebold_mariano(squares[LSTM], squares[name], self.horizon)
            for name in OF_PRICE
            if name in squares
        }

    @functools.cached_property
    def predictable(self) -> dict[str, Comparison]:
        """Tests of whether models know more than the last price (Clark-West)."""
        return {
            name: clark_west(self.actual, self.before, self.prices[name], self.horizon)
            for name in self.price_tests
            if name != NAIVE.name
        }

    @functools.cached_property
    def risk_tests(self) -> dict[str, Comparison]:
        """Tests of the likelihoods against those of each model of the risk."""
        if self.distribution is None:
            return {}
        network = self.nll(self.distribution)
        return {
            name: diebold_mariano(network, self.nll(each), self.horizon)
            for name, each in self.volatility.items()
        }

    @functools.cached_property
    def best_rival(self) -> str | None:
        """The simple model of the risk that is best in the test part."""
        return _best(self.risk_tests)

    @functools.cached_property
    def best_price_rival(self) -> str:
        """The simple model of the price that is best in the test part."""
        return str(_best(self.price_tests))

    @functools.cached_property
    def models(self) -> dict[str, ModelMetrics]:
        """The metrics of every model by its name, the network's first."""
        naive = self.errors(NAIVE.name)
        naive_rmse, naive_mae = rmse(naive), mae(naive)
        found = {}
        for name, predicted in self.prices.items():
            each, errors = self.forecasts.get(name), self.errors(name)
            of_risk = {} if each is None else self._risk_metrics(each)
            price, risk = self.price_tests.get(name), self.risk_tests.get(name)
            right, _, moved = directional_accuracy(self.actual, predicted, self.before)
            found[name] = ModelMetrics(
                model=name,
                horizon=self.horizon,
                rows=len(self.actual),
                rmse_percent=100 * rmse(errors),
                mae_percent=100 * mae(errors),
                rel_rmse=rmse(errors) / naive_rmse if naive_rmse else None,
                rel_mae=mae(errors) / naive_mae if naive_mae else None,
                rmse_currency=rmse(self.actual - predicted),
                mae_currency=mae(self.actual - predicted),
                directional_accuracy=right if moved else None,
                **of_risk,
                p_price=None if price is None else price.p,
                p_risk=None if risk is None else risk.p,
            )
        return found

    def _risk_metrics(self, each: ForecastDistribution) -> dict[str, float]:
        ends = {level: self._raw_interval(each, level) for level in LEVELS}
        return {
            "nll": float(self.nll(each).mean()),
            "crps": float(self.crps(each).mean()),
        } | {f"coverage_{n}": coverage(self.actual, *e) for n, e in ends.items()}

    @property
    def network(self) -> ModelMetrics:
        """The metrics of the network."""
        return self.models[LSTM]

    @functools.cached_property
    def intervals(self) -> list[IntervalMetrics]:
        """The metrics of the network's intervals; none without a distribution."""
        found = []
        for level in self.factors:
            for kind in KINDS:
                ends = self.interval(level, kind)
                assert ends is not None
                found.append(
                    IntervalMetrics(
                        horizon=self.horizon,
                        level=level,
                        kind=kind,
                        shown=(kind == "raw") == (level in self.own_intervals),
                        coverage=coverage(self.actual, *ends),
                        width=float(np.mean((ends[1] - ends[0]) / self.before)),
                        winkler=winkler(
                            self.actual / self.before,
                            ends[0] / self.before,
                            ends[1] / self.before,
                            level / 100,
                        ),
                    )
                )
        return found

    def shown(self, level: int) -> IntervalMetrics | None:
        """Return the metrics of the interval that is shown, or None without one."""
        every = (e for e in self.intervals if e.level == level and e.shown)
        return next(every, None)

    @functools.cached_property
    def direction(self) -> Direction | None:
        """How often the network's direction was right; None if the price never moved.

        See `directional_accuracy`.
        """
        prices = self.actual, self.predicted, self.before
        share, majority, moved = directional_accuracy(*prices)
        if not moved:
            return None
        low, high = directional_interval(*prices, self.horizon)
        return Direction(share=share, low=low, high=high, majority=majority)


def _best(tests: Mapping[str, Comparison]) -> str | None:
    """Return the simple model with the smallest loss, or None without one."""
    simple = [name for name in tests if name in SIMPLE_NAMES]
    return max(simple, key=lambda name: tests[name].difference, default=None)


def select_horizon(
    series: PriceSeries,
    test: int,
    horizon: int,
    column: int,
    *,
    levels: np.ndarray | None,
    table: ForecastTable | None,
    factors: Mapping[int, np.ndarray],
    intervals: Mapping[int, tuple[str, ...]],
    accepted: np.ndarray | None,
) -> HorizonForecast:
    """Select one horizon from the arrays of a result, as far as prices are known.

    Parameters
    ----------
    series
        The whole series.
    test
        The first row of the test part.
    horizon, column
        Days ahead, and the index of that horizon in the arrays.
    levels, table, factors, intervals, accepted
        As in `core.stock.result.Result`.
    """
    prices, first = series.prices, test - 1
    rows = slice(0, len(prices) - first - horizon)
    before, predicted = prices[first:-horizon], levels
    forecasts: dict[str, ForecastDistribution] = {}
    if table is not None:
        forecasts = {
            name: each[rows].column(column) for name, each in table.forecasts.items()
        }
    if LSTM in forecasts:
        predicted = before * np.exp(forecasts[LSTM].mean)
    assert predicted is not None
    return HorizonForecast(
        horizon=horizon,
        dates=series.dates[first + horizon :],
        before=before,
        actual=prices[first + horizon :],
        predicted=predicted,
        unit=float(np.diff(np.log(prices[:test])).std()),
        forecasts=forecasts,
        factors={level: values[rows, column] for level, values in factors.items()},
        frequency=series.frequency,
        own_intervals=tuple(
            level for level, kinds in intervals.items() if kinds[column] == "own"
        ),
        moves_mean=accepted is None or bool(accepted[:, 0, column].any()),
        moves_risk=accepted is None or bool(accepted[:, 1, column].any()),
    )
