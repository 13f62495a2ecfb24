"""The countdown of a poll, which runs in the browser."""

import time

import streamlit as st

from pages.ui.web.scripts import script

_countdown = st.components.v2.component(
    "countdown",
    html='<p role="timer" aria-label="Time left"></p>',
    css="""
    p { margin: 0; color: var(--st-text-color); font-variant-numeric: tabular-nums;
        font: 600 1.25rem var(--st-heading-font) }
    """,
    js=script("classes/countdown.js"),
)


def countdown(key: str, until: float) -> None:
    """Draw the minutes and seconds until a moment, in seconds since 1970, UTC."""
    _countdown(key=key, data={"left": until - time.time(), "until": until})
