"""The right column, with a training or its result, and the tab *Result*."""

import math

import numpy as np
import streamlit as st

from core.stats import three_digits
from core.stock import Result
from core.stock.data.frequency import DEFAULT
from core.stock.data.series import PriceSeries
from core.stock.figures.forecast import (
    fan,
    fan_alt,
    forecast,
    latest_prices,
    overview,
    overview_alt,
)
from core.stock.wording import format_time
from pages.ui.address import bind, persistent
from pages.ui.cache import points_of
from pages.ui.charts import chart as plotly_chart
from pages.ui.charts import ink
from pages.ui.download import download_button
from pages.ui.live import panel
from pages.ui.stock.charts import chart, latest, latest_name
from pages.ui.stock.data import notes_expander
from pages.ui.stock.guess import game_buttons, game_of, game_view
from pages.ui.stock.models import reuse
from pages.ui.takeaway import while_readable
from pages.ui.words import as_text

CHOOSE = "Press Train to watch it learn."
BETTER = ":green[:material/check_circle:]"
WORSE = ":red[:material/cancel:]"
SAME = ":gray[:material/drag_handle:]"
NO_TEST = ":gray[:material/remove:]"
SPANS = ("Last year", "Whole test", "All")
LABELS = {
    "actual": "Actual",
    "median": "Median",
    "predicted": "Predicted",
    "naive": "Last known",
    "low_80": "80% from",
    "high_80": "80% to",
    "low_95": "95% from",
    "high_95": "95% to",
}
WIDE = 100  # ratio of two prices that need different decimals
DATE = st.column_config.DateColumn(format="YYYY-MM-DD")
TIME = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")


def run_or_result(run, result: Result | None, series: PriceSeries | None) -> bool:
    """Draw the live panel of a run, its result, or the prices that are chosen.

    `result` is that of the run or of the example; None if it is not of what is chosen.
    Return whether a question of the game is open, which the tabs would answer.
    """
    game = None
    if run and panel.is_live("stock", run):
        panel.follow("stock", run)
        if series and not points_of(run):
            _prices(series)
        return False
    if result:
        run_id = run.id if run else None
        game = game_of(result, run_id)
        with st.container(horizontal=True, vertical_alignment="center"):
            if run is None and game is None:
                name = as_text(result.name)
                if series is None:  # no file yet, or a refused one
                    shown = f"Still showing **{name}**."
                else:
                    shown = f"{name}, trained before. {CHOOSE}"
                st.markdown(
                    f":blue-badge[:material/school: Example] {shown}", width="content"
                )
            game_buttons(result, run_id)
        if game:
            game_view(result, game)
        else:
            _verdicts(result, run_id)
    elif series:
        _prices(series)
    if run:
        panel.ended(run)
        if result is None and (points := points_of(run)):
            panel.draw_curves("stock_ended", points)
    if result:
        notes_expander(result.series.notes, "About these prices")
    return bool(game and not game.guess)


def _prices(series: PriceSeries) -> None:
    """Draw the latest prices, before a training."""
    frequency = series.frequency
    st.markdown(
        f"**{as_text(series.name)}**, {latest_name(frequency).lower()}. After "
        "*Train*, the forecast continues this line, with how far it may be off."
    )
    figure = latest_prices(series, ink(), latest(frequency))
    alt = f"Actual prices, {latest_name(frequency).lower()}"
    plotly_chart(figure.update_layout(height=300), "stock_prices", alt)


def _verdicts(result: Result, run_id: str | None) -> None:
    """Draw the answer in plain sentences, the picture, and the exact sentences."""
    icons = {"better": BETTER, "worse": WORSE, "same": SAME, "": NO_TEST}
    verdicts = result.risk, result.price
    st.markdown("  \n".join(f"{icons[v.kind]} **{v.plain}**" for v in verdicts))
    _future(result, run_id)
    st.caption("Exactly, with p: the chance of such a difference between equal models.")
    for verdict in verdicts:
        st.caption(verdict.text)
    if agree := result.seeds_agree:
        st.caption(agree)
    if warning := reuse(result):
        st.caption(warning)


