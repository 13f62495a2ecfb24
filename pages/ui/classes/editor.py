"""The teacher's editor of tasks: add, move, remove."""

import streamlit as st

from core.runs.classes.classes import MAX_TEXT
from core.runs.classes.goals import Goal, Possible, goals_for
from core.runs.classes.links import page_title, parse_link
from pages.ui.address import persistent
from pages.ui.classes.destinations import choose_link
from pages.ui.controls import refusals
from pages.ui.intents import button, once_a_press
from pages.ui.membership import change_class
from pages.ui.session import platform
from pages.ui.words import as_text

TICKED = "Students tick it off"


def task_editor(code: str) -> None:
    """Draw the tasks and the form for another one."""
    st.subheader("Tasks")
    tasks = platform().classes.tasks(code)
    for position, task in enumerate(tasks):
        _card(code, task, position, len(tasks))
    if not tasks:
        st.caption(
            "None yet. A task is a sentence and a page with its settings. For your own "
            "settings, set them on that page and come back."
        )
    with st.container(border=True):
        _new_task(code)


def _card(code: str, task, position: int, count: int) -> None:
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
            button(
                f":material/{icon}:",
                f"classes_{name}_{task.id}",
                change_class,
                classes.move_task,
                code,
                task.id,
                to,
                type="tertiary",
                disabled=not 0 <= to < count,
                help=help,
            )
        button(
            ":material/delete:",
            f"classes_remove_{task.id}",
            change_class,
            classes.remove_task,
            code,
            task.id,
            type="tertiary",
            help="Removes the task and its progress.",
        )


def _new_task(code: str) -> None:
    state = st.session_state
    st.text_input(
        "New task",
        **persistent("classes_task_text"),
        max_chars=MAX_TEXT,
        placeholder="Train an LSTM that adds two numbers, with an error below 0.02",
        autocomplete="off",
        help="One sentence.",
    )
    link = choose_link("classes_task_page", "classes_task_link")
    with refusals(icon="link_off"):
        if link:
            _choose_goal(_goals_of(link))
        button(
            "Add the task",
            "classes_task_add",
            _add,
            code,
            icon=":material/add:",
            disabled=not (link and state["classes_task_text"].strip()),
            help="Your students see it at once.",
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
    state = st.session_state
    link = state["classes_task_link"] or state["classes_task_page"]
    goal = _chosen_goal(_goals_of(link))
    platform().classes.add_task(owner, code, state["classes_task_text"], link, goal)


def _add(code: str) -> None:
    state = st.session_state
    once_a_press(change_class, _add_typed, code)
    state["classes_task_text"] = state["classes_task_link"] = ""
    state["classes_task_check"] = TICKED
    state["classes_task_page"] = state["classes_task_number"] = None
