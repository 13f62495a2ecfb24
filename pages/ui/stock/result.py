"""The right column, with a training or its result, and the tab *Result*."""

import math

import numpy as np
import streamlit as st

from core.stats import three_digits
from core.stock import Result
from core.stock.data.frequency import DEFAULT
from core.stock.figures.forecast import (
    fan,
    fan_alt,
    forecast,
    overview,
    overview_alt,
)
from core.stock.judging.verdict import NAMES as RIVALS
from core.stock.models import LSTM
from core.stock.sources.samples import SAMPLES
from core.stock.wording import format_time
from pages.ui.address import bind
from pages.ui.cache import points_of
from pages.ui.charts import metric
from pages.ui.live import panel
from pages.ui.stock.charts import chart, latest, latest_name
from pages.ui.stock.data import notes_expander
from pages.ui.stock.models import MODEL_NAMES, reuse, sample_verdicts
from pages.ui.words import as_text, four_decimals, percent

BETTER = ":green[:material/check_circle:]"
WORSE = ":red[:material/cancel:]"
SAME = ":gray[:material/drag_handle:]"
NO_TEST = ":gray[:material/remove:]"
POWER = (
    "Can this test see small effects? In series of 3,000 returns it found a strong "
    "rule (it moves the next return by about a third of its standard deviation) in 144 "
    "of 160 simulations, one half as strong in 40 of 160, and never one that was "
    "absent (200)."
)
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
ADJUSTED = (80, "conformal")  # level and kind of an interval
WIDE = 100  # ratio of two prices that need different decimals
DATE = st.column_config.DateColumn(format="YYYY-MM-DD")
TIME = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")


def run_or_result(run, result: Result | None) -> None:
    """Draw the live panel of a run, or the result."""
    if run and panel.is_live("stock", run):
        panel.follow("stock", run)
        return
    if run:
        panel.ended("stock", run)
    if result is None:
        if points := points_of(run):
            panel.draw_curves("stock_ended", points)
        return
    if run is None:
        st.markdown(
            f":blue-badge[:material/school: Example] **{as_text(result.name)}**, "
            "honest recipe, default settings. Choose your data and press Train."
        )
    _verdicts(result)
    _models(result)
    if run is None:
        _all_samples()
    _metrics(result)
    _future(result)
    notes_expander(result.series.notes, "About these prices")


def _verdicts(result: Result) -> None:
    """Draw the verdicts on price and risk: a plain sentence, the exact one below it."""
    icons = {"better": BETTER, "worse": WORSE, "same": SAME, "": NO_TEST}
    for verdict in (result.price, result.risk):
        st.markdown(f"{icons[verdict.kind]} **{verdict.plain}**")
        st.caption(verdict.text)
    if warning := reuse(result):
        st.caption(warning)


def _models(result: Result) -> None:
    """All models side by side, the nearest horizon first."""
    frequency = result.series.frequency
    rows = []
    for each in result.by_horizon.values():
        adjusted = [e for e in each.intervals if (e.level, e.kind) == ADJUSTED]
        for row in each.models.values():
            cover = adjusted[0].coverage if adjusted and row.model == LSTM else None
            rows.append(
                {
                    "Model": MODEL_NAMES[row.model],
                    f"{frequency.step.title()}s ahead": row.horizon * frequency.size,
                    "Error ÷ last price's": four_decimals(row.rel_rmse),
                    "NLL": four_decimals(row.nll),
                    "Coverage of 80%": percent(row.coverage_80),
                    "Adjusted": percent(cover),
                }
            )
    with st.expander("All models in this test", icon=":material/table:"):
        st.dataframe(
            rows,
            hide_index=True,
            height=300,
            key="stock_models",
            alt="Error, likelihood and coverage of each model at each horizon",
        )
        st.caption(
            "Boosting reads the last three returns and the calendar. "
            "“Same inputs without the LSTM” is the baseline of the LSTM's "
            "contribution. Coverage is that of each model's own distribution, the "
            "adjusted one that of the network's intervals corrected by past misses."
        )
        st.caption(POWER)


