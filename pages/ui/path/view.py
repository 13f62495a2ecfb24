"""A station: steps, check, question, and the link to the next one."""

import streamlit as st

from core.lesson.cells import CELLS_OF
from core.registry import get_task
from pages.ui.address import Link
from pages.ui.controls import show_value
from pages.ui.intents import button, intent
from pages.ui.lesson.questions import ask
from pages.ui.membership import change_path, current_progress, note_event
from pages.ui.path.progress import (
    guessed,
    is_answered,
    is_done,
    is_step_done,
    step_event,
    steps_done,
)
from pages.ui.path.stations import STATIONS, Station, number_of
from pages.ui.session import platform

CHECKED = ":green[:material/check_circle:]"
UNCHECKED = ":material/radio_button_unchecked:"
TITLES = {"home": "Home", "became": "What became of RNNs"}  # of pages without a task


def steps_view(prefix: str, station: Station) -> None:
    """Draw the steps, each ticked when it is done; keys begin with the prefix."""
    progress = current_progress()
    for number, step in enumerate(station.steps):
        done = is_step_done(station, number, progress)
        if not done and not step.is_noticed and progress and progress.shown:
            key = f"{prefix}_step_{station.key}_{number + 1}"
            show_value(key, False)
            st.checkbox(
                step.text, key=key, on_change=intent(key, _tick, station, number)
            )
            continue
        with st.container(horizontal=True, wrap=False, gap="xsmall"):
            st.markdown(CHECKED if done else UNCHECKED, width="content")
            st.markdown(step.text)


def terms_view(station: Station) -> None:
    """Draw the words that the station's page uses first."""
    for term, meaning in station.terms.items():
        st.caption(f"**{term}**: {meaning}")


def page_title(page: str) -> str:
    """Return the title of a station's page in the menu."""
    if page in CELLS_OF:
        return page.upper()
    return TITLES.get(page) or get_task(page).TITLE


def open_button(prefix: str, station: Station, place=st) -> None:
    """Draw the link to the page of a station."""
    waits = bool(station.guess) and guessed(station) is None
    button(
        f"Begin on {page_title(station.page)}",
        f"{prefix}_open",
        visit,
        station,
        station.page,
        station.query,
        draw=place.button,
        type="secondary" if is_done(station, current_progress()) else "primary",
        icon=":material/arrow_forward:",
        disabled=waits,
        help="Opens the page of this station with exactly the settings it needs. The "
        "steps stay beside it, and each is ticked when it is done.",
    )
    if waits:
        place.caption("Guess first: the page shows the answer.")


def check_view(prefix: str, station: Station) -> None:
    """Draw the check, and the question."""
    done, count = steps_done(station, current_progress()), station.needed
    if done == count:
        st.markdown(f"{CHECKED} **Checked.** {station.done}")
    else:
        st.markdown(f"{UNCHECKED} **{done} of {count} steps done.**")
    _question(prefix, station)


def next_button(prefix: str, station: Station, *, to_page: bool = False) -> None:
    """Draw the button to the next station once this is done and not the last one.

    It leads to its page at any time with `to_page`.
    """
    following = next(iter(STATIONS[number_of(station) + 1 :]), None)
    done = is_done(station, current_progress())
    if following is None or not (done or to_page):
        return
    button(
        "Next station",
        f"{prefix}_next",
        visit,
        following,
        *((following.page, following.query) if to_page else ()),
        type="primary" if done else "tertiary",
        icon=":material/navigate_next:",
    )


def go_to(station: Station) -> None:
    """Store the current station."""
    change_path(platform().paths.go_to, station.key)


def visit(station: Station, page: str = "path", query: str = "") -> Link:
    """Go to a station, and to its page if that is given."""
    go_to(station)
    return Link(page, query or f"station={station.key}")


def _tick(station: Station, number: int) -> None:
    go_to(station)
    note_event(step_event(station, number))


def guess_view(prefix: str, station: Station) -> None:
    """Ask for a guess, if the station has one, and show it afterwards."""
    if not station.guess:
        return
    if guess := guessed(station):
        st.markdown(f":blue-badge[Your guess] {guess}.")
        return
    key = f"{prefix}_guess_{station.key}"
    note = intent(key, _note_guess, key, station)
    ask("Your guess.", station.guess, key, on_change=note)


def _note_guess(key: str, station: Station) -> None:
    if (chosen := st.session_state[key]) is not None:
        go_to(station)
        place = station.guess.options.index(chosen) + 1
        note_event(f"guess {station.key} {place}")
        note_event(f"guess {station.key}")


def _question(prefix: str, station: Station) -> None:
    """Ask until the answer is right, then explain it."""
    _, options, right, why = station.question
    key = f"{prefix}_answer_{station.key}"
    answered = is_answered(station, current_progress())
    if answered and st.session_state.get(key) is None:
        st.session_state[key] = options[right]
    with st.container(border=True):
        answer = ask(
            "The station's question.",
            station.question,
            key,
            on_change=intent(key, _answer, key, station),
        )
        if answer == options[right]:
            st.markdown(f":green-badge[:material/check: Correct] {why}")
        elif answer is not None:
            hint = station.hints[options.index(answer)]
            st.markdown(
                f":orange-badge[:material/close: Not quite] {hint} Choose another "
                "answer."
            )


def _answer(key: str, station: Station) -> None:
    answer, question = st.session_state[key], station.question
    if answer == question.options[question.right]:
        go_to(station)
        note_event(f"answer {station.key}")
