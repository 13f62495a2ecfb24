"""Where the prices come from: a bundled series, a file, or a ticker."""

import streamlit as st

from core.stock.samples import SAMPLES, load_sample
from pages.ui.address import hold, restore
from pages.ui.ticker import ticker_prices
from pages.ui.upload import uploaded_prices

SOURCES = ("Sample", "Upload", "Ticker")


def prices():
    """Draw the choice; return the series, or None while there is none."""
    source = st.segmented_control(
        "Source",
        SOURCES,
        required=True,
        key=hold("stock_source", "Sample", SOURCES),
        help="A bundled series, your own CSV file, or any ticker of Yahoo Finance.",
        persist_state="session",
    )
    if source == "Upload":
        return uploaded_prices()
    if source == "Ticker":
        return _ticker()
    titles = {name: sample.title for name, sample in SAMPLES.items()}
    name = st.selectbox(
        "Series",
        list(titles),
        format_func=titles.get,
        key=hold("stock_sample", next(iter(titles)), titles),
        help="The series to train on: six bundled ones of different character.",
        persist_state="session",
    )
    st.caption(SAMPLES[name].character)
    return load_sample(name)


def _ticker():
    series = ticker_prices()
    if series is not None:
        return series
    # Nothing is lost: the sample stays chosen.
    name = st.session_state.get("stock_sample", next(iter(SAMPLES)))
    st.caption(f"Until then, **{SAMPLES[name].title}** stays selected.")
    return load_sample(name)


def recall_sample(run) -> None:
    """Choose the bundled series again that a run has learned from, if it did."""
    for name, sample in SAMPLES.items():
        if run.title == sample.title and run.summary.get("rows") in (
            None,
            len(load_sample(name)),
        ):
            restore("stock", {"source": "Sample", "sample": name})
