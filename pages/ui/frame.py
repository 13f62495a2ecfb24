"""What surrounds every page: the navigation, and what a page needs before it draws."""

from pathlib import Path

import streamlit as st

from core.process import one_thread
from pages.ui.address import arrive
from pages.ui.admin import has_admin_page
from pages.ui.charts import offer_figure_files
from pages.ui.controls import take_decimal_commas
from pages.ui.session import open_share, platform

ROOT = Path(__file__).parents[1]
ICON = ROOT / "ui" / "icon.png"
PAGES = (
    ("home", "Home", "home", "An overview, and whether the workers are ready."),
    (
        "rnn",
        "RNN",
        "repeat",
        "A recurrent network, from one cell to the backward pass.",
    ),
    ("lstm", "LSTM", "memory", "The long short-term memory, gate by gate."),
    (
        "stock",
        "Prices",
        "candlestick_chart",
        "Train an LSTM on daily prices, and compare it with simple forecasts.",
    ),
    (
        "emoji",
        "Emoji",
        "mood",
        "Type a sentence, get an emoji; teach the LSTM where it is wrong.",
    ),
    (
        "music",
        "Music",
        "music_note",
        "Listen to an LSTM improvise over your chords, and train your own.",
    ),
    ("runs", "Runs", "history", "Your training runs, with their settings and results."),
)
SHARED = (  # reached by links only
    "shared",
    "Shared run",
    "share",
    "A run, or several side by side, that somebody has shared.",
)
ADMIN = (
    "admin",
    "Admin",
    "admin_panel_settings",
    "Workers, queue and failed runs. Needs a token.",
)
HIDDEN = ("shared",)  # in no menu


def navigate():
    """Set the page up and return the page that the address names."""
    st.set_page_config(page_title="Unrolled", page_icon=str(ICON), layout="wide")
    st.session_state["frame_entered"] = True
    pages = [*PAGES, *([ADMIN] if has_admin_page() else []), SHARED]
    page = st.navigation(
        [
            st.Page(
                ROOT / f"{name}.py",
                title=title,
                icon=f":material/{icon}:",
                default=name == "home",
                visibility="hidden" if name in HIDDEN else "visible",
                help=help,
            )
            for name, title, icon, help in pages
        ],
        position="top",
    )
    arrive(page.url_path)
    return page


def frame() -> None:
    """Prepare a page. Its first line.

    A link into a page of a server that nobody has opened yet does not pass through
    app.py: then the pages are made known here, and the page starts over, once, in the
    browser that followed the link. (Without a browser there is nothing to start over.)
    """
    if not st.session_state.pop("frame_entered", False):
        navigate()
        if st.context.url and not st.session_state.get("frame_restarted"):
            st.session_state["frame_restarted"] = True
            st.rerun()
        del st.session_state["frame_entered"]
    open_share(None)
    one_thread()
    take_decimal_commas()
    offer_figure_files()
    platform().supervisor.warm()
