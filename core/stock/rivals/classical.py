"""The classical forecasts of price and risk: the network's rivals, and its start."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.stock.data.features import LinearModel, Scaling, VarianceModel, returns_ahead
from core.stock.distribution import ForecastDistribution, student_t_nll
from core.stock.rivals.garch import fit_constant, fit_ewma, fit_garch
from core.stock.rivals.linear import fit_linear
from core.stock.rivals.smoothing import fit_arima, fit_ets, seasonal_naive
from core.task import State

FREEDOMS = np.array([2.5, 3, 3.5, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100])
VOLATILITY_MODELS = ("constant", "ewma", "garch", "gjr", "ets", "arima")
CHANGING = ("ewma", "garch", "gjr")  # those whose variance changes from row to row
PRICE_MODELS = ("naive", "drift", "seasonal", "ets", "arima", "linear")  # by simplicity
MIN_TAIL = 20  # rows that degrees of freedom are fitted to
FITS: dict[str, Callable[[np.ndarray], VarianceModel]] = {
    "constant": fit_constant,
    "ewma": fit_ewma,
    "garch": partial(fit_garch, asymmetric=False),
    "gjr": partial(fit_garch, asymmetric=True),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Classical:
    """The classical models fitted to the rows before one, and what they forecast.

    Attributes
    ----------
    models
        Name, a key of `FITS` -> its parameters.
    linear
        The linear model of each horizon.
    volatility
        Name, one of `VOLATILITY_MODELS` -> distributions of the log returns ahead of
        each row (rows, horizons).
    price
        Name, one of `PRICE_MODELS` -> log returns ahead (rows, horizons).
    """

    models: dict[str, VarianceModel]
    linear: tuple[LinearModel, ...]
    volatility: dict[str, ForecastDistribution]
    price: dict[str, np.ndarray]


def fit_classical(
    prices: np.ndarray, scaling: Scaling, until: int, horizons: tuple[int, ...]
) -> Classical:
    """Fit the models that a network can start from to the rows before `until`.

    They forecast from every row. `add_smoothing` adds the other rivals.
    """
    returns = scaling.standardise(prices)
    ahead = returns_ahead(returns, horizons)
    models, volatility = {}, {}
    for name, fit in FITS.items():
        models[name] = model = fit(returns[1:until])
        sums = model.sum_of_variances(model.next_variance(returns), horizons)
        log_variance = np.log(sums)
        mean = np.broadcast_to(model.mean * np.array(horizons), sums.shape)
        volatility[name] = ForecastDistribution.of_standardised(
            scaling,
            mean,
            log_variance,
            _best_freedoms(ahead, mean, log_variance, horizons, until),
            horizons,
        )
    drift = np.diff(np.log(prices[:until])).mean() * np.array(horizons, float)
    shape = ahead.shape
    linear, linear_forecast = fit_linear(prices, horizons, until)
    return Classical(
        models=models,
        linear=linear,
        volatility=volatility,
        price={
            "naive": np.zeros(shape),
            "drift": np.broadcast_to(drift, shape),
            "linear": linear_forecast,
        },
    )


def add_smoothing(
    fitted: Classical,
    prices: np.ndarray,
    until: int,
    horizons: tuple[int, ...],
    season: int,
) -> Classical:
    """Add ETS, ARIMA and the seasonal naive forecast, fitted to the same rows.

    ETS and ARIMA are rivals of the risk and of the price. ARIMA is slow: it is there
    where prices have seasons. The seasonal naive forecast has no variance.

    Parameters
    ----------
    season
        Rows after which a season repeats; 1 without seasons.
    """
    logs = np.log(prices)
    ahead = returns_ahead(np.diff(logs, prepend=logs[0]), horizons)
    volatility, price = dict(fitted.volatility), dict(fitted.price)
    if season > 1:
        price["seasonal"] = seasonal_naive(logs, horizons, season)
    forecasts = {"ets": fit_ets(logs, until, horizons, season)}
    if season > 1:
        forecasts["arima"] = fit_arima(logs, until, horizons, season)
    for name, (mean, variance) in forecasts.items():
        log_variance = np.broadcast_to(np.log(variance), mean.shape)
        freedom = _best_freedoms(ahead, mean, log_variance, horizons, until)
        price[name] = mean
        volatility[name] = ForecastDistribution.broadcast(mean, log_variance, freedom)
    return replace(fitted, volatility=volatility, price=price)


def _best_freedoms(
    ahead: np.ndarray,
    mean: np.ndarray,
    log_variance: np.ndarray,
    horizons: tuple[int, ...],
    until: int,
) -> np.ndarray:
    """Return the degrees of freedom of the greatest likelihood, one a horizon."""
    best: list[float] = []
    for column, days in enumerate(horizons):
        rows = slice(1, max(1, until - days))  # whose returns ahead end before `until`
        if rows.stop < MIN_TAIL:
            best.append(best[-1] if best else float(FREEDOMS[-1]))
            continue
        errors = ahead[rows, column] - mean[rows, column]
        standard = errors * np.exp(-0.5 * log_variance[rows, column])
        zero = np.zeros(())
        losses = [  # but for half the log-variance, the same for each
            student_t_nll(standard, zero, zero, freedom).mean() for freedom in FREEDOMS
        ]
        best.append(float(FREEDOMS[np.argmin(losses)]))
    return np.array(best)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The best classical model of each horizon, chosen before the test part.

    Attributes
    ----------
    volatility, price
        A name for each horizon, of `VOLATILITY_MODELS` and of `PRICE_MODELS`.
    """

    volatility: tuple[str, ...]
    price: tuple[str, ...]


