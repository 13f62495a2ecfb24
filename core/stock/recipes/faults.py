"""Why the classic recipe is flawed, in words for the page and the terminal."""

import numpy as np

from core.stats import three_digits
from core.stock.data.series import PriceSeries
from core.stock.judging.lag import detect_lag
from core.stock.judging.metrics import rmse
from core.stock.result import Result

CLASSIC_FAULTS = (
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
    series: PriceSeries, classic: Result | None = None
) -> list[tuple[str, str]]:
    """Explain each fault in two sentences, with numbers of this series.

    `classic` is the result of the classic recipe on them, None if it was not trained.
    """
    if np.ptp(series.prices[len(series) // 2 :]) == 0:
        return list(CLASSIC_FAULTS)  # the price stands still: nothing to measure
    titles = [title for title, _ in CLASSIC_FAULTS]
    texts = [
        _level(series, classic),
        _scale(series, classic),
        _baseline(series, classic),
    ]
    return list(zip(titles, texts, strict=True))


def _level(series: PriceSeries, classic: Result | None) -> str:
    test = series.prices[len(series) // 2 :]
    same = float(np.corrcoef(test[1:], test[:-1])[0, 1])
    first = (
        f"In the test half the correlation of each price with the previous one is "
        f"{same:.4f}."
    )
    if classic is None:
        return f"{first} Repeating the last input looks right and predicts nothing."
    lag = detect_lag(classic.actual, classic.predicted)
    at = dict(zip(lag.lags, lag.correlations, strict=True))
    return (
        f"{first} The classic recipe's daily changes have a correlation of "
        f"{at[1]:.2f} with those of the day before, and of {at[0]:.2f} with those it "
        "was to forecast."
    )


def _scale(series: PriceSeries, classic: Result | None) -> str:
    half = len(series) // 2
    low, high = float(series.prices.min()), float(series.prices.max())
    learned = float(series.prices[:half].max())
    share = (learned - low) / (high - low)
    first = (
        f"The highest price in the training half is {learned:.4g}, and the scale ends "
        f"at {high:.4g}, so the scaled training prices reach {share:.0%}, which "
        f"reveals {'how much is still' if share < 1 else 'that no more is'} to come."
    )
    if classic is None or classic.leakage is None:
        return f"{first} In a real forecast the highest future price is unknown."
    return f"{first} {classic.leakage.sentence}"


def _baseline(series: PriceSeries, classic: Result | None) -> str:
    test = series.prices[len(series) // 2 - 1 :]
    naive = rmse(np.diff(test))
    if classic is None:
        return (
            "Repeating the last known price has an error (RMSE) of "
            f"{three_digits(naive)} here. Only a smaller error would be of use."
        )
    metrics = classic.network
    return (
        f"Its error (RMSE) is {three_digits(metrics.rmse_currency)}, which sounds "
        f"small. Repeating the last known price has {three_digits(naive)}: the classic "
        f"recipe has {three_digits(metrics.rmse_currency / naive)} times that."
    )
