"""The way onto the path, on the home page."""

import streamlit as st

from pages.ui.intents import button
from pages.ui.membership import current_progress
from pages.ui.path.progress import current_station, is_done
from pages.ui.path.stations import MINUTES, STATIONS, number_of
from pages.ui.path.view import visit


def start_here() -> None:
    """Draw the button that starts or continues the path."""
    progress = current_progress()
    station = current_station(progress)
    open_ones = [each for each in STATIONS if not is_done(each, progress)]
    if station not in open_ones:
        station = next(iter(open_ones), station)
    done = len(STATIONS) - len(open_ones)
    if progress is None:
        label, words = (
            "Start here",
            f"Eleven stations in {MINUTES} minutes, from page to page.",
        )
    else:
        label = f"Go on at station {number_of(station)}"
        words = f"{done} of {len(STATIONS)} stations done."
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        button(
            label,
            "home_start",
            visit,
            station,
            # On its page the panel's steps come first.
            type="secondary" if progress and station == STATIONS[0] else "primary",
            icon=":material/route:",
            help="A guided path: at each station something to do, which the page "
            "checks by itself, and a question.",
        )
        st.markdown(words, width="content")
