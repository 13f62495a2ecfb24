"""The page of the path: a station, and the list of all."""

from contextlib import suppress
from urllib.parse import quote_plus

import streamlit as st

from core.runs import StoreError
from core.runs.classes.links import parse_link, station_of
from core.runs.classes.names import quoted
from pages.ui.intents import button
from pages.ui.membership import change_path, current_progress, note_presence
from pages.ui.path.progress import (
    current_station,
    follow_station,
    is_done,
    note_what_is_done,
    steps_done,
)
from pages.ui.path.stations import (
    BY_KEY,
    MINUTES,
    STATIONS,
    Station,
    number_of,
    place_of,
)
from pages.ui.path.view import (
    check_view,
    guess_view,
    next_button,
    open_button,
    page_title,
    steps_view,
    terms_view,
)
from pages.ui.previews import preview
from pages.ui.session import platform
from pages.ui.shape import main_action
from pages.ui.words import as_text

# Keys of the widgets of single stations begin so.
OF_STATIONS = (
    "path_answer_",
    "path_line_answer_",
    "path_guess_",
    "path_line_guess_",
)


def chosen_station() -> Station:
    """The station of the address, by key or number, or the current one."""
    note_presence()
    given = st.query_params.get("station")
    if given is None:
        return current_station(current_progress())
    page, query, _ = parse_link(f"path?station={quote_plus(given)}")
    station = BY_KEY[station_of(page, query)]
    if station == STATIONS[0] and given not in (station.key, "0"):
        st.warning(
            f"station: expected one of {', '.join(BY_KEY)}, got "
            f"{as_text(quoted(given))}. This is the first one: choose another in the "
            "list.",
            icon=":material/link_off:",
        )
    return station


def station_panel(station: Station) -> None:
    """Draw a station with its heading, and its finished steps."""
    with suppress(StoreError):
        note_what_is_done(station, "path")
        follow_station("path_live", station)
    st.markdown(
        f":blue-badge[{place_of(station)}] "
        f":gray-badge[:material/schedule: {station.minutes} minutes]"
    )
    st.subheader(station.title)
    st.markdown(station.goal)
    guess_view("path", station)
    open_button("path", station, main_action())
    next_button("path", station)
    with st.container(width=540):
        preview("lstm" if station.page == "home" else station.page, moving=False)
    count = f"{len(station.steps)} things to do, and a question"
    with st.expander(
        f"On {page_title(station.page)}: {count}",
        expanded=steps_done(station, current_progress()) > 0,
        icon=":material/checklist:",
    ):
        steps_view("path", station)
        check_view("path", station)
        terms_view(station)


def overview(shown: Station) -> None:
    """Draw the progress, and the list of all stations."""
    progress = current_progress()
    done = [each for each in STATIONS if is_done(each, progress)]
    left = MINUTES - sum(each.minutes for each in done)
    st.progress(
        len(done) / len(STATIONS),
        text=f"{len(done)} of {len(STATIONS)} done"
        + (f", about {left} minutes left" if left else ""),
    )
    with st.container(gap="xxsmall"):
        for station in STATIONS:
            icon = "check_circle" if station in done else "radio_button_unchecked"
            button(
                f"{number_of(station)}. {station.title}",
                f"path_go_{station.key}",
                st.query_params.from_dict,
                {"station": station.key},
                type="secondary" if station == shown else "tertiary",
                icon=f":material/{icon}:",
                help=f"{station.minutes} minutes. {station.goal}",
            )
    if progress is not None:
        with st.popover("Start over", key="path_reset_menu", type="tertiary"):
            st.markdown("Forgets what you have done on the path. Your runs stay.")
            button(
                "Forget it all",
                "path_reset",
                _reset,
                icon=":material/restart_alt:",
                help="All stations are open again.",
            )


def _reset() -> None:
    change_path(platform().paths.reset)
    st.session_state.pop("path_celebrated", None)
    for key in list(st.session_state):
        if str(key).startswith(OF_STATIONS):
            del st.session_state[key]
    st.query_params.clear()
