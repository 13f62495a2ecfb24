"""The settings that suit a series: those that follow from its frequency and length."""

from core.stock.config import Config
from core.stock.data.series import PriceSeries

WINDOWS = 4  # the window is at most the rows divided by this
MANY = 30_000  # rows from which fewer networks are enough, and more take minutes


def suited(recipe: str, series: PriceSeries) -> Config:
    """Return the preset of a recipe, changed as the series needs it.

    A series of days has the preset. Others are forecast up to the longest horizon of
    their frequency, by a window that leaves enough rows to learn from.
    """
    config = Config.preset(recipe)
    frequency = series.frequency
    if frequency.step == "day":
        return config
    window = 1 << (len(series) // WINDOWS).bit_length() - 1
    changes = {
        "window": min(config.window, window),
        "forecast_days": frequency.horizons[-1],
    }
    if recipe == "honest":
        changes["horizon"] = frequency.horizons[-1]
        if len(series) > MANY:
            changes |= {"folds": 1, "seeds": 2}
    return Config.preset(recipe, **changes)
