"""Every day of the test part, and the days to come, as pictures and as numbers."""

import streamlit as st

from core.stock import Result
from core.stock.alts import overview_alt
from core.stock.figures import overview
from pages.ui.address import hold
from pages.ui.stock.drawn import SPANS, chart, days_of

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
COLUMNS = {
    name: st.column_config.NumberColumn(label, format="%.5g")
    for name, label in LABELS.items()
} | {"Date": st.column_config.DateColumn(format="YYYY-MM-DD")}


def past_view(result: Result) -> None:
    """Draw predicted against actual, the errors below, and both tables."""
    st.markdown("##### Predicted and actual, one day ahead")
    with st.container(horizontal=True, vertical_alignment="center"):
        span = st.segmented_control(
            "Days shown",
            SPANS,
            required=True,
            label_visibility="collapsed",
            key=hold("stock_span", SPANS[0], SPANS),
            help="“All” includes the training part.",
            persist_state="session",
        )
        log = st.toggle(
            "Log prices",
            key=hold("stock_log_price", False),
            help="On a logarithmic axis, equal distances are equal percentages.",
            persist_state="session",
        )
    chart(
        "forecast",
        overview,
        result,
        log,
        days_of(span, len(result.dates)),
        alt=overview_alt(result),
        height=520,
        zoom=True,
    )
    with st.grid(2, min_column_width=320):
        if result.future is not None:
            with st.container():
                st.markdown("##### The coming days")
                _table(
                    "ahead",
                    result.future.columns,
                    "Forecast price of each coming day, with the bounds of its 80% and "
                    "95% intervals",
                )
        with st.container():
            st.markdown("##### The test days, newest first")
            newest = {name: column[::-1] for name, column in result.columns.items()}
            _table(
                "table",
                newest,
                "Actual, predicted and last known price of each test day, newest first",
            )


def _table(name: str, columns: dict, alt: str) -> None:
    st.dataframe(
        columns,
        column_config=COLUMNS,
        hide_index=True,
        height=300,
        key=f"stock_{name}",
        alt=alt,
    )