def _future(result: Result, run_id: str | None) -> None:
    """Draw the coming days, or for the classic recipe the last test year."""
    frequency = result.series.frequency
    if (future := result.future) is None:
        alt = overview_alt(result)
        rows = latest(frequency)
        chart("hero", forecast, result, False, rows, alt=alt, height=300)
        st.markdown(
            f"**The {latest_name(frequency).lower()} of the test**: this recipe "
            "forecasts no further."
        )
        st.caption(result.lag.sentence)
        return
    chart("future", fan, result, alt=fan_alt(result), height=380)
    last = format_time(result.series.dates[-1])
    on = "at" if frequency.intraday else "on"
    values = future.median, future.bands["low_80"], future.bands["high_80"]
    prices = []
    for row in sorted({0, len(future.dates) - 1}):
        median, low, high = (three_digits(each[row]) for each in values)
        day = format_time(future.dates[row])
        prices.append(f"{median} {on} {day} ({low} to {high})")
    st.markdown(
        f"**Forecast** at the close of {last}, and where the price will be with 80% "
        f"probability: {' and '.join(prices)}."
    )
    if frequency == DEFAULT:
        st.caption("The dates of coming days do not leave out public holidays.")
    download_button(
        "Forecast (CSV)",
        while_readable(future.to_csv, run_id),
        "forecast.csv",
        "stock_download_forecast",
        help="The median of each coming row, and the bounds of both intervals.",
    )


def result_tab(result: Result) -> None:
    """Draw predicted and actual prices, the errors, and both tables."""
    frequency = result.series.frequency
    st.markdown(f"##### Predicted and actual, {frequency.one} ahead")
    span, log = _span_and_scale(frequency)
    rows = {SPANS[0]: latest(frequency), "Whole test": len(result.dates), "All": None}
    chart(
        "forecast",
        overview,
        result,
        log,
        rows[span],
        alt=overview_alt(result),
        height=520,
        zoom=True,
    )
    with st.grid(2, min_column_width=320):
        _tables(result)


def _span_and_scale(frequency) -> tuple[str, bool]:
    """Draw the choice of the days shown, and of a logarithmic axis."""
    with st.container(horizontal=True, vertical_alignment="center"):
        span = st.segmented_control(
            "Days shown",
            SPANS,
            format_func=lambda span: (
                latest_name(frequency) if span == SPANS[0] else span
            ),
            required=True,
            label_visibility="collapsed",
            **persistent(bind("stock_span", SPANS[0], SPANS)),
        )
        log = st.toggle(
            "Log prices",
            **persistent(bind("stock_log_price", False)),
            help="On a logarithmic axis, equal distances are equal percentages.",
        )
    return span, log


def _tables(result: Result) -> None:
    """Draw the forecast of the coming days, if there is one, and the test days."""
    row = result.series.frequency.row
    if result.future is not None:
        with st.container():
            st.markdown(f"##### The coming {row}s")
            _table(
                "ahead",
                result.future.columns,
                f"Forecast price of each coming {row}, with the bounds of its 80% "
                "and 95% intervals",
            )
    with st.container():
        st.markdown(f"##### The test {row}s, newest first")
        newest = {name: column[::-1] for name, column in result.columns.items()}
        _table(
            "table",
            newest,
            f"Actual, predicted and last known price of each test {row}, newest first",
        )


def _table(name: str, columns: dict, alt: str) -> None:
    is_day = columns["Date"].dtype == "datetime64[D]"
    prices = {key: column for key, column in columns.items() if key != "Date"}
    written = price_format(np.concatenate(list(prices.values())))
    config = {
        key: st.column_config.NumberColumn(LABELS[key], format=written)
        for key in prices
    }
    st.dataframe(
        columns,
        column_config=config | {"Date": DATE if is_day else TIME},
        hide_index=True,
        height=300,
        key=f"stock_{name}",
        alt=alt,
    )


def price_format(prices: np.ndarray) -> str:
    """Return the format of a table's prices: five digits of the lowest one."""
    known = prices[np.isfinite(prices)]
    low, high = known.min(initial=np.inf), known.max(initial=0)
    if not 0 < low <= high < WIDE * low:
        return "%.5g"
    return f"%.{max(0, 4 - math.floor(math.log10(low)))}f"
