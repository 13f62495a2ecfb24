"""Contrast and sizes that the theme cannot set (WCAG 2.2, 1.4.3, 1.4.11, 2.5.8)."""

from pathlib import Path

import streamlit as st

_contrast = st.components.v2.component(
    "contrast",
    css=(Path(__file__).parent / "contrast.css").read_text(),
    isolate_styles=False,  # the styles are for Streamlit's own elements
)


def raise_contrast() -> None:
    """Make captions and primary buttons readable, and the focus of a link visible."""
    _contrast(key="contrast")
