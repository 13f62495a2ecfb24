"""The line on every page of a student: the class, the name, the tasks, the poll."""

import streamlit as st

from core.runs import StoreError
from pages.ui.classes.poll import poll_prompt
from pages.ui.classes.state import SECONDS, done_of, follow_class, student_class
from pages.ui.classes.tasks import task_list
from pages.ui.live.part import live_part
from pages.ui.membership import current_member, note_presence
from pages.ui.words import as_text

ENDED = (
    "The class has ended, and all its names are deleted. Your runs are on the Runs "
    "page."
)


def class_bar() -> None:
    """Draw the line if this browser is a student's; nothing for all others."""
    note_presence()
    if member := current_member():
        try:
            _line(member)
        except StoreError:  # the page may do without it until the store is back
            live_part("class_away", f"class/{member.code}", "away", seconds=SECONDS)
    if st.session_state.pop("classes_ended", False):
        st.toast(ENDED, icon=":material/event_available:", duration="long")


def _line(member) -> None:
    found = student_class(member)
    if found is None:
        return
    state, me = found
    with st.container(horizontal=True):
        menu = st.popover(
            f"Class {me.code} · {as_text(me.name)}{_done_text(state, me)}",
            key="class_bar",
            icon=":material/groups:",
            type="tertiary",
            on_change="rerun",
        )
        follow_class(state, tasks=menu.open)
    if menu.open:
        with menu:
            task_list("class_bar", state.tasks, state.done.get(me.id, set()))
            st.page_link(
                "pages/classes.py", label="Your class", icon=":material/groups:"
            )
    poll_prompt(me)


def _done_text(state, me) -> str:
    if not (count := len(state.tasks)):
        return ""
    plural = "s" if count > 1 else ""
    return f" · {done_of(state, me)} of {count} task{plural} done"
