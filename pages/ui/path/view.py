"""A station: what to do, the check, the question, and the way on."""

import streamlit as st

from pages.ui.address import follow_link
from pages.ui.lesson.questions import choose_answer
from pages.ui.membership import change_path, current_progress, note_event
from pages.ui.path.progress import is_answered, is_checked, is_done
from pages.ui.path.stations import STATIONS, Station, number_of
from pages.ui.session import platform

CHECKED = ":green[:material/check_circle:]"
UNCHECKED = ":material/radio_button_unchecked:"


def station_view(prefix: str, station: Station) -> None:
    """Draw a station; its widgets' keys begin with the prefix."""
    task_view(prefix, station)
    check_view(prefix, station)


def task_view(prefix: str, station: Station) -> None:
    """Draw what to do at a station, and the way to its page."""
    st.markdown(
        "\n".join(f"{place}. {step}" for place, step in enumerate(station.steps, 1))
    )
    if st.button(
        "Open the page",
        key=f"{prefix}_open",
        type="primary",
        icon=":material/arrow_forward:",
        help="Opens the page of this station with exactly the settings it needs. The "
        "line above the page says what to do, and shows when it is done.",
    ):
        go_to(station)
        follow_link(station.page, station.query)


def check_view(prefix: str, station: Station) -> None:
    """Draw whether it is done, the question, and the way on."""
    _check(station)
    _question(prefix, station)
    if is_done(station, current_progress()):
        next_button(prefix, station)


def next_button(prefix: str, station: Station) -> None:
    """Draw the way to the next station; behind the last one there is none."""
    if number_of(station) == len(STATIONS):
        return
    following = STATIONS[number_of(station)]
    if st.button(
        "Next",
        key=f"{prefix}_next",
        icon=":material/navigate_next:",
        help=f"Station {number_of(following)}: {following.title}.",
    ):
        go_to(following)
        follow_link("path", f"station={following.key}")


def go_to(station: Station) -> None:
    """Note that somebody is at a station now."""
    change_path(platform().paths.go_to, station.key)


def _check(station: Station) -> None:
    if is_checked(station, current_progress()):
        st.markdown(f"{CHECKED} **Checked.** {station.check.sentence}")
    else:
        st.markdown(f"{UNCHECKED} **Not yet.** {station.task}")
        st.caption("The page notices by itself when you have done it.")


def _question(prefix: str, station: Station) -> None:
    """Ask until the answer is right, and explain it then."""
    _, options, right, why = station.question
    key = f"{prefix}_answer_{station.key}"
    answered = is_answered(station, current_progress())
    if answered and st.session_state.get(key) is None:
        st.session_state[key] = options[right]
    with st.container(border=True):
        answer = choose_answer(
            "Question.",
            station.question,
            key,
            on_change=_answer,
            args=(key, station),
        )
        if answer == options[right]:
            st.markdown(f":green-badge[:material/check: Correct] {why}")
        elif answer is not None:
            st.markdown(
                f":orange-badge[:material/close: Not quite] {station.hint} "
                "Choose another answer."
            )


def _answer(key: str, station: Station) -> None:
    answer, question = st.session_state[key], station.question
    if answer == question.options[question.right]:
        go_to(station)
        note_event(f"answer {station.key}")
