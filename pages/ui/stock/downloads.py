"""The tab *Take away*: downloads of forecasts and of the trained network."""

import streamlit as st

from core.stock import Result
from pages.ui.download import download_tile
from pages.ui.takeaway import take_away, while_readable


def downloads_tab(result: Result, points, run_id: str | None) -> None:
    """Draw the downloads."""
    frequency = result.series.frequency
    about = (
        f"Every {frequency.row} of the test part: the actual price, the forecast, the "
        "last known price"
    )
    if result.distribution is not None:
        about += (
            " (`naive`), and for each `horizon` in rows the bounds of the intervals "
            "and the mean, the standard deviation and the degrees of freedom of the "
            "log return, by the network and by every rival. All scores in *Judgement* "
            "can be recomputed from it"
        )
    with st.grid(2, min_column_width=220):
        download_tile(
            "Results (CSV)",
            while_readable(result.to_csv, run_id),
            "results.csv",
            "stock_download",
            f"{about}.",
        )
    take_away("stock", "stock", result, points, run_id, model=bool(result.model))
    if not result.model:
        st.info(
            "The classic recipe forecasts one day ahead only and saves no model. Train "
            "with the honest recipe for a forecast and a model to download.",
            icon=":material/info:",
        )
