"""Contrast that the theme cannot set: WCAG 2.2 asks for 4.5 to 1."""

from pathlib import Path

import streamlit as st

STYLES = Path(__file__).parent / "contrast.css"


def raise_contrast() -> None:
    """Give captions, and primary buttons on a dark page, enough contrast."""
    st.html(STYLES)
