"""The line of the path on every page of whoever is on it."""

from contextlib import suppress

import streamlit as st

from core.runs import StoreError
from pages.ui.address import follow_link
from pages.ui.membership import change_path, current_progress, note_presence
from pages.ui.path.progress import (
    current_station,
    follow_station,
    is_checked,
    is_done,
    note_what_is_done,
)
from pages.ui.path.stations import STATIONS, number_of
from pages.ui.path.view import CHECKED, UNCHECKED, next_button, station_view
from pages.ui.session import platform


def path_line() -> None:
    """Draw the line if this browser is on the path; nothing for all others.

    Nor while the store is away: the page may do without it.
    """
    note_presence()
    progress = current_progress()
    if progress is not None and progress.shown:
        with suppress(StoreError):
            _draw()


def _draw() -> None:
    station = current_station(current_progress())
    note_what_is_done(station)
    progress = current_progress()
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="path_line_box"
    ):
        menu = st.popover(
            f"Station {number_of(station)} of {len(STATIONS)}",
            key="path_line",
            icon=":material/route:",
            type="tertiary",
            help="What to do here, the question, and the way on.",
            on_change="rerun",
        )
        if is_done(station, progress):
            last = number_of(station) == len(STATIONS)
            st.markdown(f"{CHECKED} Done." + (" That was the last one." * last))
            next_button("path_line", station)
        elif is_checked(station, progress):
            st.markdown(f"{CHECKED} Checked. Now the question.")
            if st.button(
                "Question",
                key="path_line_question",
                icon=":material/psychology:",
                help="Goes back to the station, where its question is.",
            ):
                follow_link("path", f"station={station.key}")
        else:
            st.markdown(f"{UNCHECKED} {station.task}")
    if menu.open:
        with menu:
            st.markdown(f"**{station.title}**")
            station_view("path_line_menu", station)
            with st.container(horizontal=True):
                st.page_link(
                    "pages/path.py", label="All stations", icon=":material/route:"
                )
                st.button(
                    "Leave the path",
                    key="path_line_leave",
                    icon=":material/close:",
                    type="tertiary",
                    help="Takes this line away. What you have done is kept: come back "
                    "from the page *Home*.",
                    on_click=change_path,
                    args=(platform().paths.leave,),
                )
    follow_station("path_line_live", station)
