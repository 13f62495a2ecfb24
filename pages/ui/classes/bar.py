"""The class line on every page of a student: class, name, tasks and poll."""

import streamlit as st

from core.runs import StoreError
from core.runs.classes.links import page_title
from pages.ui.address import Link, current_page
from pages.ui.classes.poll import poll_prompt
from pages.ui.classes.state import SECONDS, done_of, follow_class, student_class
from pages.ui.classes.tasks import task_list
from pages.ui.intents import button
from pages.ui.live.part import live_part
from pages.ui.membership import current_member, note_event, note_presence
from pages.ui.words import as_text

ENDED = (
    "The class has ended, and all its names are deleted. Your runs are on the Runs "
    "page."
)

QUIZ = "Human or model?"  # a tab of the page of music


def class_bar() -> None:
    """Draw the line for students."""
    note_presence()
    if member := current_member():
        try:
            _line(member)
        except StoreError:  # the page works without the line
            live_part("class_away", f"class/{member.code}", "away", seconds=SECONDS)
    if st.session_state.get("classes_ended"):
        with st.container(key="class_ended", horizontal=True):
            st.info(ENDED, icon=":material/event_available:")
            button(
                "OK",
                "class_ended_seen",
                st.session_state.pop,
                "classes_ended",
                None,
                help="Hides this message.",
            )


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
    if st.session_state.get("music_tabs") == QUIZ and current_page() == "music":
        note_event("quiz music")
    brought_to(state.school_class)
    poll_prompt(me)


def brought_to(school_class) -> None:
    """Draw the link to which the teacher sends the class, until it is followed."""
    at, page = school_class.brought, school_class.brought_page
    if page is None or st.session_state.get("class_brought") == at:
        return
    with st.container(border=True, horizontal=True, key="class_brought_box"):
        st.markdown(
            ":material/follow_the_signs: **Your teacher invites everybody to: "
            f"{page_title(page)}**",
            width="stretch",
        )
        button(
            "Go there",
            "class_brought_go",
            _go,
            at,
            Link(page, school_class.brought_query or ""),
            type="primary",
            icon=":material/arrow_forward:",
            help="Opens the page with your teacher's settings.",
        )


def _go(at: float, link: Link) -> Link:
    st.session_state["class_brought"] = at
    return link


def _done_text(state, me) -> str:
    if not (count := len(state.tasks)):
        return ""
    plural = "s" if count > 1 else ""
    return f" · {done_of(state, me)} of {count} task{plural} done"
