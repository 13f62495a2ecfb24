"""The current state of a student's class, and the view that reruns the page."""

import time

import streamlit as st

from core.runs.classes.board_state import BoardState
from core.runs.classes.classes import Member
from pages.ui.address import current_page
from pages.ui.live.part import live_part
from pages.ui.live.view import Query, View, digest
from pages.ui.membership import forget_member
from pages.ui.session import owner, platform

SECONDS = 2.0  # polling interval


def student_class(member: Member) -> tuple[BoardState, Member] | None:
    """The class of a student and the student, or None after leaving or the end.

    Sets `classes_ended` in the session if the class has ended.
    """
    boards, code = platform().boards, member.code
    state = boards.state(code)
    if state and not state.member(owner()):  # joined after the state was cached
        boards.forget(code)
        state = boards.state(code)
    if state and (me := state.member(owner())):
        return state, me
    forget_member()
    st.session_state["classes_ended"] = state is None
    return None


def done_of(state: BoardState, member: Member) -> int:
    """The number of a student's finished tasks."""
    done = state.done.get(member.id, frozenset())
    return sum(task.id in done for task in state.tasks)


def follow_class(state: BoardState, *, tasks: bool) -> None:
    """Rerun the page when the shown state of the class changes.

    `tasks` says whether the page shows the tasks, or only the number of done ones.
    """
    live_part(
        f"class_live_{current_page() or 'home'}",
        f"class/{state.school_class.code}",
        _page(state, owner(), tasks),
        seconds=SECONDS,
        on_change=_without_action,
        **({"tasks": "true"} if tasks else {}),
    )


def class_view(owner: str | None, code: str, query: Query) -> View | None:
    """Return a view without content, which tracks the class for a student's page."""
    state = platform().boards.state(code) if owner else None
    if not owner or not state or not state.member(owner):
        return None
    page = _page(state, owner, "tasks" in query)
    return View(key=("class",), page=page, make=dict)


def _page(state: BoardState, owner: str, tasks: bool) -> str:
    """Digest of the shown state of the class; fewer parts mean fewer reruns."""
    member = state.member(owner)
    assert member is not None
    shown: tuple[object, ...] = len(state.tasks), done_of(state, member)
    if tasks:
        done = sorted(state.done.get(member.id, ()))
        shown = state.tasks, done, state.school_class.board_shown
    polls = platform().polls
    poll = polls.current(state.school_class.code)
    asked = poll and (poll.id, poll.is_over, polls.own_answer(owner, poll))
    asked = asked and (*asked, poll.revealed if poll else None)
    return digest(member.name, shown, asked, state.school_class.brought)


def _without_action() -> None:
    """Rerun the page without counting it as an action of the student."""
    st.session_state["member_looked"] = time.monotonic()
