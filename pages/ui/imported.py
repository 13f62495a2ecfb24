"""What is said of a series that was read or fetched."""

import streamlit as st

from core.stock.ticker import currency_words
from pages.ui.words import as_text


def tell(imported, title) -> None:
    """Name, length, span, last price and source, then what is odd and what was done."""
    series, report = imported.series, imported.report
    currency = f" {as_text(currency_words(series.currency))}" if series.currency else ""
    source = f" {as_text(series.source)}." if series.source else ""
    st.caption(
        f"**{as_text(series.name)}**: {len(series):,} rows, {series.dates[0]} to "
        f"{series.dates[-1]}, last price {series.prices[-1]:,.5g}{currency}.{source}"
    )
    for warning in report.warnings:
        st.warning(as_text(warning), icon=":material/warning:")
    notes_on(report.repairs, title, key="stock_repairs")


def notes_on(notes, title, key=None) -> None:
    """Sentences on a series, folded away; nothing if there are none."""
    if not notes:
        return
    with st.expander(f"{title} ({len(notes)})", icon=":material/build:", key=key):
        st.markdown("\n".join(f"- {as_text(note)}" for note in notes))
