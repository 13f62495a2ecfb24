"""This browser's class, progress on the path, and events."""

import time
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from core.runs import StoreError
from core.runs.path import PathProgress
from pages.ui.session import owner, platform

LOOK_SECONDS = 15.0


def note_presence() -> None:
    """Read class and progress every LOOK_SECONDS, and store the student's activity.

    Another tab may have changed them. Errors of the store are ignored.
    """
    state, now = st.session_state, time.monotonic()
    if now - state.get("member_looked", -LOOK_SECONDS) < LOOK_SECONDS:
        return
    state["member_looked"] = now
    try:
        state["path_progress"] = platform().paths.progress(owner())
        state["member"] = platform().classes.member(owner())
        if state["member"]:
            platform().classes.note_activity(owner())
    except StoreError:
        return


def current_member():
    """This browser's membership of a class, or None."""
    return st.session_state.get("member")


def current_progress() -> PathProgress | None:
    """This browser's progress on the path; None before its start."""
    return st.session_state.get("path_progress")


def change_path(change, *args) -> None:
    """Call a method of `Paths` for this owner, and update the session's progress."""
    change(owner(), *args)
    st.session_state["path_progress"] = platform().paths.progress(owner())


def change_class(change, code: str, *args) -> None:
    """Call a method that changes a class for its teacher, and read its board anew."""
    change(owner(), code, *args)
    platform().boards.forget(code)


def forget_member() -> None:
    """Read the class again on the next page, after joining, leaving or renaming."""
    for key in ("member_looked", "events_noted"):
        st.session_state.pop(key, None)


def awaits_guess() -> bool:
    """Whether the station of this page asks for a guess that has not been made."""
    guess = st.session_state.get("path_guess", "")
    return bool(guess) and wants_event(guess)


def hides_example() -> bool:
    """Say so if the page's example is hidden until one has guessed what it shows."""
    if hidden := awaits_guess():
        st.info(
            "The result of the example is hidden: guess first, in the steps of the "
            "path, or train your own.",
            icon=":material/psychology:",
        )
    return hidden


def wants_event(event: str) -> bool:
    """Whether an event is missing on this browser's path."""
    progress = current_progress()
    return bool(progress and progress.shown and event not in progress.events)


def note_event(event: str) -> None:
    """Store an event for the student's class, and on the path.

    While the store is away this is postponed to the next rerun.
    """
    state, member, progress = st.session_state, current_member(), current_progress()
    noted = state.setdefault("events_noted", set())
    if member and (member.code, event) not in noted:
        with suppress(StoreError):
            platform().classes.note_event(owner(), event)
            noted.add((member.code, event))
    if progress and progress.shown and event not in progress.events:
        with suppress(StoreError):
            platform().paths.note(owner(), event)
            state["path_progress"] = replace(progress, events=progress.events | {event})
