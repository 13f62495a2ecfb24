"""What is known of this browser: its class, how far it is on the path, what it did."""

import time
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from core.runs import StoreError
from core.runs.path import PathProgress
from pages.ui.session import owner, platform

LOOK_SECONDS = 15.0


def note_presence() -> None:
    """Look now and then which class this browser is in, and note that it is in use.

    And how far it is on the path: another tab may have gone on. The page must not
    suffer where the store can only be read.
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
    """The student that this browser is in a class, or None."""
    return st.session_state.get("member")


def current_progress() -> PathProgress | None:
    """How far this browser is on the path; None if it was never started."""
    return st.session_state.get("path_progress")


def change_path(change, *args) -> None:
    """Do what a button of the path asks for: a method of `Paths`, for this owner."""
    change(owner(), *args)
    st.session_state["path_progress"] = platform().paths.progress(owner())


def forget_member() -> None:
    """Look anew on the next page: the student has joined, left or is called another.

    Whoever leaves is forgotten with all that was noted.
    """
    for key in ("member_looked", "events_noted"):
        st.session_state.pop(key, None)


def wants_event(event: str) -> bool:
    """Whether the path of this browser has yet to note an event."""
    progress = current_progress()
    return bool(progress and progress.shown and event not in progress.events)


def note_event(event: str) -> None:
    """Note that somebody has done something that no run shows.

    It counts for the class of a student, and on the path. The page must not suffer
    while the store is away: it is noted when it is drawn next.
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
