"""The student's page of a class."""

import streamlit as st

from core.runs.classes.names import MAX_NAME
from pages.ui.classes.bar import brought_to
from pages.ui.classes.poll import poll_prompt
from pages.ui.classes.state import done_of, follow_class, student_class
from pages.ui.classes.tasks import task_list
from pages.ui.intents import button, intent
from pages.ui.links import link_to
from pages.ui.membership import current_member, forget_member
from pages.ui.session import owner, platform
from pages.ui.words import as_text


def student_view(member) -> None:
    """Draw the class: poll, tasks with progress, name, and leaving."""
    found = student_class(member)
    if found is None:
        st.rerun()
    state, me = found
    st.title(as_text(state.school_class.title) or f"Class {me.code}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"You are **{as_text(me.name)}** in class **{me.code}**.", width="content"
        )
        _name_menu(me)
        _leave_menu()
        follow_class(state, tasks=True)
    brought_to(state.school_class)
    poll_prompt(me)
    st.subheader("Tasks")
    if state.tasks:
        count = done_of(state, me)
        st.progress(
            count / len(state.tasks), text=f"{count} of {len(state.tasks)} done"
        )
        with st.container(border=True):
            task_list("classes", state.tasks, state.done.get(me.id, set()))
    else:
        st.info(
            "Your teacher has set no task yet. The guided path is a good beginning, "
            "and all your runs are on the board.",
            icon=":material/route:",
        )
        st.page_link("pages/path.py", label="To the path", icon=":material/route:")
    if state.school_class.board_shown:
        st.link_button(
            "See the board",
            link_to("board", {"class": me.code}),
            icon=":material/dashboard:",
            help="The runs of the whole class, live.",
        )


def _name_menu(member) -> None:
    with st.popover(
        "Change name", key="classes_name_menu", type="tertiary", icon=":material/edit:"
    ):
        st.text_input(
            "Your name",
            member.name,
            key=f"classes_rename_{member.code}",
            max_chars=MAX_NAME,
            autocomplete="off",
            help="Shown on the board of the class.",
            on_change=intent("classes_rename", _rename, member.code),
        )


def _rename(code: str) -> None:
    platform().classes.rename(owner(), st.session_state[f"classes_rename_{code}"])
    forget_member()
    if member := current_member():
        platform().boards.forget(member.code)


def _leave_menu() -> None:
    with st.popover(
        "Leave", key="classes_leave_menu", type="tertiary", icon=":material/logout:"
    ):
        st.markdown(
            "Your name is removed from the board. You keep your runs. You can rejoin "
            "with the code while the class is open."
        )
        icon = ":material/logout:"
        button("Leave the class", "classes_leave", _leave, icon=icon)


def _leave() -> None:
    platform().classes.leave(owner())
    forget_member()
