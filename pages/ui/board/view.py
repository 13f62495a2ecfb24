"""The page of the board: controls, poll, tiles, and all runs."""

import streamlit as st

from core.runs.classes.board import all_runs, to_csv
from core.runs.classes.links import LONGEST_LINK, page_title
from core.task import UserError
from pages.ui.board.poll_panel import poll_panel, polls_csv
from pages.ui.board.runs_figure import runs_figure
from pages.ui.board.tiles import SORTS, draw_tiles
from pages.ui.classes.code import join_code
from pages.ui.controls import show_value
from pages.ui.download import download_button
from pages.ui.intents import button, intent
from pages.ui.links import link_to, qr_code
from pages.ui.membership import change_class
from pages.ui.session import owner, platform
from pages.ui.words import ago, as_text

TEACHER_SECONDS, STUDENT_SECONDS = 1.0, 2.0  # polling intervals
QR_WIDTH, CODE_WIDTH = 104, 240  # pixels
ALL = ""  # tasks


def no_board() -> None:
    """Draw a refusal that does not reveal whether the class exists."""
    st.session_state.pop("board_frozen", None)  # list of names
    st.title("Board")
    st.warning(
        "You cannot see this board: the class has ended, its teacher does not show "
        "the board now, or this browser is not in the class.",
        icon=":material/visibility_off:",
    )
    st.page_link("pages/classes.py", label="To your class", icon=":material/groups:")


def board_view(code: str, role: str) -> None:
    """Draw the board of a class for its teacher or for a student of it."""
    state = platform().boards.state(code)
    if state is None:
        no_board()
        return
    teaches = role == "teacher"
    seconds = TEACHER_SECONDS if teaches else STUDENT_SECONDS
    _heading(state.school_class, teaches)
    with st.container(horizontal=True, vertical_alignment="center"):
        task, sort = _choice(state)
        frozen = _freeze(state)
        if teaches:
            _teacher_controls(state)
    poll_panel(state, seconds, is_frozen=frozen is not None)
    if frozen:
        st.markdown(f":orange-badge[:material/pause: Frozen] {ago(frozen.read)}")
    draw_tiles(code, task, sort, seconds, frozen)
    runs_figure(frozen or state, task, is_frozen=frozen is not None)
    _downloads(code, task, teaches)


def _downloads(code: str, task: str, teaches: bool) -> None:
    with st.container(horizontal=True):
        download_button(
            "All runs as CSV",
            _csv_of(code, owner(), task or None),
            f"class {code}.csv",
            "board_csv",
            help="A row for each run: name, settings and measures, for a spreadsheet.",
        )
        if teaches:
            download_button(
                "All answers as CSV",
                polls_csv(code, owner()),
                f"class {code} answers.csv",
                "board_polls_csv",
                help="The answers to each question, without names.",
            )


def _heading(school_class, teaches: bool) -> None:
    link = link_to("classes", {"code": school_class.code})
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        title = as_text(school_class.title) or "Class"
        joining = teaches and school_class.open
        code = "" if joining else f" :blue[{school_class.code}]"
        st.title(f"{title}{code}", anchor=False, width="content")
        if joining:
            with st.container(
                horizontal=True, vertical_alignment="center", width="content"
            ):
                with st.container(width=CODE_WIDTH):
                    join_code(school_class.code)
                st.image(qr_code(link), width=QR_WIDTH, alt="QR code to join the class")


def _choice(state):
    """Draw the filter and the order of the tiles."""
    tasks = {ALL: "All tasks", **{task.id: task.text for task in state.tasks}}
    chosen = ALL
    if state.tasks:
        if st.session_state.get("board_task") not in tasks:
            st.session_state["board_task"] = ALL
        chosen = st.selectbox(
            "Task",
            list(tasks),
            key="board_task",
            format_func=tasks.get,
            label_visibility="collapsed",
            width=240,
            help="Shows each student's training of one task.",
            persist_state="session",
        )
    sort = st.segmented_control(
        "Sort by",
        list(SORTS),
        key="board_sort",
        default="progress",
        required=True,
        format_func=SORTS.get,
        label_visibility="collapsed",
        help="By progress, by result, or by name.",
        persist_state="session",
    )
    return chosen, sort


def _freeze(state):
    """Draw the switch that freezes the board; return the frozen state, or None."""
    code = state.school_class.code
    frozen = st.session_state.get("board_frozen")
    if frozen and frozen.school_class.code != code:
        frozen = None
    show_value("board_freeze", frozen is not None)
    st.toggle(
        "Freeze",
        key="board_freeze",
        help="Stops updates of this view, for a discussion. Training continues.",
        on_change=intent("board_freeze", _change_frozen, code),
    )
    return frozen and frozen.hiding(state)


def _change_frozen(code: str) -> None:
    freeze = st.session_state["board_freeze"]
    state = platform().boards.shown_to(owner(), code) if freeze else None
    st.session_state["board_frozen"] = state


def _teacher_controls(state) -> None:
    code = state.school_class.code
    show_value("board_shown", state.school_class.board_shown)
    st.toggle(
        "Show to students",
        key="board_shown",
        help="Students of the class can open this board, with all names on it.",
        on_change=intent("board_shown", _show_board, code),
    )
    _bring(state.school_class)
    with st.popover(
        "Names",
        icon=":material/visibility:",
        help="Hides students from the board, and shows them again.",
    ):
        if not state.members:
            st.caption("No students yet.")
        for member in state.members.values():
            key = f"board_name_{member.id}"
            show_value(key, not member.hidden)
            st.checkbox(
                as_text(member.name),
                key=key,
                on_change=intent(key, _show_name, code, member.id),
            )


def _bring(school_class) -> None:
    """Draw the menu that sends all students to a page."""
    code = school_class.code
    with st.popover(
        "Send everyone to a page",
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
        link = st.text_input(
            "Link",
            key="board_bring_link",
            max_chars=LONGEST_LINK,
            autocomplete="off",
            placeholder="Paste what “Copy link to these settings” has copied",
            help="A link to the page of a network, prices, emoji or music, or to a "
            "station of the path.",
        )
        button(
            "Send everyone",
            "board_bring",
            _bring_all,
            code,
            icon=":material/send:",
            disabled=not link.strip(),
            help="Each student gets a button that opens the page.",
        )


def _bring_all(code: str) -> None:
    link = st.session_state["board_bring_link"]
    change_class(platform().classes.bring, code, link)


def _show_board(code: str) -> None:
    change_class(platform().classes.show_board, code, st.session_state["board_shown"])


def _show_name(code: str, member_id: str) -> None:
    shown = st.session_state[f"board_name_{member_id}"]
    change_class(platform().classes.hide, code, member_id, not shown)


def _csv_of(code: str, me: str, task: str | None):
    """Return a function that makes the file, if the board may still be seen."""
    boards = platform().boards

    def content() -> bytes:
        if (state := boards.shown_to(me, code)) is None:
            raise UserError("The class has ended, or its board is not shown now.")
        return to_csv(all_runs(state, task)).encode("utf-8-sig")

    return content
