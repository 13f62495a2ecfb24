"""The charts of the price page."""

from pages.ui import charts
from pages.ui.cache import shared_cache
from pages.ui.charts import ink

YEAR = {"daily": 250, "every-day": 365}  # rows
STEPS = 10  # times the longest horizon: the span shown first for other rows
# At the top of the figure at any height, in as few rows as its width allows.
LEGEND = {"yref": "container", "y": 1, "yanchor": "top", "entrywidth": 0}


def latest(frequency) -> int:
    """The number of latest rows that a chart shows first."""
    return YEAR.get(frequency.name, STEPS * frequency.horizons[-1])


def latest_name(frequency) -> str:
    """The name of these rows: `Last year`, or `Last 120 months`."""
    if frequency.daily:
        return "Last year"
    return f"Last {frequency.ahead(latest(frequency))}"


def chart(name: str, draw, result, *args, alt: str, height: int, zoom=False) -> None:
    """Draw the figure `draw(result, ink, *args)` under the key `stock_<name>`."""
    figure = shared_cache(_figure, result, draw, ink(), height, args)
    charts.chart(figure, f"stock_{name}", alt, zoom=zoom)


def _figure(result, draw, ink: str, height: int, args: tuple):
    return draw(result, ink, *args).update_layout(height=height, legend=LEGEND)
