"""Models of the variance: constant, the EWMA, and GARCH with t errors.

The package `arch` finds the parameters. It takes a second to import, so it is imported
by the first fit.
"""

import functools
import warnings
from abc import abstractmethod

import numpy as np

from core.stock.data.features import VarianceModel
from core.stock.models.model import Fitted, Model, Rows, fitted_variance

EWMA_MEMORY = 0.94  # RiskMetrics (1996), for daily returns
BACKCAST_ROWS = 75  # first returns that give the initial variance, as in `arch`
ROUNDING = 1e-6  # excess of a persistence that the optimizer holds at 1


class Variance(Model):
    """A model of the variance of the next row, which gives that of sums of rows."""

    of_risk = True

    @abstractmethod
    def fit_variance(self, returns: np.ndarray) -> VarianceModel:
        """Find the parameters for standardised returns (rows,)."""

    def fit(self, rows: Rows) -> Fitted:
        """Fit the parameters, and the degrees of freedom of each horizon."""
        model = self.fit_variance(rows.returns[1 : rows.until])
        sums = model.sum_of_variances(model.next_variance(rows.returns), rows.horizons)
        return fitted_variance(rows, sums, model.mean, model)


class Constant(Variance):
    """The variance of all returns, which never changes."""

    name, title = "constant", "Constant, t"
    phrase = "a constant volatility"

    def fit_variance(self, returns: np.ndarray) -> VarianceModel:
        """Return the variance of returns (rows,)."""
        return fit_constant(returns)


class Ewma(Variance):
    """The exponentially weighted variance of RiskMetrics (1996)."""

    name, title = "ewma", "EWMA 0.94, t"
    phrase = "EWMA"

    def fit_variance(self, returns: np.ndarray) -> VarianceModel:
        """Set its start by returns (rows,)."""
        return fit_ewma(returns)


class Garch(Variance):
    """GARCH(1,1) with Student-t errors (Bollerslev 1987)."""

    name, title = "garch", "GARCH(1,1), t"
    phrase = "GARCH"

    def fit_variance(self, returns: np.ndarray) -> VarianceModel:
        """Fit it to returns (rows,)."""
        return fit_garch(returns, asymmetric=False)


class Gjr(Variance):
    """GJR-GARCH(1,1) with Student-t errors (Glosten et al. 1993)."""

    name, title = "gjr", "GJR-GARCH(1,1), t"
    phrase = "GJR-GARCH"

    def fit_variance(self, returns: np.ndarray) -> VarianceModel:
        """Fit it to returns (rows,)."""
        return fit_garch(returns, asymmetric=True)


def fit_constant(returns: np.ndarray) -> VarianceModel:
    """Return the variance of returns (days,), which never changes."""
    return VarianceModel(
        mean=float(returns.mean()),
        omega=float(returns.var()),
        alpha=0.0,
        gamma=0.0,
        beta=0.0,
    )


def fit_ewma(returns: np.ndarray) -> VarianceModel:
    """Return the exponentially weighted variance about the mean of returns (days,)."""
    return VarianceModel(
        mean=float(returns.mean()),
        omega=0.0,
        alpha=1.0 - EWMA_MEMORY,
        gamma=0.0,
        beta=EWMA_MEMORY,
        start=_backcast(returns, returns.mean()),
    )


def fit_garch(returns: np.ndarray, asymmetric: bool) -> VarianceModel:
    """Find the parameters of the greatest likelihood for returns (days,).

    The returns should have a variance of about one. Where the optimizer does not
    converge, or finds a variance that grows without end or a mean beyond all returns,
    as it does for prices that mostly stand still, the EWMA is returned. The last
    fits are remembered: the leakage self-test, a resumed training and another one on
    the same prices need them again.
    """
    return _fit_garch(returns.tobytes(), asymmetric)


@functools.lru_cache(maxsize=64)
def _fit_garch(returns_bytes: bytes, asymmetric: bool) -> VarianceModel:
    from arch import arch_model

    returns = np.frombuffer(returns_bytes)
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
        found = model.fit(disp="off", show_warning=False)
    values = found.params
    fitted = VarianceModel(
        mean=float(values["mu"]),
        omega=float(values["omega"]),
        alpha=float(values["alpha[1]"]),
        gamma=float(values["gamma[1]"]) if asymmetric else 0.0,
        beta=float(values["beta[1]"]),
        start=_backcast(returns, values["mu"]),
    )
    persistence = fitted.alpha + fitted.gamma / 2 + fitted.beta
    too_large = persistence > 1.0 + ROUNDING
    outside = not returns.min() <= fitted.mean <= returns.max()
    failed = found.convergence_flag or not np.isfinite(persistence)
    if failed or too_large or outside:
        return fit_ewma(returns)
    return fitted


def _backcast(returns: np.ndarray, mean: float) -> float:
    """Return the weighted variance of the first returns."""
    first = np.square(returns[:BACKCAST_ROWS] - mean)
    weights = EWMA_MEMORY ** np.arange(len(first))
    return float(weights @ first / weights.sum())
