"""Where the prices come from: a bundled series, a file, or a ticker."""

import streamlit as st

from core.stock.samples import SAMPLES, load_sample
from pages.ui.ticker import ticker_prices
from pages.ui.upload import uploaded_prices


def prices():
    """Draw the choice; return the series, or None while there is none."""
    source = st.segmented_control(
        "Source",
        ["Sample", "Upload", "Ticker"],
        default="Sample",
        required=True,
        key="stock_source",
        help="A bundled series, a CSV of your own, or any ticker that Yahoo knows.",
        persist_state="session",
    )
    if source == "Upload":
        return uploaded_prices()
    if source == "Ticker":
        return _ticker()
    name = st.selectbox(
        "Series",
        list(SAMPLES),
        format_func=lambda name: SAMPLES[name].title,
        key="stock_sample",
        help="What the network learns from: six series of different character.",
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
    st.caption(f"Until then, **{SAMPLES[name].title}** stays chosen.")
    return load_sample(name)


def recall_sample(run) -> None:
    """Choose the bundled series again that a run has learned from, if it did."""
    for name, sample in SAMPLES.items():
        if run.title == sample.title and run.summary.get("rows") in (
            None,
            len(load_sample(name)),
        ):
            st.session_state["stock_source"] = "Sample"
            st.session_state["stock_sample"] = name
