"""GARCH with Student-t errors, the standard model of volatility.

The package `arch` finds the parameters. It takes most of a second to import, so it is
imported by the first fit.
"""

import warnings
from dataclasses import dataclass

import numpy as np

BACKCAST_DAYS = 75  # first returns that give the initial variance, as in `arch`


@dataclass(frozen=True, kw_only=True)
class Garch:
    """The parameters of a GARCH model.

    v[t + 1] = omega + (alpha + gamma * fell[t]) * e[t] ** 2 + beta * v[t], where e[t]
    is the return minus `mean`, and fell[t] is 1 if it is negative. With gamma 0 it is
    the GARCH(1,1) of Bollerslev (1986), else that of Glosten, Jagannathan and Runkle
    (1993).
    """

    mean: float
    omega: float
    alpha: float
    gamma: float
    beta: float
    freedom: float

    @classmethod
    def fit(cls, returns: np.ndarray, asymmetric: bool) -> "Garch":
        """Find the parameters of the greatest likelihood for returns (days,).

        The returns should have a variance of about one.
        """
        from arch import arch_model

        model = arch_model(
            returns,
            mean="Constant",
            vol="GARCH",
            o=int(asymmetric),
            dist="t",
            rescale=False,
        )
        with warnings.catch_warnings():  # about steps of the optimizer it takes back
            warnings.simplefilter("ignore")
            found = model.fit(disp="off", show_warning=False).params
        return cls(
            mean=float(found["mu"]),
            omega=float(found["omega"]),
            alpha=float(found["alpha[1]"]),
            gamma=float(found["gamma[1]"]) if asymmetric else 0.0,
            beta=float(found["beta[1]"]),
            freedom=max(float(found["nu"]), 2.05),
        )

    def next_variance(self, returns: np.ndarray) -> np.ndarray:
        """Variance forecast for the day after each of the returns (days,)."""
        errors = returns - self.mean
        squares = np.square(errors)
        shocks = (self.alpha + self.gamma * (errors < 0)) * squares + self.omega
        first = squares[:BACKCAST_DAYS]
        weights = 0.94 ** np.arange(len(first))
        start = float(weights @ first / weights.sum())
        last = self.omega + (self.alpha + self.gamma / 2 + self.beta) * start
        variance = np.empty(len(returns))
        for day, shock in enumerate(shocks):
            last = shock + self.beta * last
            variance[day] = last
        return variance

    def sum_of_variances(
        self, variance: np.ndarray, horizons: tuple[int, ...]
    ) -> np.ndarray:
        """Variance of the sum of the next 1, 5, ... returns (days, horizons).

        Each day's expected variance follows from that of the day before it.

        Parameters
        ----------
        variance
            What `next_variance` returned (days,).
        """
        persistence = self.alpha + self.gamma / 2 + self.beta
        ahead, total, sums = variance, np.zeros_like(variance), []
        for day in range(1, max(horizons) + 1):
            total = total + ahead
            if day in horizons:
                sums.append(total)
            ahead = self.omega + persistence * ahead
        return np.stack(sums, axis=1)
