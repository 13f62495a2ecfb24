"""One horizon of a result: what was forecast, what came, and how good that was."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.stock import metrics
from core.stock.diebold import Comparison, diebold_mariano
from core.stock.outlook import Outlook
from core.stock.rivals import Rivals
from core.stock.series import PriceSeries
from core.stock.student_t import student_t_crps, student_t_quantile

Band = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """The forecasts of one horizon, each made at the close so many days before.

    Attributes
    ----------
    horizon
        Days between a forecast and what it is about.
    dates, before, actual
        The day a forecast is about (rows,), the price when it was made, and the
        price that came.
    predicted
        The price that was forecast (rows,).
    unit
        Standard deviation of the daily log returns of the first training part: the
        unit of likelihoods and of the CRPS.
    outlook
        Distributions of the log returns (rows,), or None.
    factors
        Level in percent -> width of the conformal interval in standard deviations.
    rivals
        Name -> distributions of the models of risk it is compared with.
    drift, linear
        The prices that the mean return and the linear model forecast, or None.
    """

    horizon: int
    dates: np.ndarray
    before: np.ndarray
    actual: np.ndarray
    predicted: np.ndarray
    unit: float
    outlook: Outlook | None
    factors: dict[int, np.ndarray]
    rivals: dict[str, Outlook]
    drift: np.ndarray | None
    linear: np.ndarray | None

    @property
    def moves(self) -> np.ndarray:
        """Log returns that came (rows,)."""
        return np.asarray(np.log(self.actual / self.before))

    def band(self, level: int, raw: bool = False) -> Band | None:
        """Return the ends of the interval at a level in percent, or None without one.

        Raw is the network's own distribution; else it is the conformal interval,
        which has learned from the misses.
        """
        if self.outlook is None:
            return None
        wide = self._raw_factor(level) if raw else self.factors[level]
        reach = wide * self.outlook.deviation
        return (
            self.before * np.exp(self.outlook.mean - reach),
            self.before * np.exp(self.outlook.mean + reach),
        )

    def _raw_factor(self, level: int) -> np.ndarray:
        assert self.outlook is not None
        values, place = np.unique(self.outlook.freedom, return_inverse=True)
        wide = [student_t_quantile(0.5 + level / 200, float(v)) for v in values]
        return np.asarray(wide)[place]

    def crps(self, outlook: Outlook) -> np.ndarray:
        """CRPS of distributions on these rows (rows,), in units of a usual day."""
        scores = np.empty(len(outlook))
        for freedom in np.unique(outlook.freedom):
            rows = outlook.freedom == freedom
            scores[rows] = student_t_crps(
                self.moves[rows],
                outlook.mean[rows],
                outlook.log_variance[rows],
                float(freedom),
            )
        return scores / self.unit

    def nll(self, outlook: Outlook) -> np.ndarray:
        """Negative log likelihood of distributions on these rows, in those units."""
        return np.asarray(outlook.nll(self.moves) - np.log(self.unit))

    @functools.cached_property
    def price_test(self) -> Comparison:
        """Squared errors against those of repeating the last price."""
        return diebold_mariano(
            np.square(self.actual - self.predicted),
            np.square(self.actual - self.before),
            self.horizon,
        )

    @functools.cached_property
    def risk_test(self) -> Comparison | None:
        """Likelihoods against those of GARCH(1,1) with Student-t errors."""
        if self.outlook is None or "garch" not in self.rivals:
            return None
        mine, theirs = self.nll(self.outlook), self.nll(self.rivals["garch"])
        return diebold_mariano(mine, theirs, self.horizon)

    @functools.cached_property
    def figures(self) -> dict[str, float | int | None]:
        """Every figure of this horizon by name; None where there is none."""
        right, majority, moved = metrics.direction(
            self.actual, self.predicted, self.before
        )
        low, high = metrics.binomial_interval(right if moved else 0.5, moved)
        risk = self.risk_test
        return {
            "horizon": self.horizon,
            "rows": len(self.actual),
            **self._errors(),
            **self._risk(),
            **self._intervals(),
            "directional_accuracy": right if moved else None,
            "directional_low": low,
            "directional_high": high,
            "majority_class": majority if moved else None,
            "dm_p": self.price_test.p,
            "dm_p_risk": None if risk is None else risk.p,
        }

    def _errors(self) -> dict[str, float | None]:
        names = {"": self.predicted, "_naive": self.before}
        errors: dict[str, float | None] = {}
        for name, forecast in names.items():
            errors[f"rmse{name}"] = metrics.rmse(self.actual, forecast)
            errors[f"mae{name}"] = metrics.mae(self.actual, forecast)
            errors[f"mape{name}"] = metrics.mape(self.actual, forecast)
        others = {"": self.predicted, "_drift": self.drift, "_linear": self.linear}
        for name, other in others.items():
            for kind, error in (("rmse", metrics.rmse), ("mae", metrics.mae)):
                naive = error(self.actual, self.before)
                errors[f"rel_{kind}{name}"] = (
                    None
                    if other is None or naive == 0
                    else error(self.actual, other) / naive
                )
        return errors

    def _risk(self) -> dict[str, float | None]:
        every = {"": self.outlook} | {
            f"_{name}": self.rivals.get(name) for name in ("ewma", "garch", "gjr")
        }
        scores: dict[str, float | None] = {}
        for name, outlook in every.items():
            scores[f"nll{name}"] = _mean(None if outlook is None else self.nll(outlook))
        for name in ("", "_garch"):
            outlook = every[name]
            scores[f"crps{name}"] = _mean(
                None if outlook is None else self.crps(outlook)
            )
        return scores

    def _intervals(self) -> dict[str, float | None]:
        figures: dict[str, float | None] = {}
        for level in (80, 95):
            for name, raw in (("", False), ("_raw", True)):
                band = self.band(level, raw)
                share = width = score = None
                if band is not None:
                    share = metrics.coverage(self.actual, *band)
                    width = float(np.mean((band[1] - band[0]) / self.before))
                    score = metrics.winkler(self.actual, *band, level / 100)
                figures[f"coverage_{level}{name}"] = share
                figures[f"width_{level}{name}"] = width
                figures[f"winkler_{level}{name}"] = score
        return figures


def view_of(
    series: PriceSeries,
    test: int,
    horizon: int,
    column: int,
    *,
    levels: np.ndarray | None,
    outlook: Outlook | None,
    factors: Mapping[int, np.ndarray],
    rivals: Rivals | None,
) -> View:
    """Take one horizon out of a result's arrays, as far as its end is known.

    Parameters
    ----------
    series
        The prices, all of them.
    test
        The first row of the test part.
    horizon, column
        Days ahead, and the place of that horizon in the arrays.
    levels, outlook, factors, rivals
        As `core.stock.result.Result` has them.
    """
    prices, first = series.prices, test - 1
    rows = slice(0, len(prices) - first - horizon)
    before, predicted = prices[first:-horizon], levels
    mine: Outlook | None = None
    drift: np.ndarray | None = None
    linear: np.ndarray | None = None
    risks: dict[str, Outlook] = {}
    if outlook is not None:
        mine = outlook[rows].column(column)
        predicted = before * np.exp(mine.mean)
    assert predicted is not None
    if rivals is not None:
        drift = before * np.exp(rivals.drift[rows, column])
        linear = before * np.exp(rivals.linear[rows, column])
        for name, rival in rivals.risks.items():
            risks[name] = rival[rows].column(column)
    return View(
        horizon=horizon,
        dates=series.dates[first + horizon :],
        before=before,
        actual=prices[first + horizon :],
        predicted=predicted,
        unit=float(np.diff(np.log(prices[:test])).std()),
        outlook=mine,
        factors={level: values[rows, column] for level, values in factors.items()},
        rivals=risks,
        drift=drift,
        linear=linear,
    )


def _mean(scores: np.ndarray | None) -> float | None:
    return None if scores is None else float(scores.mean())
