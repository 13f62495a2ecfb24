"""A trading simulation: what the forecast would have earned, costs and all."""

from dataclasses import dataclass

import numpy as np

BASIS_POINT = 1e-4


@dataclass(frozen=True, kw_only=True, eq=False)
class Trading:
    """One unit of money, held in the thing or not, day after day.

    Attributes
    ----------
    dates
        Days (rows,); the money is there at the close of each.
    strategy, holding
        What the forecast's follower and what the buyer who holds has then (rows,).
    trades
        Purchases and sales of the strategy.
    days_in
        Share of the days on which it held the thing.
    cost
        Of each purchase or sale, in basis points of its value.
    break_even
        The cost at which the strategy would end level with buying and holding, in
        basis points: 0 if it loses even for free, None if it never sells.
    """

    dates: np.ndarray
    strategy: np.ndarray
    holding: np.ndarray
    trades: int
    days_in: float
    cost: float
    break_even: float | None

    @property
    def sentence(self) -> str:
        """What came of it, in words."""
        trades = "1 trade" if self.trades == 1 else f"{self.trades} trades"
        mine, theirs = self.strategy[-1], self.holding[-1]
        result = (
            f"After {trades} at {self.cost:g} basis points each, 1 became "
            f"{mine:.3g}; buying and holding turned it into {theirs:.3g}."
        )
        if self.break_even is None:
            return f"{result} It never sold, so there is no break-even cost."
        if self.break_even == 0:
            return f"{result} It earns less even without trading costs."
        return (
            f"{result} It earns less at costs above {self.break_even:.3g} basis points."
        )


def simulate(
    dates: np.ndarray, prices: np.ndarray, rises: np.ndarray, cost: float
) -> Trading:
    """Hold the thing while a rise is forecast, else money without interest.

    The forecast is known at a close; what it says is done at the next one, so that
    nobody trades at a price that had to be known first. Both sides pay for their
    first purchase and neither sells at the end.

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
    held = np.zeros(len(prices), bool)  # from the close of each day to the next
    held[1:] = rises[:-1]
    traded = np.diff(held, prepend=False)
    growth = prices[1:] / prices[:-1]
    earned = np.concatenate([[1.0], np.where(held[:-1], growth, 1.0)])
    gross = np.cumprod(earned)
    keep = 1 - cost * BASIS_POINT
    strategy = gross * keep ** np.cumsum(traded)
    # Buying and holding starts when the strategy first can: at the second close.
    holding = keep * prices / prices[1]
    holding[0] = 1.0
    trades = int(traded.sum())
    return Trading(
        dates=dates,
        strategy=strategy,
        holding=holding,
        trades=trades,
        days_in=float(held[1:].mean()),
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
