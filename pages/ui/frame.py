"""The frame around every page: its title, the navigation, the owner, the workers."""

from pathlib import Path

import streamlit as st

from core.process import one_thread
from pages.ui.address import arrive
from pages.ui.admin import has_admin_page
from pages.ui.controls import take_decimal_commas
from pages.ui.redraw import TURNS
from pages.ui.session import platform

ROOT = Path(__file__).parents[1]
ICON = ROOT / "ui" / "icon.png"


def show() -> None:
    """Draw the page that the address names, when it is its turn."""
    with TURNS.turn(first=True):
        navigate().run()


def navigate():
    """Set the page up and return the page that the address names."""
    st.set_page_config(page_title="Unrolled", page_icon=str(ICON), layout="wide")
    st.session_state["frame_entered"] = True
    page = st.navigation(
        [
            st.Page(
                ROOT / "home.py",
                title="Home",
                icon=":material/home:",
                default=True,
                help="An overview, and whether the workers are ready.",
            ),
            st.Page(
                ROOT / "rnn.py",
                title="RNN",
                icon=":material/repeat:",
                help="A recurrent network, from one cell to the backward pass.",
            ),
            st.Page(
                ROOT / "lstm.py",
                title="LSTM",
                icon=":material/memory:",
                help="The long short-term memory, gate by gate.",
            ),
            st.Page(
                ROOT / "stock.py",
                title="Prices",
                icon=":material/candlestick_chart:",
                help="Train an LSTM on daily prices, and compare it with simple "
                "forecasts.",
            ),
            st.Page(
                ROOT / "emoji.py",
                title="Emoji",
                icon=":material/mood:",
                help="Type a sentence, get an emoji; teach the LSTM where it is wrong.",
            ),
            st.Page(
                ROOT / "music.py",
                title="Music",
                icon=":material/music_note:",
                help="Listen to an LSTM improvise over your chords, and train your "
                "own.",
            ),
            st.Page(
                ROOT / "runs.py",
                title="Runs",
                icon=":material/history:",
                help="Your training runs, with their settings and results.",
            ),
            *_admin(),
        ],
        position="top",
    )
    arrive(page.url_path)
    return page


def _admin():
    """The admin page, where there is a token that opens it."""
    if not has_admin_page():
        return []
    page = st.Page(
        ROOT / "admin.py",
        title="Admin",
        icon=":material/admin_panel_settings:",
        help="Workers, queue and failed runs. Needs a token.",
    )
    return [page]


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
    one_thread()
    take_decimal_commas()
    platform().supervisor.warm()