Part = tuple[Classical, int, int]  # fitted before a first row; that row, and the end


def choose(
    parts: Sequence[Part], ahead: np.ndarray, horizons: tuple[int, ...]
) -> Choice:
    """Choose the best models by their forecasts of rows that they are not fitted to.

    On few rows chance decides between them, so that the simplest is preferred (the
    one-standard-error rule of Breiman et al. 1984). For the risk, it is a constant
    volatility, unless the model with the greatest likelihood is better by more than a
    standard error; where it changes one row ahead, it changes further ahead too, though
    fewer windows show it. For the price, it is the last price, unless the mean return
    or, after it, a less simple model has a squared error that is smaller by so much.

    Parameters
    ----------
    parts
        Parts that follow one another in time: models that are fitted to the rows before
        a part, its first row, and the row after its last. All have the same models.
    ahead
        The log returns ahead (rows, horizons).
    """
    end = parts[-1][2]
    volatility: list[str] = []
    price: list[str] = []
    for column, rows_ahead in enumerate(horizons):
        risks: dict[str, list[np.ndarray]] = {}
        errors: dict[str, list[np.ndarray]] = {}
        for fitted, first, last in parts:
            # Forecasts from the closes before the part, of returns that end before
            # the end of the last one.
            rows = slice(first - 1, max(min(last - 1, end - rows_ahead), first - 1))
            actual = ahead[rows, column]
            for name, forecast in fitted.volatility.items():
                loss = forecast[rows].column(column).nll(actual)
                risks.setdefault(name, []).append(loss)
            for name, mean in fitted.price.items():
                loss = np.square(actual - mean[rows, column])
                errors.setdefault(name, []).append(loss)
        nll = {name: np.concatenate(parts) for name, parts in risks.items()}
        if not len(nll["constant"]):  # too few rows: as at the horizon before
            volatility.append(volatility[-1])
            price.append(price[-1])
            continue
        likeliest = min(nll, key=lambda name: nll[name].mean())
        gain = nll["constant"] - nll[likeliest]
        if gain.mean() <= standard_error(gain, rows_ahead):
            likeliest = "constant"
        if likeliest == "constant" and volatility and volatility[0] in CHANGING:
            del nll["constant"]
            likeliest = min(nll, key=lambda name: nll[name].mean())
        volatility.append(likeliest)
        squares = {name: np.concatenate(parts) for name, parts in errors.items()}
        best = "naive"
        for name in PRICE_MODELS[1:]:
            if name not in squares:
                continue
            gain = squares[best] - squares[name]
            if gain.mean() > standard_error(gain, rows_ahead):
                best = name
        price.append(best)
    return Choice(volatility=tuple(volatility), price=tuple(price))


def standard_error(values: np.ndarray, horizon: int) -> float:
    """Estimate the standard error of the mean of values that overlap (rows,).

    With the weights of Newey and West (1987) at lags below twice the horizon, and the
    small-sample correction of Harvey, Leybourne and Newbold (1997). Infinite for so few
    rows that they tell nothing.
    """
    rows = len(values)
    if rows < 2 * horizon + 2:
        return math.inf
    centred = values - values.mean()
    total, lags = centred @ centred, 2 * horizon - 1
    for lag in range(1, lags):
        total += 2 * (1 - lag / lags) * (centred[lag:] @ centred[:-lag])
    correction = (rows + 1 - 2 * horizon + horizon * (horizon - 1) / rows) / rows
    return float(np.sqrt(max(total, 0.0) / correction) / rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class Rivals:
    """Forecasts of these models from the closes before the test rows.

    Attributes
    ----------
    volatility
        Name, one of `VOLATILITY_MODELS` -> distributions of the log returns ahead.
    price
        Name, one of `PRICE_MODELS` without `naive` -> log returns ahead (days,
        horizons).
    """

    volatility: dict[str, ForecastDistribution]
    price: dict[str, np.ndarray]

    @classmethod
    def of(cls, fitted: Classical, days: slice) -> "Rivals":
        """Select days of what the models forecast."""
        return cls(
            volatility={n: each[days] for n, each in fitted.volatility.items()},
            price={n: p[days] for n, p in fitted.price.items() if n != "naive"},
        )

    @classmethod
    def concatenate(cls, parts: "Sequence[Rivals]") -> "Rivals":
        """Join parts that follow one another in time."""
        return cls(
            volatility={
                name: ForecastDistribution.concatenate(
                    [part.volatility[name] for part in parts]
                )
                for name in parts[0].volatility
            },
            price={
                name: np.concatenate([part.price[name] for part in parts])
                for name in parts[0].price
            },
        )

    def rounded(self) -> "Rivals":
        """Return what `encode` and `decode` would: numbers of single precision."""
        return self.decode(self.encode())

    def encode(self) -> State:
        """Return named arrays, single precision; `decode` reads them again."""
        arrays = {
            f"rivals/{name}": mean.astype(np.float32)
            for name, mean in self.price.items()
        }
        for name, forecast in self.volatility.items():
            arrays |= forecast.encode(f"rivals/{name}")
        return arrays

    @classmethod
    def decode(cls, arrays: State) -> "Rivals":
        """Read what `encode` wrote."""
        return cls(
            volatility={
                name: ForecastDistribution.decode(f"rivals/{name}", arrays)
                for name in VOLATILITY_MODELS
                if f"rivals/{name}/mean" in arrays
            },
            price={
                name: arrays[f"rivals/{name}"].astype(np.float64)
                for name in PRICE_MODELS
                if f"rivals/{name}" in arrays
            },
        )
