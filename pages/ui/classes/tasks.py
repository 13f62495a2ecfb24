"""The student's list of tasks, with progress."""

from collections.abc import Sequence, Set

import streamlit as st

from core.runs.classes.classes import ClassTask
from pages.ui.address import Link
from pages.ui.controls import show_value
from pages.ui.intents import button, intent
from pages.ui.membership import current_member, note_presence
from pages.ui.session import owner, platform
from pages.ui.words import as_text


def task_list(prefix: str, tasks: Sequence[ClassTask], done: Set[str]) -> None:
    """Draw the tasks, each with a button; keyed `<prefix>_<what>_<task's id>`."""
    for task in tasks:
        with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
            with st.container(width="stretch", gap=None):
                _state(prefix, task, task.id in done)
            button(
                "Open",
                f"{prefix}_open_{task.id}",
                Link,
                task.page,
                task.query,
                icon=":material/arrow_forward:",
                help="Opens the page with the settings of this task.",
            )


def _state(prefix: str, task: ClassTask, is_done: bool) -> None:
    """Draw the state of a task: checked by its goal, or a tick of the student."""
    if task.goal is None:
        key = f"{prefix}_tick_{task.id}"
        show_value(key, is_done)
        tick = intent(key, _tick, task.id, key)
        st.checkbox(as_text(task.text), key=key, on_change=tick)
        return
    icon = ":green[:material/check_circle:]" if is_done else ":material/circle:"
    goal = f":small[:gray[{as_text(task.goal.sentence)}]]"
    st.markdown(f"{icon} {as_text(task.text)}  \n{goal}")


def _tick(task_id: str, key: str) -> None:
    note_presence()
    platform().classes.tick(owner(), task_id, st.session_state[key])
    if member := current_member():
        platform().boards.forget(member.code)
