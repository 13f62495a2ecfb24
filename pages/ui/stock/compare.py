"""Forecasts of the last test year over each other."""

import streamlit as st

from core.stock.figures.comparison import forecasts_figure, latest_forecasts
from pages.ui.cache import session_cache
from pages.ui.charts import chart, ink
from pages.ui.compare.link import MOST
from pages.ui.stock.charts import latest

HEIGHT = 460
SAME = 20  # latest prices by which series are told apart


def forecasts_view(runs, _, made) -> None:
    """Draw the forecasts, one figure for each series of prices."""
    by_prices = {}
    for place, run in enumerate(runs):
        if forecasts := made(run, _forecasts):
            prices = forecasts.actual[-SAME:].tobytes()
            by_prices.setdefault((run.title, prices), {})[place] = forecasts
    for number, ((title, _), forecasts) in enumerate(by_prices.items()):
        version = ink(), *((runs[n].id, runs[n].finished) for n in forecasts)
        figure = session_cache(
            "compare", "forecasts", version, lambda f=forecasts: _figure(f), MOST
        )
        chart(
            figure,
            f"compare_forecasts_{number}",
            f"Actual and forecast prices of {title}, and below half the width of the "
            "80% interval",
        )
    st.caption(
        "Each run's forecast of the next price on the last test rows, and below it "
        "half the width of its 80% interval. Forecasts of the next price are all close "
        "to the last one; the runs differ in their uncertainty."
    )


def _forecasts(result):
    return latest_forecasts(result, latest(result.series.frequency))


def _figure(forecasts):
    return forecasts_figure(forecasts, ink()).update_layout(height=HEIGHT)
