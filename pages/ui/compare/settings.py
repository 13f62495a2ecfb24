"""The settings of the compared runs, a column each."""

import streamlit as st

from core.comparison.settings import settings_csv, settings_of
from pages.ui.address import bind, persistent
from pages.ui.compare.link import swatch
from pages.ui.controls import setting_name
from pages.ui.download import download_button
from pages.ui.words import setting_text


def settings_view(runs) -> None:
    """Draw the settings that differ, or all, and their file."""
    rows = settings_of(runs)
    different = [row for row in rows if row.differs]
    st.markdown("##### Settings")
    with st.container(horizontal=True, vertical_alignment="center"):
        every = st.toggle(
            "All settings",
            **persistent(bind("compare_all", False)),
            help="Shows common settings, too.",
        )
        download_button(
            "Settings as CSV",
            lambda: settings_csv(runs, rows),
            "settings.csv",
            "compare_settings_csv",
            help="Every setting of every run.",
        )
    if not (every or different):
        st.caption("All settings and data are the same.")
        return
    st.table(
        [
            {"": setting_name(row.name)}
            | {swatch(n): _text(value) for n, value in enumerate(row.values)}
            for row in (rows if every else different)
        ],
        hide_index=True,
        border="horizontal",
        alt="Settings of each run, one column a run",
    )


def _text(value) -> str:
    return "–" if value is None else setting_text(value)
