"""A trading simulation: what following the forecast would have earned, after costs."""

from dataclasses import dataclass

import numpy as np

from core.stats import three_digits

BASIS_POINT = 1e-4


@dataclass(frozen=True, kw_only=True, eq=False)
class Trading:
    """The value over time of an initial 1, by following the forecast and by holding."""

    dates: np.ndarray  # days (rows,)
    # Value at the close of each day (rows,) by following the forecast, and by buying
    # and holding
    strategy: np.ndarray
    holding: np.ndarray
    trades: int  # purchases and sales of the strategy
    days_in: float  # share of the days on which the strategy was invested
    cost: float  # cost of each purchase or sale, in basis points
    # The cost at which both end with the same value, in basis points: 0 if the strategy
    # earns less even without costs, None if it never sells
    break_even: float | None

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        strategy, holding = self.strategy[-1], self.holding[-1]
        trades = "1 trade" if self.trades == 1 else f"{self.trades} trades"
        result = (
            f"After {trades} at {self.cost:g} basis points each, 1 became "
            f"{three_digits(strategy)}; buying and holding turned it into "
            f"{three_digits(holding)}."
        )
        if self.break_even is None:
            return f"{result} It never sold, so there is no break-even cost."
        if self.break_even == 0:
            return f"{result} It earns less even without trading costs."
        limit = three_digits(self.break_even)
        return f"{result} It earns less at costs above {limit} basis points."


def simulate(
    dates: np.ndarray, prices: np.ndarray, rises: np.ndarray, cost: float
) -> Trading:
    """Hold the security while a rise is forecast, else cash without interest.

    The forecast is known at a close and acted on at the next one, so that no trade
    happens at a price that the forecast depends on. Both strategies pay for their first
    purchase and neither sells at the end.

    Parameters
    ----------
    dates, prices
        The days and their closes (rows,).
    rises
        Whether, at the close of each day, the next price is forecast to be higher
        (rows,).
    cost
        Of each purchase or sale, in basis points of its value.
    """
    invested = np.zeros(len(prices), bool)  # from this close to the next
    invested[1:] = rises[:-1]
    traded = np.diff(invested, prepend=False)
    growth = prices[1:] / prices[:-1]
    earned = np.concatenate([[1.0], np.where(invested[:-1], growth, 1.0)])
    gross = np.cumprod(earned)
    after_cost = 1 - cost * BASIS_POINT
    strategy = gross * after_cost ** np.cumsum(traded)
    # Buying and holding starts when the strategy first can: at the second close.
    holding = after_cost * prices / prices[1]
    holding[0] = 1.0
    trades = int(traded.sum())
    return Trading(
        dates=dates,
        strategy=strategy,
        holding=holding,
        trades=trades,
        days_in=float(invested[1:].mean()),
        cost=cost,
        break_even=_break_even(gross[-1], prices[-1] / prices[1], trades),
    )


def _break_even(gross: float, holding: float, trades: int) -> float | None:
    """Cost c with gross * (1 - c) ** trades = holding * (1 - c)."""
    if trades < 2:
        return None
    if gross <= holding:
        return 0.0
    return float((1 - (holding / gross) ** (1 / (trades - 1))) / BASIS_POINT)
