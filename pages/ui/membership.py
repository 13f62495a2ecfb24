"""Whether this browser is a student's in a class, and what is noted of it there."""

import time
from contextlib import suppress

import streamlit as st

from core.runs import StoreError
from pages.ui.session import owner, platform

LOOK_SECONDS = 15.0


def note_presence() -> None:
    """Look now and then which class this browser is in, and note that it is in use.

    The page must not suffer where the store can only be read.
    """
    state, now = st.session_state, time.monotonic()
    if now - state.get("member_looked", -LOOK_SECONDS) < LOOK_SECONDS:
        return
    state["member_looked"] = now
    try:
        state["member"] = platform().classes.member(owner())
        if state["member"]:
            platform().classes.note_activity(owner())
    except StoreError:
        return


def current_member():
    """The student that this browser is in a class, or None."""
    return st.session_state.get("member")


def forget_member() -> None:
    """Look anew on the next page: the student has joined, left or is called another.

    Whoever leaves is forgotten with all that was noted.
    """
    for key in ("member_looked", "events_noted"):
        st.session_state.pop(key, None)


def note_event(event: str) -> None:
    """Note for the class that a student has done something that no run shows.

    The page must not suffer while the store is away: it is noted when it is drawn next.
    """
    member, noted = current_member(), st.session_state.setdefault("events_noted", set())
    if member is None or (member.code, event) in noted:
        return
    with suppress(StoreError):
        platform().classes.note_event(owner(), event)
        noted.add((member.code, event))
