"""A person's own file: read once, kept for the session, and refused in a sentence."""

from pathlib import PurePath

import streamlit as st

from core.stock.csvfile import read_csv
from core.task import UserError
from pages.ui.words import as_text


def uploaded_prices():
    """The series of the uploaded CSV, or None while there is none that can be used."""
    file = st.file_uploader(
        "CSV file",
        type=["csv", "txt"],
        max_upload_size=5,
        key="stock_upload",
        help="Daily prices in Yahoo's form, with the columns Date and Adj Close or "
        "Close, or the seven columns without a header. At most 5 MB.",
    )
    if file:
        _keep(file)
    kept = st.session_state.get("stock_uploaded")
    if kept is None:
        st.caption(
            "One row a day, with a date and a price. At least 520 rows, by default."
        )
        return None
    _, series, error = kept
    if error:
        st.error(error, icon=":material/error:")
        return None
    st.caption(
        f"**{as_text(series.name)}**: {len(series):,} rows, {series.dates[0]} to "
        f"{series.dates[-1]}, last price {series.prices[-1]:,.5g}."
    )
    return series


def _keep(file) -> None:
    kept = st.session_state.get("stock_uploaded")
    if kept and kept[0] == file.file_id:
        return
    series, error = None, None
    try:
        series = read_csv(file.getvalue(), PurePath(file.name).stem)
    except UserError as refusal:
        error = as_text(str(refusal))
    st.session_state["stock_uploaded"] = (file.file_id, series, error)
