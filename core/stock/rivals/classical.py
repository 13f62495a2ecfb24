"""The classical forecasts of price and risk: the network's rivals, and its start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.stock.data.features import LinearModel, Scaling, VarianceModel, returns_ahead
from core.stock.distribution import ForecastDistribution, student_t_nll
from core.stock.rivals.garch import fit_ewma, fit_garch
from core.stock.rivals.linear import fit_linear
from core.task import State

FREEDOMS = np.array([2.5, 3, 3.5, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100])
VOLATILITY_MODELS = ("ewma", "garch", "gjr")
PRICE_MODELS = ("naive", "drift", "linear")  # the simplest first
FITS: dict[str, Callable[[np.ndarray], VarianceModel]] = {
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
        Name, one of `VOLATILITY_MODELS` -> its parameters.
    linear
        The linear model of each horizon.
    volatility
        The same names -> distributions of the log returns ahead of each day's close
        (rows, horizons).
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
    """Fit the models to the rows before `until`; forecast from every row."""
    returns = scaling.standardise(prices)
    ahead = returns_ahead(returns, horizons)
    models, volatility = {}, {}
    for name, fit in FITS.items():
        models[name] = model = fit(returns[1:until])
        sums = model.sum_of_variances(model.next_variance(returns), horizons)
        log_variance = np.log(sums)
        mean = model.mean * np.array(horizons)
        volatility[name] = ForecastDistribution.of_standardised(
            scaling,
            mean,
            log_variance,
            _best_freedoms(ahead, mean, log_variance, horizons, until),
            horizons,
        )
    drift = np.diff(np.log(prices[:until])).mean() * np.array(horizons, float)
    shape = ahead.shape
    linear = tuple(fit_linear(prices, days, until) for days in horizons)
    return Classical(
        models=models,
        linear=linear,
        volatility=volatility,
        price={
            "naive": np.zeros(shape),
            "drift": np.broadcast_to(drift, shape),
            "linear": np.stack([each.forecast(prices) for each in linear], axis=1),
        },
    )


def _best_freedoms(
    ahead: np.ndarray,
    mean: np.ndarray,
    log_variance: np.ndarray,
    horizons: tuple[int, ...],
    until: int,
) -> np.ndarray:
    """Return the degrees of freedom of the greatest likelihood, one a horizon."""
    best = []
    for column, days in enumerate(horizons):
        rows = slice(1, until - days)  # whose returns ahead end before `until`
        losses = [
            student_t_nll(
                ahead[rows, column], mean[column], log_variance[rows, column], freedom
            ).mean()
            for freedom in FREEDOMS
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

    For the risk, it is the one with the greatest likelihood. For the price, it is the
    last price, unless the mean return or, after it, the linear model has a squared
    error that is smaller by more than its standard error (the one-standard-error rule
    of Breiman et al. 1984): on few rows chance decides between them.

    Parameters
    ----------
    parts
        Parts that follow one another in time: models that are fitted to the rows before
        a part, its first row, and the row after its last.
    ahead
        The log returns ahead (rows, horizons).
    """
    end = parts[-1][2]
    volatility, price = [], []
    for column, rows_ahead in enumerate(horizons):
        losses: dict[str, list[np.ndarray]] = {}
        for fitted, first, last in parts:
            # Forecasts from the closes before the part, of returns that end before
            # the end of the last one.
            rows = slice(first - 1, max(min(last - 1, end - rows_ahead), first))
            actual = ahead[rows, column]
            for name, forecast in fitted.volatility.items():
                loss = forecast[rows].column(column).nll(actual)
                losses.setdefault(name, []).append(loss)
            for name, mean in fitted.price.items():
                loss = np.square(actual - mean[rows, column])
                losses.setdefault(name, []).append(loss)
        each = {name: np.concatenate(parts) for name, parts in losses.items()}
        volatility.append(min(VOLATILITY_MODELS, key=lambda name: each[name].mean()))
        best = "naive"
        for name in PRICE_MODELS[1:]:
            gain = each[best] - each[name]
            if gain.mean() > standard_error(gain, rows_ahead):
                best = name
        price.append(best)
    return Choice(volatility=tuple(volatility), price=tuple(price))


def standard_error(values: np.ndarray, horizon: int) -> float:
    """Estimate the standard error of the mean of values that overlap (rows,).

    With the weights of Newey and West (1987) at lags below the horizon.
    """
    centred = values - values.mean()
    rows = len(values)
    total = centred @ centred
    for lag in range(1, min(horizon, rows)):
        total += 2 * (1 - lag / horizon) * (centred[lag:] @ centred[:-lag])
    return float(np.sqrt(max(total, 0.0)) / rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class Rivals:
    """Forecasts of these models from the closes before the test rows.

    Attributes
    ----------
    volatility
        Name, one of `VOLATILITY_MODELS` -> distributions of the log returns ahead.
    drift
        Log returns ahead by the mean return before (days, horizons).
    linear
        Log returns ahead by the linear model (days, horizons).
    """

    volatility: dict[str, ForecastDistribution]
    drift: np.ndarray
    linear: np.ndarray

    @classmethod
    def of(cls, fitted: Classical, days: slice) -> "Rivals":
        """Select days of what the models forecast."""
        return cls(
            volatility={n: each[days] for n, each in fitted.volatility.items()},
            drift=fitted.price["drift"][days],
            linear=fitted.price["linear"][days],
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
            drift=np.concatenate([part.drift for part in parts]),
            linear=np.concatenate([part.linear for part in parts]),
        )

    def rounded(self) -> "Rivals":
        """Return what `encode` and `decode` would: numbers of single precision."""
        return self.decode(self.encode())

    def encode(self) -> State:
        """Return named arrays, single precision; `decode` reads them again."""
        arrays = {
            "rivals/drift": self.drift.astype(np.float32),
            "rivals/linear": self.linear.astype(np.float32),
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
            drift=arrays["rivals/drift"].astype(np.float64),
            linear=arrays["rivals/linear"].astype(np.float64),
        )
