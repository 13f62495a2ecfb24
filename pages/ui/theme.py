"""Colours that depend on the page being light or dark."""

import streamlit as st

from core.palette import INK_DARK, INK_LIGHT

PLAIN = {"displayModeBar": False, "responsive": True}
ZOOMABLE = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "toImage"],
}


def ink() -> str:
    """The colour of text, axes and actual values on the page as it is shown."""
    return INK_DARK if st.context.theme.type == "dark" else INK_LIGHT
