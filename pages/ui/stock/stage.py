"""The right column: a training as it runs, then its result in the same place."""

import streamlit as st

from core.stock import Result
from core.stock.alts import fan_alt, overview_alt
from core.stock.figures import fan, forecast
from pages.ui import live
from pages.ui.cache import is_changing
from pages.ui.imported import notes_on
from pages.ui.session import platform
from pages.ui.stock.drawn import YEAR, chart
from pages.ui.stock.models import Shown
from pages.ui.words import as_text, four_decimals, percent, three_digits

BETTER = ":green[:material/check_circle:]"
WORSE = ":red[:material/cancel:]"
SAME = ":gray[:material/drag_handle:]"
SILENT = ":gray[:material/remove:]"


def stage(run, found: Shown | None, result: Result | None) -> None:
    """Draw the run that this page shows, or the example."""
    if run and is_changing(run):
        live.follow("stock", run)
        return
    if run:
        live.ended("stock", run)
    if found is None or result is None:
        if points := platform().store.points(run.id):
            live.draw_curves("stock_ended", points)
        return
    if run is None:
        st.markdown(
            f":blue-badge[:material/school: Example] **{as_text(result.name)}**, "
            "honest recipe, default settings. Choose your data and press Train."
        )
    _verdicts(result)
    _glance(result)
    _ahead(result)
    notes_on(result.series.notes, "About these prices")


def _verdicts(result: Result) -> None:
    """Whether price and risk are forecast, a sentence each."""
    view = result.views[1]
    tests = (
        (view.price_test, result.verdict_price),
        (view.risk_test, result.verdict_risk),
    )
    for test, sentence in tests:
        icon = SAME
        if test is None:
            icon = SILENT
        elif test.better:
            icon = BETTER
        elif test.worse:
            icon = WORSE
        st.markdown(f"{icon} **{sentence}**")


def _glance(result: Result) -> None:
    """Four figures of tomorrow's forecast, each beside what it has to beat."""
    figures = result.metrics
    with st.grid(4, min_column_width=130):
        _metric(
            "Error ÷ last price's",
            four_decimals(figures["rel_rmse"]),
            f"{three_digits(figures['rmse'])} ÷ {three_digits(figures['rmse_naive'])}",
            "Root mean squared error (RMSE) of the next day's price on the test days, "
            "divided by that of repeating the last known price. Below 1 is better.",
        )
        _metric(
            "NLL",
            four_decimals(figures["nll"]),
            f"GARCH: {four_decimals(figures['nll_garch'])}",
            "Negative log-likelihood per day: the less probable the actual returns "
            "were under the forecast, the higher. Lower is better.",
        )
        _metric(
            "Coverage of 80%",
            percent(figures["coverage_80"]),
            f"of 95%: {percent(figures['coverage_95'])}",
            "Share of the test prices inside the intervals; they should contain 80% "
            "and 95%.",
        )
        _metric(
            "Direction",
            percent(figures["directional_accuracy"]),
            f"always the same: {percent(figures['majority_class'])}",
            "Share of the days whose rise or fall was predicted correctly, and the "
            "share for always predicting the more frequent of the two.",
        )


def _metric(name: str, value: str, beside: str, help: str) -> None:
    st.metric(
        name, value, delta=beside, delta_color="off", delta_arrow="off", help=help
    )


def _ahead(result: Result) -> None:
    """The coming days; of a recipe that cannot forecast them, the last test year."""
    if (future := result.future) is None:
        st.markdown("**The last year of the test**: this recipe forecasts no further.")
        st.caption(result.lag.sentence)
        alt = overview_alt(result)
        chart("hero", forecast, result, False, YEAR, alt=alt, height=300)
        return
    low, high = (three_digits(future.bands[f"{end}_80"][-1]) for end in ("low", "high"))
    last = result.series.dates[-1]
    st.markdown(
        f"**Forecast** at the close of {last}: a price of "
        f"{three_digits(future.median[-1])} on {future.dates[-1]}, and with 80% "
        f"probability between {low} and {high}."
    )
    chart("future", fan, result, alt=fan_alt(result), height=300)
