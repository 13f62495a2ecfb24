"""The models that the network is compared with, fitted to the same rows as it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.data.features import Features, moving_variance
from core.stock.data.split import Fold
from core.stock.distribution import ForecastDistribution, student_t_nll
from core.stock.rivals.garch import Garch
from core.stock.rivals.linear import linear_forecast
from core.task import State
from core.training import Pause, Pauses

EWMA_MEMORY = 0.94  # RiskMetrics (1996), for daily returns
VOLATILITY_MODELS = ("ewma", "garch", "gjr")
FREEDOMS = np.array([2.5, 3, 3.5, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100])


@dataclass(frozen=True, kw_only=True, eq=False)
class Rivals:
    """Forecasts of these models from each day's close.

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
    def concatenate(cls, parts: "Sequence[Rivals]") -> "Rivals":
        """Join parts that follow one another in time."""
        return cls(
            volatility={
                name: ForecastDistribution.concatenate(
                    [part.volatility[name] for part in parts]
                )
                for name in VOLATILITY_MODELS
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
            },
            drift=arrays["rivals/drift"].astype(np.float64),
            linear=arrays["rivals/linear"].astype(np.float64),
        )


def fit_rivals(
    prices: np.ndarray,
    known: Features,
    fold: Fold,
    horizons: tuple[int, ...],
    end: int,
    pause: Pause,
) -> Pauses[Rivals]:
    """Fit on the rows before the fold's test part, and forecast up to row `end`.

    Pauses between two models.
    """
    days = slice(fold.test - 1, end)
    past = known.returns[1 : fold.test]
    volatility = {"ewma": _ewma(known, past, horizons)[days]}
    for name, asymmetric in (("garch", False), ("gjr", True)):
        yield from pause()
        model = Garch.fit(past, asymmetric)
        sums = model.sum_of_variances(model.next_variance(known.returns), horizons)
        volatility[name] = ForecastDistribution.of_standardised(
            known.scaling,
            model.mean * np.array(horizons),
            np.log(sums),
            model.freedom,
            horizons,
        )[days]
    yield from pause()
    linear = [linear_forecast(prices, ahead, fold.test)[days] for ahead in horizons]
    drift = known.scaling.mean * np.array(horizons, float)
    return Rivals(
        volatility=volatility,
        drift=np.broadcast_to(drift, (end - fold.test + 1, len(horizons))),
        linear=np.stack(linear, axis=1),
    )


def _ewma(
    known: Features, past: np.ndarray, horizons: tuple[int, ...]
) -> ForecastDistribution:
    """Forecast by an exponentially weighted variance, with the best-fitting tails."""
    log_variance = np.log(moving_variance(known.returns, EWMA_MEMORY))
    day_before = log_variance[: len(past)]  # of each return
    losses = [
        student_t_nll(past, np.zeros(1), day_before, freedom).mean()
        for freedom in FREEDOMS
    ]
    return ForecastDistribution.of_standardised(
        known.scaling,
        np.zeros(len(horizons)),
        log_variance[:, None] + np.log(horizons),
        float(FREEDOMS[np.argmin(losses)]),
        horizons,
    )
