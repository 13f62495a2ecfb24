"""Why the seed recipe is flawed, in words for the page and the terminal."""

import numpy as np

from core.stock.lag import detect_lag
from core.stock.result import Result
from core.stock.series import PriceSeries

SEED_FAULTS = (
    (
        "It learns the price level.",
        "The level of tomorrow is almost that of today, so a network that repeats "
        "its last input already has a small error. It learns to do just that, a "
        "little late and a little smoothed.",
    ),
    (
        "Its scale has seen the future.",
        "Prices are squeezed between the lowest and the highest of the whole series, "
        "the test half included. That tells the network how high the price will "
        "ever go, which nobody could have known.",
    ),
    (
        "Nothing is beside it to compare with.",
        "An error of two dollars means nothing alone. Yesterday's price as the "
        "forecast is usually closer, and one line in the table shows it.",
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
    first = f"In the test half each price agrees with the one before it to {same:.4f}."
    if seed is None:
        return f"{first} Repeating the last input looks right and knows nothing."
    lag = detect_lag(seed.actual, seed.predicted)
    at = dict(zip(lag.lags, lag.changes, strict=True))
    return (
        f"{first} The classic's changes agree to {at[1]:.2f} with those of the day "
        f"before, and to {at[0]:.2f} with those it was to forecast."
    )


def _scale(series: PriceSeries, seed: Result | None) -> str:
    half = len(series) // 2
    low, high = float(series.prices.min()), float(series.prices.max())
    learned = float(series.prices[:half].max())
    share = (learned - low) / (high - low)
    first = (
        f"The highest price it learns from is {learned:.4g} and the scale ends at "
        f"{high:.4g}, so it is shown levels up to {share:.0%} and told that "
        f"{'the rest is' if share < 1 else 'no more is'} to come."
    )
    if seed is None or seed.leakage is None:
        return f"{first} In earnest nobody knows where the scale will end."
    return f"{first} {seed.leakage.sentence}"


def _baseline(series: PriceSeries, seed: Result | None) -> str:
    test = series.prices[len(series) // 2 - 1 :]
    naive = float(np.sqrt(np.mean(np.square(np.diff(test)))))
    if seed is None:
        return (
            f"Repeating yesterday's price has an error (RMSE) of {naive:.3g} here. "
            "Only a smaller one would be worth something."
        )
    figures = seed.metrics
    return (
        f"Its error (RMSE) is {figures['rmse']:.3g}, which sounds small. Repeating "
        f"yesterday's price has {figures['rmse_naive']:.3g}: the classic has "
        f"{figures['rel_rmse']:.3g} times that."
    )
