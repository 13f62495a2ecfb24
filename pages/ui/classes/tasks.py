"""The student's list of tasks, with progress."""

from collections.abc import Sequence, Set

import streamlit as st

from core.runs import StoreError
from core.runs.classes.classes import ClassTask
from pages.ui.address import follow_link
from pages.ui.controls import show_value, was_pressed
from pages.ui.membership import current_member, note_presence
from pages.ui.session import owner, platform
from pages.ui.web.streamlit_internals import uninterrupted
from pages.ui.words import as_text


def task_list(prefix: str, tasks: Sequence[ClassTask], done: Set[str]) -> None:
    """Draw the tasks, each with a button; keyed `<prefix>_<what>_<task's id>`."""
    for task in tasks:
        with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
            with st.container(width="stretch", gap=None):
                _state(prefix, task, task.id in done)
            if was_pressed(
                st.button,
                "Open",
                key=f"{prefix}_open_{task.id}",
                icon=":material/arrow_forward:",
                help="Opens the page with the settings of this task.",
            ):
                follow_link(task.page, task.query)


def _state(prefix: str, task: ClassTask, is_done: bool) -> None:
    """Draw the state of a task: checked by its goal, or a tick of the student."""
    if task.goal is None:
        key = f"{prefix}_tick_{task.id}"
        show_value(key, is_done)
        st.checkbox(as_text(task.text), key=key, on_change=_tick, args=(task.id, key))
        return
    icon = ":green[:material/check_circle:]" if is_done else ":material/circle:"
    goal = f":small[:gray[{as_text(task.goal.sentence)}]]"
    st.markdown(f"{icon} {as_text(task.text)}  \n{goal}")


@uninterrupted
def _tick(task_id: str, key: str) -> None:
    note_presence()
    try:
        platform().classes.tick(owner(), task_id, st.session_state[key])
    except StoreError as error:
        st.toast(as_text(str(error)), icon=":material/error:")
    if member := current_member():
        platform().boards.forget(member.code)
