"""The panel of the path: its steps beside every page."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import streamlit as st

from core.runs import StoreError
from pages.ui.address import Link
from pages.ui.components import read
from pages.ui.intents import button
from pages.ui.membership import change_path, current_progress, note_presence
from pages.ui.path.progress import (
    current_station,
    follow_station,
    is_checked,
    is_done,
    leads_to,
    note_what_is_done,
    steps_done,
)
from pages.ui.path.stations import STATIONS, Station, place_of
from pages.ui.path.view import (
    check_view,
    guess_view,
    next_button,
    open_button,
    steps_view,
    terms_view,
)
from pages.ui.session import platform

WIDTH = 252  # pixels, but on a phone: see the styles
_styles = st.components.v2.component(
    "path_panel_styles",
    css=read("path/panel.css"),
    isolate_styles=False,  # global styles: they place Streamlit's own containers
)
WITHOUT = ("path", "shared", "board")  # pages with steps of their own, or others' work


@contextmanager
def beside_path(page: str) -> Iterator[None]:
    """Draw a page beside the panel, if this browser is on the path.

    The panel is drawn after the page: what the page has noted is ticked at once.
    """
    with suppress(StoreError):  # the page may do without it until the store is back
        note_presence()
    progress, station = current_progress(), current_station(current_progress())
    asks = page == station.page and station.guess
    st.session_state["path_guess"] = f"guess {station.key}" if asks else ""
    if page in WITHOUT or progress is None or not progress.shown:
        yield
        return
    _styles(key="path_panel_styles")
    with st.container(key="path_beside", horizontal=True, gap="medium"):
        panel = st.container(key="path_line_box", width=WIDTH)
        with st.container(key="path_page"):
            yield
    with panel, suppress(StoreError):
        _draw(page)


def _draw(page: str) -> None:
    station = current_station(current_progress())
    note_what_is_done(station, page)
    progress = current_progress()
    done, count = steps_done(station, progress), station.needed
    state = "Done" if is_done(station, progress) else f"{done} of {count} steps"
    toggled = st.session_state.get("path_line_toggled") == page
    with st.container(horizontal=True, gap="small"):
        button(
            f"{place_of(station)} · {state}",
            "path_line",
            _toggle,
            page,
            icon=":material/route:",
            type="tertiary",
            help="Shows the steps of the station, or hides them.",
        )
        next_button("path_line", station, to_page=True)
    own = page == station.page or leads_to(station, page)
    if own or toggled:  # of its own page open at first, but closed on a phone
        shown = ("narrow" if toggled else "wide") if own else "toggled"
        with st.container(key=f"path_line_{shown}"):
            _station(page, station)
    follow_station(f"path_line_live_{page}", station)


def _toggle(page: str) -> None:
    toggled = st.session_state.get("path_line_toggled") == page
    st.session_state["path_line_toggled"] = None if toggled else page


def _station(page: str, station: Station) -> None:
    progress = current_progress()
    st.markdown(f"**{station.title}**")
    st.caption(station.goal)
    guess_view("path_line", station)
    if page != station.page:
        open_button("path_line", station)
    if is_checked(station, progress):
        check_view("path_line", station)
    if station.terms:
        with st.expander("Words", icon=":material/menu_book:"):
            terms_view(station)
    steps_view("path_line", station)
    at_end = all(is_done(each, progress) for each in STATIONS)
    if at_end:
        st.markdown("**That was the last one: all stations are done.**")
    with st.container(horizontal=True):
        button(
            "What you have learned" if at_end else "All stations",
            "path_line_all",
            Link,
            "path",
            f"station={station.key}",
            icon=":material/trophy:" if at_end else ":material/route:",
            type="primary" if at_end else "tertiary",
            help="Goes to the page of the path.",
        )
        button(
            "Leave the path",
            "path_line_leave",
            change_path,
            platform().paths.leave,
            icon=":material/close:",
            type="tertiary",
            help="Takes these steps away. What you have done is kept: come back from "
            "the page *Home*.",
        )
