"""The teacher's page of a class: code, question, tasks, students, files, end."""

import time

import streamlit as st

from core.runs.classes.links import page_title
from pages.ui.address import copy_component
from pages.ui.board.poll_panel import poll_panel, polls_csv
from pages.ui.board.tiles import summary
from pages.ui.board.view import runs_download
from pages.ui.classes.code import join_code
from pages.ui.classes.destinations import choose_link
from pages.ui.classes.editor import task_editor
from pages.ui.classes.state import SECONDS
from pages.ui.controls import show_value
from pages.ui.download import download_button
from pages.ui.intents import button, flash, intent, once_a_press
from pages.ui.links import copy_button, hint_for_this_machine, link_to
from pages.ui.live.part import live_part
from pages.ui.live.view import Query, View, digest
from pages.ui.membership import change_class
from pages.ui.session import owner, platform
from pages.ui.words import as_text, duration, roughly

copy_screen = copy_component("copy_screen", "Copy link to the screen", "Link")


def teacher_view(found) -> None:
    """Draw a class with the teacher's controls."""
    state = platform().boards.state(found.code)
    if state is None:
        st.rerun()  # the class has just ended
    st.title(as_text(found.title) or "Your class")
    _how_to_join(found)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("Question to the class")
        poll_panel(state, SECONDS, {"console": "true"})
        task_editor(found.code)
    with right:
        _students(state)
        _switches(found)
        _bring(found)
        _other_browsers(found.code)
        runs_download(found.code)
        download_button(
            "All answers as CSV",
            polls_csv(found.code, owner()),
            f"class {found.code} answers.csv",
            "board_polls_csv",
            help="The answers to each question, without names.",
        )
        _end(found)


def _how_to_join(found) -> None:
    """Draw code, link and QR code, and the links to the screen and the board."""
    with st.container(border=True):
        if not found.open:
            st.markdown(
                ":orange-badge[:material/lock: Closed] New students cannot join."
            )
        link = join_code(found.code)
        st.markdown(f"`{link}`")
        board = {"class": found.code}
        screen = link_to("board", board | {"screen": found.screen or ""})
        with st.container(horizontal=True, vertical_alignment="center"):
            st.link_button(
                "Open the screen",
                screen,
                type="primary",
                icon=":material/cast:",
                help="For a projector: how to join, tiles and question, no controls. "
                "The link works on any device.",
            )
            st.link_button(
                "Open the board",
                link_to("board", board),
                icon=":material/dashboard:",
                help="Tiles that open runs, and all runs in one figure, in a tab of "
                "its own.",
            )
            with st.container(width="content"):
                copy_button(key="classes_copy", data=link)
            with st.container(width="content"):
                copy_screen(key="classes_copy_screen", data=screen)
        hint_for_this_machine(link)


def _students(state) -> None:
    """Draw who is idle, and the names of the students as buttons that hide them."""
    members, code = state.members.values(), state.school_class.code
    st.subheader(f"Students ({len(members)})" if members else "Students")
    live_part("classes_live", f"students/{code}", _page(state), seconds=SECONDS)
    with st.container(horizontal=True, gap="xsmall"):
        for member in members:
            name = as_text(member.name)
            button(
                f":gray[~~{name}~~]" if member.hidden else name,
                f"classes_hide_{member.id}",
                change_class,
                platform().classes.hide,
                code,
                member.id,
                not member.hidden,
                icon=f":material/visibility{'_off' if member.hidden else ''}:",
                help="Shows the name and the runs again."
                if member.hidden
                else "Hides the name and the runs from the board.",
            )


def students_view(owner: str | None, code: str, _query: Query) -> View | None:
    """Return what the students do, with the names of the idle ones."""
    state = platform().boards.state(code) if owner else None
    if not owner or not state or not state.is_teacher(owner):
        return None
    tiles = platform().boards.tiles(state, None, "name")
    idle = [
        f"{tile.member.name} ({duration(60 * (tile.idle // 60))})"
        for tile in tiles
        if tile.idle is not None
    ]
    text = summary(tiles, code) + (f". Idle: {', '.join(idle)}" if idle else "")
    return View(key=("students", text), page=_page(state), make=lambda: {"text": text})


def _page(state) -> str:
    return digest([(m.id, m.name, m.hidden) for m in state.members.values()])