def _all_samples() -> None:
    """Draw the verdicts on each of the bundled series."""
    rows = [
        {
            "Series": SAMPLES[name].title,
            "Risk, 1 day": _against(verdicts["risk"][0]),
            "Risk, further": _unlike_rivals(verdicts["risk"][1:]),
            "Price": _unlike_rivals(verdicts["price"]),
            "LSTM adds": _added(verdicts),
        }
        for name, verdicts in sample_verdicts().items()
    ]
    with st.expander("All six bundled series, with the same settings"):
        st.table(
            rows, alt="Verdict on the risk at each horizon, of each bundled series"
        )


def _unlike_rivals(outcomes) -> str:
    """The horizons at which the network was better or worse than a rival."""
    return (
        "; ".join(
            f"{DEFAULT.ahead(outcome.horizon)}: {_against(outcome)}"
            for outcome in outcomes
            if outcome.kind != "same"
        )
        or "like its rivals"
    )


def _against(outcome) -> str:
    """The comparison with the best simple model in a few words."""
    words = {"better": "better than", "worse": "worse than", "same": "like"}
    return f"{words[outcome.kind]} {RIVALS[outcome.rival]}"


def _added(verdicts) -> str:
    """Where the LSTM adds to the same inputs without it, in a few words."""
    found = (
        f"{of}, {DEFAULT.ahead(outcome.horizon)}"
        for of, outcomes in verdicts.items()
        for outcome in outcomes
        if outcome.adds == "better"
    )
    return "; ".join(found) or "nothing"


def _metrics(result: Result) -> None:
    """Four metrics of the next day's forecast, each beside its baseline."""
    forecast, row = result.by_horizon[1], result.series.frequency.row
    metrics, models = forecast.network, forecast.models
    rival = forecast.best_rival
    covers = [forecast.shown(level) for level in (80, 95)]
    shares = [percent(each and each.coverage) for each in covers]
    with st.grid(4, min_column_width=130):
        metric(
            "Error ÷ last price's",
            four_decimals(metrics.rel_rmse),
            " ÷ ".join(
                f"{three_digits(each.rmse_percent)}%"
                for each in (metrics, models["naive"])
            ),
            f"Root mean squared error (RMSE) of the next {row}'s price on the test "
            f"{row}s, in percent of the last known price, divided by that of repeating "
            "the last known price. Below 1 is better.",
        )
        metric(
            "Risk error (NLL)",
            four_decimals(metrics.nll),
            f"{RIVALS[rival]}: {four_decimals(models[rival].nll)}" if rival else "–",
            f"Negative log-likelihood per {row}: the less probable the actual returns "
            "were under the forecast, the higher. Lower is better. Below it that of "
            "the best simple model in the test part.",
        )
        metric(
            "Coverage of 80%",
            shares[0],
            f"of 95%: {shares[1]}",
            "Share of the test prices inside the intervals; they should contain 80% "
            "and 95%.",
        )
        metric(
            "Direction",
            percent(metrics.directional_accuracy),
            "always the same: "
            f"{percent(forecast.direction and forecast.direction.majority)}",
            f"Share of the {row}s whose rise or fall was predicted correctly, and the "
            "share for always predicting the more frequent of the two.",
        )


def _future(result: Result) -> None:
    """Draw the coming days, or for the classic recipe the last test year."""
    frequency = result.series.frequency
    if (future := result.future) is None:
        span = latest_name(frequency)
        st.markdown(
            f"**The {span[0].lower()}{span[1:]} of the test**: this recipe forecasts "
            "no further."
        )
        st.caption(result.lag.sentence)
        alt = overview_alt(result)
        rows = latest(frequency)
        chart("hero", forecast, result, False, rows, alt=alt, height=300)
        return
    low, high = (three_digits(future.bands[f"{end}_80"][-1]) for end in ("low", "high"))
    last, end = map(format_time, (result.series.dates[-1], future.dates[-1]))
    on = "at" if frequency.intraday else "on"
    st.markdown(
        f"**Forecast** at the close of {last}: a price of "
        f"{three_digits(future.median[-1])} {on} {end}, and with 80% "
        f"probability between {low} and {high}."
    )
    if frequency == DEFAULT:
        st.caption("The dates of coming days do not leave out public holidays.")
    chart("future", fan, result, alt=fan_alt(result), height=300)


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
            key=bind("stock_span", SPANS[0], SPANS),
            help="“All” includes the training part.",
            persist_state="session",
        )
        log = st.toggle(
            "Log prices",
            key=bind("stock_log_price", False),
            help="On a logarithmic axis, equal distances are equal percentages.",
            persist_state="session",
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
