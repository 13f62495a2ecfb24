"""Default settings for the frequency and the length of a series."""

from core.stock.config import Config
from core.stock.data.series import PriceSeries

WINDOWS = 4  # the window is at most the rows divided by this
MANY = 30_000  # rows above which there are fewer networks, to save time


def suited(recipe: str, series: PriceSeries) -> Config:
    """Return the preset of a recipe, adapted to the series.

    A daily series has the preset. Others are forecast up to the longest horizon of
    their frequency, with a window that is short enough for their length.
    """
    config = Config.preset(recipe)
    frequency = series.frequency
    if frequency.daily:
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