def _switches(found) -> None:
    st.subheader("Class")
    classes, state = platform().classes, st.session_state
    for key, label, value, action, help in (
        (
            "classes_open",
            "Open for joining",
            found.open,
            classes.set_open,
            "Switch it off when all students are here, to stop further joining.",
        ),
        (
            "classes_board_shown",
            "Show the board to students",
            found.board_shown,
            classes.show_board,
            "Students can then open the board, with all names and runs on it.",
        ),
    ):
        show_value(key, value)
        st.toggle(
            label,
            key=key,
            help=help,
            on_change=intent(
                key,
                lambda key=key, action=action: change_class(
                    action, found.code, state[key]
                ),
            ),
        )


def _bring(school_class) -> None:
    """Draw the menu that invites all students to a page."""
    code = school_class.code
    with st.popover(
        "Invite everyone to a page",
        icon=":material/follow_the_signs:",
        help="Shows all students a link to a page with its settings.",
    ):
        if page := school_class.brought_page:
            st.markdown(f"All students see a link to: **{page_title(page)}**")
            button(
                "Remove the link",
                "board_let_go",
                change_class,
                platform().classes.let_go,
                code,
                icon=":material/close:",
                help="Removes the link from the students' pages.",
            )
        link = choose_link("board_bring_page", "board_bring_link")
        button(
            "Invite everyone",
            "board_bring",
            _bring_all,
            code,
            icon=":material/send:",
            disabled=not link.strip(),
            help="Each student gets a button that opens the page.",
        )


def _bring_all(code: str) -> None:
    state = st.session_state
    link = state["board_bring_link"] or state["board_bring_page"]
    change_class(platform().classes.bring, code, link)


def _other_browsers(code: str) -> None:
    """Draw the ways to another browser: of the teacher, and of a student."""
    members = {m.id: m for m in platform().classes.members(code)}
    with st.container(horizontal=True):
        button(
            "Teacher's link",
            "classes_teacher_link",
            _show_teacher_link,
            code,
            icon=":material/key:",
            help="Makes a link with which another browser takes over the class, for "
            "the case that this one is lost. It is shown once.",
        )
        if not members:
            return
        with st.popover("A student's new device", icon=":material/devices:"):
            member_id = st.selectbox(
                "Student",
                list(members),
                format_func=lambda each: members[each].name,
                key="classes_readmit_student",
                help="Tasks, answers and runs go with the name.",
            )
            button(
                "Let in again",
                "classes_readmit",
                _readmit,
                code,
                members[member_id],
                icon=":material/login:",
                help="For ten minutes another device may join with this name.",
            )


def _show_teacher_link(code: str) -> None:
    token = once_a_press(platform().classes.make_teacher_link, owner(), code)
    link = link_to("classes", {"code": code, "teacher": token})
    flash(
        "Keep this link safe: the browser in which it is opened teaches the class. It "
        f"works once, and is not shown again.\n```text\n{link}\n```",
        "success",
    )


def _readmit(code: str, member) -> None:
    change_class(platform().classes.readmit, code, member.id)
    name = as_text(member.name)
    flash(f"**{name}** can join with this name on another device now.", "success")


def _end(found) -> None:
    """Draw the time of the end, and the buttons that change it."""
    left = roughly(max(0.0, found.ends - time.time()))
    st.caption(
        f":material/schedule: Ends in {left}. All names and tasks are deleted then; "
        "the runs stay with their owners."
    )
    classes = platform().classes
    with st.container(horizontal=True):
        button(
            "Keep for a week",
            "classes_keep",
            change_class,
            classes.keep,
            found.code,
            icon=":material/event_repeat:",
            help="Moves the end to a week from now.",
        )
        with st.popover(
            "End the class", key="classes_end_menu", icon=":material/stop:"
        ):
            st.markdown(
                "Ends the class now. **All names, tasks and polls are deleted**, which "
                "cannot be undone. Save the board as CSV first if you need it. The "
                "runs stay with their owners."
            )
            button(
                "End it now",
                "classes_end",
                _end_now,
                found.code,
                icon=":material/stop:",
            )


def _end_now(code: str) -> None:
    once_a_press(change_class, platform().classes.end, code)
    st.query_params.pop("code", None)
