"""The line on every page of a student: the class, the name, the tasks, the poll."""

from contextlib import suppress

import streamlit as st

from core.runs import StoreError
from pages.ui.classes.poll import poll_prompt
from pages.ui.classes.state import UPDATE_SECONDS, class_state
from pages.ui.classes.tasks import task_list
from pages.ui.fragments import repeated
from pages.ui.membership import current_member, note_presence
from pages.ui.words import as_text


def class_bar() -> None:
    """Draw the line if this browser is a student's; nothing for all others."""
    note_presence()
    if member := current_member():
        repeated(_line, UPDATE_SECONDS)(member)


def _line(member) -> None:
    """Draw the line, unless the store is away: the page may do without it."""
    with suppress(StoreError):
        _draw(member)


def _draw(member) -> None:
    state = class_state(member.code)
    if state is None:
        return
    done = state.done.get(member.id, set())
    menu = st.popover(
        f"Class {member.code} · {as_text(member.name)}{_done_text(state.tasks, done)}",
        key="class_bar",
        icon=":material/groups:",
        type="tertiary",
        on_change="rerun",
    )
    if menu.open:
        with menu:
            task_list("class_bar", state.tasks, done)
            st.page_link(
                "pages/classes.py", label="Your class", icon=":material/groups:"
            )
    poll_prompt(member)


def _done_text(tasks, done) -> str:
    if not tasks:
        return ""
    count = sum(task.id in done for task in tasks)
    return f" · {count} of {len(tasks)} task{'s' if len(tasks) > 1 else ''} done"
