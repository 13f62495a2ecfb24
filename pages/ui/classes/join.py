"""The forms for joining a class with its code or link, and for starting one."""

import streamlit as st

from core.registry import get_task
from core.runs.classes.classes import MAX_TITLE
from core.runs.classes.names import MAX_NAME
from pages.ui.address import Link
from pages.ui.classes.bar import ENDED
from pages.ui.controls import refusals
from pages.ui.intents import button, once_a_press
from pages.ui.membership import forget_member
from pages.ui.session import network_address, owner, platform
from pages.ui.training import start
from pages.ui.words import as_text

LONGEST_CODE = 20  # longest code, spaces and hyphens included
SEEN = (
    "Your teacher sees this name and the runs that you start from now on; the class "
    "sees them if the teacher shows the board. Data that you upload stay private. All "
    "names are deleted when the class ends."
)
STARTED = (
    "You get a code with which students join from any device. Set tasks, follow all "
    "runs on one board, and ask the questions of a lesson as a poll. There are no "
    "accounts: only this browser can manage the class, or another one with the "
    "teacher's link. The class ends after a day unless you keep it."
)


def linked_class():
    """The class of the code in the address; shows an error for a wrong code."""
    code = st.query_params.get("code")
    if code is None:
        return None
    with refusals(icon="link_off"):
        return platform().classes.find(owner(), code, network_address())
    st.query_params.pop("code")  # each lookup of a wrong code counts as a guess
    return None


def take_over_linked(found) -> None:
    """Draw the way to teach a class in this browser, for a teacher's link."""
    st.title(as_text(found.title) or "Class")
    st.markdown(
        f"This is a teacher's link of class **{found.code}**. The browser that has "
        "taught the class can then no longer change it, and the link is used up."
    )
    button(
        "Teach the class in this browser",
        "classes_take_over",
        _take_over,
        found.code,
        st.query_params["teacher"],
        type="primary",
        icon=":material/key:",
    )


def _take_over(code: str, token: str) -> None:
    given = owner(), code, token, network_address()
    once_a_press(platform().classes.take_over, *given)
    platform().boards.forget(code)


def join_linked(found, member) -> None:
    """Draw the form for a visitor with a link."""
    st.title(as_text(found.title) or "Class")
    if member:
        st.info(
            f"You are in class {member.code} as {as_text(member.name)}. After joining "
            "this one you get its tasks and its line on every page. Both classes see "
            "your runs until you leave one.",
            icon=":material/info:",
        )
    with st.container(border=True, width=560):
        st.subheader(f"Join class {found.code}")
        _join_form(found.code)


def both_ways() -> None:
    """Draw the forms for joining and starting a class."""
    if st.session_state.pop("classes_ended", None):
        st.info(ENDED, icon=":material/event_available:")
    with st.grid(2, min_column_width=300, gap="medium"):
        with st.container(border=True):
            st.subheader(":material/login: Join a class")
            _join_form()
        with st.container(border=True):
            st.subheader(":material/co_present: Start a class")
            _start_form()


def way_alone() -> None:
    """Draw the button that needs nobody else."""
    button(
        "Try it alone: train a network, watch it on a board",
        "classes_alone",
        _start_alone,
        type="primary",
        icon=":material/play_arrow:",
    )


def _start_alone() -> Link:
    """Start a class and a training in it, and go to its board."""
    classes, address = platform().classes, network_address()
    code = once_a_press(classes.create, owner(), "A class of one", address)
    once_a_press(classes.join, owner(), code, "You", address)
    forget_member()
    once_a_press(start, "adding", *get_task("adding").example())
    return Link("board", f"class={code}")


def other_classes(shown: str, taught, member) -> None:
    """Draw links to the other classes of this browser, and both forms."""
    with st.expander("Another class", icon=":material/groups:"):
        mine = {code: f"{each.title or 'Your class'}" for code, each in taught.items()}
        if member:
            mine.setdefault(member.code, f"You are in it as {member.name}")
        for code, what in mine.items():
            if code != shown:
                st.page_link(
                    "pages/classes.py",
                    label=f"{code} · {as_text(what)}",
                    icon=":material/arrow_forward:",
                    query_params={"code": code},
                )
        both_ways()


def _join_form(code: str | None = None) -> None:
    """Draw the form with a name, and with the code unless a link has it."""
    with st.form("classes_join_form", border=False):
        if not code:
            st.text_input(
                "Code",
                key="classes_code",
                max_chars=LONGEST_CODE,
                placeholder="Six letters",
                autocomplete="off",
                help="From your teacher. Case and spaces do not matter.",
            )
        st.text_input(
            "Your name",
            key="classes_name",
            max_chars=MAX_NAME,
            placeholder="A first name, or a number",
            autocomplete="off",
            help="Shown on the board of the class. You can change it at any time.",
        )
        st.caption(SEEN)
        button(
            "Join",
            "classes_join",
            _join,
            code,
            draw=st.form_submit_button,
            type="primary" if code else "secondary",
            icon=":material/login:",
            width="stretch",
        )


def _join(code: str | None) -> Link:
    """Join, and go to the class's first task, or to the path."""
    state = st.session_state
    typed = owner(), code or state["classes_code"], state["classes_name"]
    member = once_a_press(platform().classes.join, *typed, network_address())
    forget_member()
    done = platform().classes.done(owner())
    tasks = platform().classes.tasks(member.code)
    task = next((task for task in tasks if task.id not in done), None)
    return Link(task.page, task.query) if task else Link("path")


def _start_form() -> None:
    with st.form("classes_start_form", border=False):
        st.text_input(
            "Title (optional)",
            key="classes_title",
            max_chars=MAX_TITLE,
            placeholder="Physics 10b",
            autocomplete="off",
            help="Shown to students when they join.",
        )
        st.caption(STARTED)
        button(
            "Start a class",
            "classes_start",
            _start,
            draw=st.form_submit_button,
            icon=":material/co_present:",
            width="stretch",
        )


def _start() -> None:
    given = owner(), st.session_state["classes_title"], network_address()
    st.query_params["code"] = once_a_press(platform().classes.create, *given)
