"""Tabs of which only the open one is computed."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.ui.address import hold


def open_tab(prefix: str, views: Mapping[str, Callable[[], object]]) -> None:
    """Draw tabs with the content of the open one, keyed `<prefix>_tabs`."""
    names = list(views)
    key = hold(f"{prefix}_tabs", names[0], names)
    for tab, draw in zip(
        st.tabs(names, key=key, on_change="rerun"), views.values(), strict=True
    ):
        if tab.open:
            with tab:
                draw()
