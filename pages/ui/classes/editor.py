"""The teacher's editor of tasks: add, move, remove."""

import streamlit as st

from core.runs.classes.classes import MAX_TEXT
from core.runs.classes.goals import Goal, Possible, goals_for
from core.runs.classes.links import LONGEST_LINK, page_title, parse_link
from core.task import UserError
from pages.ui.session import platform
from pages.ui.words import as_text

TICKED = "Students tick it off"


def task_editor(code: str, attempt) -> None:
    """Draw the tasks and the form for another one.

    Parameters
    ----------
    attempt
        Calls a method for a widget; returns its success.
    """
    st.subheader("Tasks")
    tasks = platform().classes.tasks(code)
    for position, task in enumerate(tasks):
        _card(code, task, position, len(tasks), attempt)
    if not tasks:
        st.caption(
            "None yet. A task is a sentence and a link to settings: on the page of a "
            "network choose a step, a preset or your own settings, and press *Copy "
            "link to these settings* there."
        )
    with st.container(border=True):
        _new_task(code, attempt)


def _card(code: str, task, position: int, count: int, attempt) -> None:
    classes = platform().classes
    check = task.goal.sentence if task.goal else TICKED
    with st.container(
        border=True,
        horizontal=True,
        wrap=False,
        vertical_alignment="center",
        gap="xsmall",
    ):
        st.markdown(
            f"**{position + 1}.** {as_text(task.text)}  \n"
            f":small[:gray[{page_title(task.page)} · {as_text(check)}]]",
            width="stretch",
        )
        for name, icon, to, help in (
            ("up", "arrow_upward", position - 1, "Moves it up."),
            ("down", "arrow_downward", position + 1, "Moves it down."),
        ):
            st.button(
                f":material/{icon}:",
                key=f"classes_{name}_{task.id}",
                type="tertiary",
                disabled=not 0 <= to < count,
                help=help,
                on_click=attempt,
                args=(classes.move_task, code, task.id, to),
            )
        st.button(
            ":material/delete:",
            key=f"classes_remove_{task.id}",
            type="tertiary",
            help="Removes the task and its progress.",
            on_click=attempt,
            args=(classes.remove_task, code, task.id),
        )


def _new_task(code: str, attempt) -> None:
    state = st.session_state
    st.text_input(
        "New task",
        key="classes_task_text",
        max_chars=MAX_TEXT,
        placeholder="Train an LSTM that adds two numbers, with an error below 0.02",
        autocomplete="off",
        help="One sentence.",
        persist_state="session",
    )
    link = st.text_input(
        "Link",
        key="classes_task_link",
        max_chars=LONGEST_LINK,
        placeholder="Paste what “Copy link to these settings” has copied",
        autocomplete="off",
        help="Students open the page with exactly these settings.",
        persist_state="session",
    )
    if link:
        try:
            _choose_goal(_goals_of(link))
        except UserError as error:
            st.error(as_text(str(error)), icon=":material/link_off:")
            return
    st.button(
        "Add the task",
        key="classes_task_add",
        icon=":material/add:",
        disabled=not (link and state["classes_task_text"].strip()),
        help="Your students see it at once.",
        on_click=_add,
        args=(code, attempt),
    )


def _goals_of(link: str) -> dict[str, Possible | None]:
    """The kinds of goals of a link by title; None if students tick the task off."""
    page, query, _ = parse_link(link)
    return {TICKED: None} | {each.title: each for each in goals_for(page, query)}


def _choose_goal(goals: dict[str, Possible | None]) -> None:
    state = st.session_state
    if state.get("classes_task_check") not in goals:
        state["classes_task_check"] = TICKED
    title = st.selectbox(
        "Done when",
        list(goals),
        key="classes_task_check",
        help="Checked automatically on the students' runs.",
    )
    chosen = goals[title]
    if chosen is None or chosen.measure is None:
        return
    side = "below" if chosen.better == "low" else "above"
    st.number_input(
        f"The figure is {side}" + (", in percent" if chosen.percent else ""),
        value=None,
        key="classes_task_number",
        format="%g",
        placeholder="80" if chosen.percent else "0.02",
        help=f"The task is done when a finished run is {side} this number.",
    )


def _chosen_goal(goals: dict[str, Possible | None]) -> Goal | None:
    chosen = goals.get(st.session_state["classes_task_check"])
    if chosen is None or chosen.measure is None:
        return chosen and chosen.goal()
    number = st.session_state.get("classes_task_number")
    if number is None:
        return None
    return chosen.goal(number / 100 if chosen.percent else number)


def _add_typed(owner: str, code: str) -> None:
    text, link = (st.session_state[f"classes_task_{name}"] for name in ("text", "link"))
    goal = _chosen_goal(_goals_of(link))
    platform().classes.add_task(owner, code, text, link, goal)


def _add(code: str, attempt) -> None:
    state = st.session_state
    if attempt(_add_typed, code):
        state["classes_task_text"] = state["classes_task_link"] = ""
        state["classes_task_check"], state["classes_task_number"] = TICKED, None
