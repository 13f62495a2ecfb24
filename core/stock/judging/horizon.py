"""The forecasts of one horizon beside the actual prices, and all their metrics."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.stock.data.series import PriceSeries
from core.stock.distribution import (
    ForecastDistribution,
    student_t_crps,
    student_t_quantile,
)
from core.stock.judging.diebold_mariano import Comparison, diebold_mariano
from core.stock.judging.metrics import (
    coverage,
    directional_accuracy,
    directional_interval,
    mae,
    mape,
    rmse,
    winkler,
)
from core.stock.rivals.fitted import VOLATILITY_MODELS, Rivals
from core.stock.wording import format_p

Interval = tuple[np.ndarray, np.ndarray]  # lower and upper ends (rows,)


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
    distribution
        Of the log returns (rows,), or None.
    factors
        Level in percent -> width of the conformal interval in standard deviations.
    volatility
        Name -> distributions by the volatility models it is compared with.
    drift, linear
        The prices forecast by the mean return and by the linear model, or None.
    """

    horizon: int
    dates: np.ndarray
    before: np.ndarray
    actual: np.ndarray
    predicted: np.ndarray
    unit: float
    distribution: ForecastDistribution | None
    factors: dict[int, np.ndarray]
    volatility: dict[str, ForecastDistribution]
    drift: np.ndarray | None
    linear: np.ndarray | None

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
        for suffix, uncalibrated in (("", False), ("_raw", True)):
            for level in self.factors:
                if (ends := self.interval(level, uncalibrated)) is not None:
                    low, high = f"low_{level}{suffix}", f"high_{level}{suffix}"
                    columns |= dict(zip((low, high), ends, strict=True))
        for name, prices in (("drift", self.drift), ("linear", self.linear)):
            if prices is not None:
                columns[name] = prices
        if self.distribution is not None:
            columns["unit"] = np.full(len(self.dates), self.unit)
            every = {"": self.distribution} | {
                f"{name}_": each for name, each in self.volatility.items()
            }
            for name, each in every.items():
                columns[f"{name}mean"] = each.mean
                columns[f"{name}deviation"] = each.deviation
                columns[f"{name}freedom"] = each.freedom
        return columns

    def interval(self, level: int, uncalibrated: bool = False) -> Interval | None:
        """Return the ends of the interval at a level in percent, or None without one.

        It is the conformal interval, or, uncalibrated, that of the network's own
        distribution.
        """
        if self.distribution is None:
            return None
        if uncalibrated:
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
    def price_test(self) -> Comparison:
        """Test of the squared errors against those of the last price."""
        return diebold_mariano(
            np.square(self.actual - self.predicted),
            np.square(self.actual - self.before),
            self.horizon,
        )

    @functools.cached_property
    def risk_test(self) -> Comparison | None:
        """Test of the likelihoods against those of GARCH(1,1) with Student-t errors."""
        if self.distribution is None or "garch" not in self.volatility:
            return None
        network, garch = map(self.nll, (self.distribution, self.volatility["garch"]))
        return diebold_mariano(network, garch, self.horizon)

    @functools.cached_property
    def metrics(self) -> dict[str, float | int | None]:
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
            "dm_p": self.price_test.p,
            "dm_p_risk": None if risk is None else risk.p,
        }

    def _price_metrics(self) -> dict[str, float | None]:
        metrics: dict[str, float | None] = {}
        for name, forecast in (("", self.predicted), ("_naive", self.before)):
            metrics[f"rmse{name}"] = rmse(self.actual, forecast)
            metrics[f"mae{name}"] = mae(self.actual, forecast)
            metrics[f"mape{name}"] = mape(self.actual, forecast)
        others = {"": self.predicted, "_drift": self.drift, "_linear": self.linear}
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
            f"_{name}": self.volatility.get(name) for name in VOLATILITY_MODELS
        }
        scores: dict[str, np.ndarray | None] = {
            f"nll{name}": None if distribution is None else self.nll(distribution)
            for name, distribution in every.items()
        }
        for name, distribution in every.items():
            scores[f"crps{name}"] = (
                None if distribution is None else self.crps(distribution)
            )
        return {
            name: None if score is None else float(score.mean())
            for name, score in scores.items()
        }

    def _interval_metrics(self) -> dict[str, float | None]:
        metrics: dict[str, float | None] = {}
        for level in (80, 95):
            for name, uncalibrated in (("", False), ("_raw", True)):
                ends = self.interval(level, uncalibrated)
                share = width = score = None
                if ends is not None:
                    share = coverage(self.actual, *ends)
                    width = float(np.mean((ends[1] - ends[0]) / self.before))
                    score = winkler(self.actual, *ends, level / 100)
                metrics[f"coverage_{level}{name}"] = share
                metrics[f"width_{level}{name}"] = width
                metrics[f"winkler_{level}{name}"] = score
        return metrics

    def price_verdict(self) -> str:
        """Say whether the price is forecast better than by repeating the last one."""
        ratio, test = self.metrics["rel_rmse"], self.price_test
        if ratio is None:
            return (
                "The price did not move in the test part: there is nothing to compare."
            )
        times = f"{ratio:.4g} times its error ({format_p(test.p)})"
        if test.better:
            return f"Price: better than repeating the last known price, with {times}."
        if test.worse:
            return (
                f"Price: worse than repeating the last known price, with {times}: the "
                "forecast is of no use."
            )
        return (
            f"Price: no better and no worse than repeating the last known price, with "
            f"{times}. This is what to expect of daily prices."
        )

    def risk_verdict(self) -> str:
        """Say whether the risk is forecast better than by GARCH."""
        test = self.risk_test
        if test is None:
            return "Risk: this recipe does not forecast it."
        scores = (
            f"a negative log-likelihood of {self.metrics['nll']:.4f} against "
            f"{self.metrics['nll_garch']:.4f} ({format_p(test.p)})"
        )
        if test.better:
            return f"Risk: forecast better than by GARCH(1,1), with {scores}."
        if test.worse:
            return f"Risk: forecast worse than by GARCH(1,1), with {scores}."
        return f"Risk: forecast about as well as by GARCH(1,1), with {scores}."


def select_horizon(
    series: PriceSeries,
    test: int,
    horizon: int,
    column: int,
    *,
    levels: np.ndarray | None,
    distribution: ForecastDistribution | None,
    factors: Mapping[int, np.ndarray],
    rivals: Rivals | None,
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
    levels, distribution, factors, rivals
        As in `core.stock.result.Result`.
    """
    prices, first = series.prices, test - 1
    rows = slice(0, len(prices) - first - horizon)
    before, predicted = prices[first:-horizon], levels
    drift: np.ndarray | None = None
    linear: np.ndarray | None = None
    volatility: dict[str, ForecastDistribution] = {}
    if distribution is not None:
        distribution = distribution[rows].column(column)
        predicted = before * np.exp(distribution.mean)
    assert predicted is not None
    if rivals is not None:
        drift = before * np.exp(rivals.drift[rows, column])
        linear = before * np.exp(rivals.linear[rows, column])
        for name, forecast in rivals.volatility.items():
            volatility[name] = forecast[rows].column(column)
    return HorizonForecast(
        horizon=horizon,
        dates=series.dates[first + horizon :],
        before=before,
        actual=prices[first + horizon :],
        predicted=predicted,
        unit=float(np.diff(np.log(prices[:test])).std()),
        distribution=distribution,
        factors={level: values[rows, column] for level, values in factors.items()},
        volatility=volatility,
        drift=drift,
        linear=linear,
    )
