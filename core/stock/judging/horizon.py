"""The forecasts of one horizon beside the actual prices, and all their metrics."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.stock.backtest import ForecastTable
from core.stock.data.frequency import DEFAULT, Frequency
from core.stock.data.series import PriceSeries
from core.stock.distribution import (
    ForecastDistribution,
    student_t_crps,
    student_t_quantile,
)
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
    mape,
    rmse,
    winkler,
)
from core.stock.models import ALL, LSTM, SIMPLE

Interval = tuple[np.ndarray, np.ndarray]  # lower and upper ends (rows,)
INTERVALS = ("", "raw", "conformal")  # of `HorizonForecast.interval`
OF_RISK = tuple(model.name for model in ALL if model.of_risk)
OF_PRICE = tuple(model.name for model in ALL if model.of_price)
SIMPLE_NAMES = frozenset(model.name for model in SIMPLE)


@dataclass(frozen=True, kw_only=True, eq=False)
class HorizonForecast:
    """Forecasts over one horizon, and the prices that came.

    Attributes
    ----------
    horizon
        Days ahead of the forecasts.
    dates, before, actual
        The day of each forecast price (rows,), the price when the forecast was made,
        and the actual price.
    predicted
        The forecast price (rows,).
    unit
        Standard deviation of the daily log returns of the first training part: the
        unit of likelihoods and of the CRPS.
    forecasts
        Name of a model -> distributions of the log returns (rows,); empty for a
        recipe without them.
    factors
        Level in percent -> width of the conformal interval in standard deviations.
    frequency
        How far apart the rows are.
    own_intervals
        Levels whose interval is that of the distribution instead of the conformal one.
    moves_mean, moves_risk
        Whether a correction of the start's mean, and of its variance, was accepted in
        any fold. Without both the distribution is that of classical models.
    """

    horizon: int
    dates: np.ndarray
    before: np.ndarray
    actual: np.ndarray
    predicted: np.ndarray
    unit: float
    forecasts: Mapping[str, ForecastDistribution]
    factors: dict[int, np.ndarray]
    frequency: Frequency = DEFAULT
    own_intervals: tuple[int, ...] = ()
    moves_mean: bool = True
    moves_risk: bool = True

    @property
    def distribution(self) -> ForecastDistribution | None:
        """What the network forecasts (rows,), or None."""
        return self.forecasts.get(LSTM)

    @functools.cached_property
    def volatility(self) -> dict[str, ForecastDistribution]:
        """Name -> distributions of the network's rivals in the risk."""
        known = {name: each for name, each in self.forecasts.items() if each.has_scale}
        return {name: known[name] for name in OF_RISK if name in known}

    @functools.cached_property
    def prices(self) -> dict[str, np.ndarray]:
        """Name -> prices forecast by its rivals in the price, the last one first."""
        known = (name for name in OF_PRICE if name in self.forecasts)
        every = {n: self.before * np.exp(self.forecasts[n].mean) for n in known}
        return {"naive": self.before} | every

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
        for kind in INTERVALS:
            for level in self.factors:
                if (ends := self.interval(level, kind)) is not None:
                    names = (f"{end}_{level}{_suffix(kind)}" for end in ("low", "high"))
                    columns |= dict(zip(names, ends, strict=True))
        columns |= {name: each for name, each in self.prices.items() if name != "naive"}
        if self.distribution is not None:
            columns["unit"] = np.full(len(self.dates), self.unit)
            every = {"": self.distribution} | {
                f"{name}_": each
                for name, each in self.forecasts.items()
                if name != LSTM and each.has_scale
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
            values, index = np.unique(self.distribution.freedom, return_inverse=True)
            wide = [student_t_quantile(0.5 + level / 200, float(v)) for v in values]
            factor = np.asarray(wide)[index]
        else:
            factor = self.factors[level]
        reach = factor * self.distribution.deviation
        return (
            self.before * np.exp(self.distribution.mean - reach),
            self.before * np.exp(self.distribution.mean + reach),
        )

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
        errors = np.square(self.actual - self.predicted)
        return {
            name: diebold_mariano(errors, np.square(self.actual - each), self.horizon)
            for name, each in self.prices.items()
        }

    @functools.cached_property
    def predictable(self) -> dict[str, Comparison]:
        """Tests of whether models know more than the last price (Clark-West)."""
        return {
            name: clark_west(self.actual, self.before, each, self.horizon)
            for name, each in self.prices.items()
            if name != "naive"
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

    @property
    def risk_test(self) -> Comparison | None:
        """Test of the likelihoods against those of the best rival."""
        return self.risk_tests[self.best_rival] if self.best_rival else None

    @functools.cached_property
    def metrics(self) -> dict[str, Any]:
        """Every metric of this horizon by name; None where it does not apply."""
        right, majority, moved = directional_accuracy(
            self.actual, self.predicted, self.before
        )
        low, high = directional_interval(
            self.actual, self.predicted, self.before, self.horizon
        )
        risk = self.risk_test
        return {
            "horizon": self.horizon,
            "rows": len(self.actual),
            **self._price_metrics(),
            **self._risk_metrics(),
            **self._interval_metrics(),
            "directional_accuracy": right if moved else None,
            "directional_low": low,
            "directional_high": high,
            "majority_class": majority if moved else None,
            "dm_p": self.price_tests["naive"].p,
            "best_rival": self.best_rival,
            "dm_p_risk": None if risk is None else risk.p,
            "best_price_rival": self.best_price_rival,
            "dm_p_price": self.price_tests[self.best_price_rival].p,
        }

    @functools.cached_property
    def models(self) -> list[dict[str, Any]]:
        """Likelihood, error and coverage of every model, the network first.

        None where a result of an earlier version lacks them.
        """
        rows = []
        for name, each in sorted(self.forecasts.items(), key=lambda f: f[0] != LSTM):
            predicted = self.before * np.exp(each.mean)
            naive = rmse(self.actual, self.before)
            low, high = each.quantile(0.1), each.quantile(0.9)
            inside = coverage(self.log_returns, low, high) if each.has_scale else None
            if name == LSTM:
                inside = self.metrics["coverage_80"]
            rows.append(
                {
                    "model": name,
                    "horizon": self.horizon,
                    "nll": float(self.nll(each).mean()) if each.has_scale else None,
                    "rel_rmse": rmse(self.actual, predicted) / naive if naive else None,
                    "coverage_80": inside,
                }
            )
        return rows

    def rel_rmse(self, name: str) -> float:
        """Error of a rival of the price divided by that of the last price."""
        error = rmse(self.actual, self.prices[name])
        return error / rmse(self.actual, self.before)

    def _price_metrics(self) -> dict[str, float | None]:
        metrics: dict[str, float | None] = {}
        for name, forecast in (("", self.predicted), ("_naive", self.before)):
            metrics[f"rmse{name}"] = rmse(self.actual, forecast)
            metrics[f"mae{name}"] = mae(self.actual, forecast)
            metrics[f"mape{name}"] = mape(self.actual, forecast)
        others: dict[str, np.ndarray | None] = {
            "": self.predicted,
            "_best": self.prices[self.best_price_rival],
        }
        others |= {f"_{name}": self.prices.get(name) for name in OF_PRICE[1:]}
        for name, other in others.items():
            for kind, error in (("rmse", rmse), ("mae", mae)):
                naive = error(self.actual, self.before)
                metrics[f"rel_{kind}{name}"] = (
                    None
                    if other is None or naive == 0
                    else error(self.actual, other) / naive
                )
        return metrics

    def _risk_metrics(self) -> dict[str, float | None]:
        every = {"": self.distribution} | {
            f"_{name}": self.volatility.get(name) for name in OF_RISK
        }
        every["_best_rival"] = self.volatility.get(self.best_rival or "")
        scores = {}
        for name, each in every.items():
            scores[f"nll{name}"] = None if each is None else self.nll(each)
            scores[f"crps{name}"] = None if each is None else self.crps(each)
        return {
            name: None if score is None else float(score.mean())
            for name, score in scores.items()
        }

    def _interval_metrics(self) -> dict[str, float | None]:
        metrics: dict[str, float | None] = {}
        for level in (80, 95):
            for kind in INTERVALS:
                name, ends = _suffix(kind), self.interval(level, kind)
                share = width = score = None
                if ends is not None:
                    share = coverage(self.actual, *ends)
                    width = float(np.mean((ends[1] - ends[0]) / self.before))
                    score = winkler(self.actual, *ends, level / 100)
                metrics[f"coverage_{level}{name}"] = share
                metrics[f"width_{level}{name}"] = width
                metrics[f"winkler_{level}{name}"] = score
        return metrics


def _best(tests: Mapping[str, Comparison]) -> str | None:
    """Return the simple model with the smallest loss, or None without one."""
    simple = [name for name in tests if name in SIMPLE_NAMES]
    return max(simple, key=lambda name: tests[name].difference, default=None)


def _suffix(kind: str) -> str:
    return f"_{kind}" if kind else ""


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
