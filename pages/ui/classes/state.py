"""The class of a student as it is now, and what has a student's page drawn anew."""

import time

import streamlit as st

from core.runs.classes.board import BoardState
from core.runs.classes.classes import Member
from pages.ui.live.part import live_part
from pages.ui.live.view import Query, View, digest
from pages.ui.membership import forget_member
from pages.ui.session import owner, platform

SECONDS = 2.0  # between two looks


def student_class(member: Member) -> tuple[BoardState, Member] | None:
    """The class of a student and the student, or None once they are not in it.

    The page says so if the class has ended (`classes_ended` of the session).
    """
    boards, code = platform().boards, member.code
    state = boards.state(code)
    if state and not state.member(owner()):  # who has joined since it was read
        boards.forget(code)
        state = boards.state(code)
    if state and (me := state.member(owner())):
        return state, me
    forget_member()
    st.session_state["classes_ended"] = state is None
    return None


def done_of(state: BoardState, member: Member) -> int:
    """How many tasks of the class a student has done."""
    done = state.done.get(member.id, frozenset())
    return sum(task.id in done for task in state.tasks)


def follow_class(state: BoardState, *, tasks: bool) -> None:
    """Have the page drawn anew when what it shows of the class has changed.

    `tasks` says whether it shows the tasks, not only how many are done.
    """
    live_part(
        "class_live",
        f"class/{state.school_class.code}",
        _page(state, owner(), tasks),
        seconds=SECONDS,
        on_change=_nobody_acts,
        **({"tasks": "true"} if tasks else {}),
    )


def class_view(owner: str | None, code: str, query: Query) -> View | None:
    """Return what the page of a student depends on; it has no content."""
    state = platform().boards.state(code) if owner else None
    if not owner or not state or not state.member(owner):
        return None
    page = _page(state, owner, "tasks" in query)
    return View(key=("class",), page=page, make=dict)


def _page(state: BoardState, owner: str, tasks: bool) -> str:
    """Digest of what a page shows of the class. A few texts less are redraws less."""
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


def _nobody_acts() -> None:
    """Draw the page without noting that its student does something."""
    st.session_state["member_looked"] = time.monotonic()
