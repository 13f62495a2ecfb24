"""Why the seed recipe is flawed, in words for the page and the terminal."""

import numpy as np

from core.stock.lag import detect_lag
from core.stock.result import Result
from core.stock.series import PriceSeries

SEED_FAULTS = (
    (
        "It learns the price level.",
        "Tomorrow's price is almost today's, so a network that repeats its last input "
        "already has a small error. It learns to do just that, slightly late and "
        "slightly smoothed.",
    ),
    (
        "Its scaling uses future data.",
        "Prices are scaled by the lowest and the highest of the whole series, the test "
        "half included. This tells the network how high the price will ever go, which "
        "could not be known at the time.",
    ),
    (
        "It has no baseline.",
        "An error of two dollars means nothing by itself. Repeating the last known "
        "price is usually more accurate, as one line in the table shows.",
    ),
)


def measured_faults(
    series: PriceSeries, seed: Result | None = None
) -> list[tuple[str, str]]:
    """Explain each fault in two sentences, with numbers of this series.

    Parameters
    ----------
    series
        The prices.
    seed
        What the seed recipe made of them, where it has been trained: its own
        numbers are then named.
    """
    if np.ptp(series.prices[len(series) // 2 :]) == 0:
        return list(SEED_FAULTS)  # no price moves, so there is nothing to measure
    titles = [title for title, _ in SEED_FAULTS]
    texts = [_level(series, seed), _scale(series, seed), _baseline(series, seed)]
    return list(zip(titles, texts, strict=True))


def _level(series: PriceSeries, seed: Result | None) -> str:
    test = series.prices[len(series) // 2 :]
    same = float(np.corrcoef(test[1:], test[:-1])[0, 1])
    first = (
        f"In the test half the correlation of each price with the previous one is "
        f"{same:.4f}."
    )
    if seed is None:
        return f"{first} Repeating the last input looks right and predicts nothing."
    lag = detect_lag(seed.actual, seed.predicted)
    at = dict(zip(lag.lags, lag.changes, strict=True))
    return (
        f"{first} The classic recipe's daily changes have a correlation of "
        f"{at[1]:.2f} with those of the day before, and of {at[0]:.2f} with those it "
        "was to forecast."
    )


def _scale(series: PriceSeries, seed: Result | None) -> str:
    half = len(series) // 2
    low, high = float(series.prices.min()), float(series.prices.max())
    learned = float(series.prices[:half].max())
    share = (learned - low) / (high - low)
    first = (
        f"The highest price in the training half is {learned:.4g}, and the scale ends "
        f"at {high:.4g}, so the scaled training prices reach {share:.0%}, which "
        f"reveals {'how much is still' if share < 1 else 'that no more is'} to come."
    )
    if seed is None or seed.leakage is None:
        return f"{first} In a real forecast the highest future price is unknown."
    return f"{first} {seed.leakage.sentence}"


def _baseline(series: PriceSeries, seed: Result | None) -> str:
    test = series.prices[len(series) // 2 - 1 :]
    naive = float(np.sqrt(np.mean(np.square(np.diff(test)))))
    if seed is None:
        return (
            f"Repeating the last known price has an error (RMSE) of {naive:.3g} here. "
            "Only a smaller error would be of use."
        )
    figures = seed.metrics
    return (
        f"Its error (RMSE) is {figures['rmse']:.3g}, which sounds small. Repeating the "
        f"last known price has {figures['rmse_naive']:.3g}: the classic recipe has "
        f"{figures['rel_rmse']:.3g} times that."
    )
