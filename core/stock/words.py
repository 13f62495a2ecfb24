"""What a forecast is worth, in plain sentences."""

from collections.abc import Mapping

from core.stock.result import Result
from core.task import Scalar

SAME = 0.005  # errors closer than this share of each other count as equal


def headline(summary: Mapping[str, Scalar]) -> str:
    """Return one line on a run for a list of runs."""
    if not isinstance(error := summary.get("rel_rmse"), float):
        return ""
    return f"error {error:.3g} × yesterday's price"


def verdict(result: Result) -> str:
    """Say whether the forecast beats yesterday's price, and whether its risk holds."""
    figures = result.metrics
    ratio = figures["rel_rmse"]
    if ratio is None:
        return "The price did not move in the test part: there is nothing to compare."
    if abs(ratio - 1) <= SAME:
        price = (
            "As good as yesterday's price, and that is as good as daily prices allow: "
            "nobody forecasts their direction reliably."
        )
    elif ratio > 1:
        price = (
            f"{ratio:.3g} times the error of simply repeating yesterday's price. "
            "This forecast is worth nothing."
        )
    else:
        price = f"{1 - ratio:.1%} less error than repeating yesterday's price."
    if (inside := figures["coverage_80"]) is None:
        return price
    return (
        f"{price} What it does know is the risk: {inside:.0%} of the prices fell "
        "within its 80% interval."
    )
