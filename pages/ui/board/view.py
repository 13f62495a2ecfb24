"""The page of the board: poll, tiles, and all runs; for a projector without these."""

import streamlit as st

from core.runs.classes.board import all_runs, to_csv
from core.task import UserError
from pages.ui.address import persistent
from pages.ui.board.poll_panel import poll_panel
from pages.ui.board.runs_figure import runs_figure
from pages.ui.board.tiles import SORTS, draw_tiles
from pages.ui.classes.code import join_code
from pages.ui.controls import show_value
from pages.ui.download import download_button
from pages.ui.intents import intent
from pages.ui.session import owner, platform
from pages.ui.words import ago, as_text

TEACHER_SECONDS, STUDENT_SECONDS = 1.0, 2.0  # polling intervals
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


def board_view(code: str) -> None:
    """Draw the board of a class for its teacher, a student of it, or a projector.

    A projector opens it with the token of the screen; it then has no controls.
    """
    screen = st.query_params.get("screen", "")
    state = platform().boards.shown_to(owner(), code, screen)
    if state is None:
        no_board()
        return
    screen = screen if state.is_screen(screen) else ""
    teaches = state.is_teacher(owner())
    seconds = TEACHER_SECONDS if screen or teaches else STUDENT_SECONDS
    _heading(state.school_class, joining=bool(screen or teaches))
    task, sort, frozen, query = ALL, "progress", None, {}
    if screen:
        query = {"screen": screen}
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            task, sort = _choice(state)
            frozen = _freeze(state)
            if teaches:
                st.page_link(
                    "pages/classes.py",
                    label="Tasks, questions and files",
                    icon=":material/tune:",
                    query_params={"code": code},
                )
    poll_panel(state, seconds, query | ({"frozen": "true"} if frozen else {}))
    if frozen:
        st.markdown(f":orange-badge[:material/pause: Frozen] {ago(frozen.read)}")
    draw_tiles(code, task, sort, seconds, frozen, query)
    if not screen:
        runs_figure(frozen or state, task, is_frozen=frozen is not None)
        runs_download(code, task)


def runs_download(code: str, task: str = ALL) -> None:
    """Draw the button that saves the runs of a class."""
    download_button(
        "All runs as CSV",
        _csv_of(code, owner(), task or None),
        f"class {code}.csv",
        "board_csv",
        help="A row for each run: name, settings and measures, for a spreadsheet.",
    )


def _heading(school_class, *, joining: bool) -> None:
    title = as_text(school_class.title) or "Class"
    if not joining or not school_class.open:
        st.title(f"{title} :blue[{school_class.code}]", anchor=False)
        return
    left, right = st.columns([1, 3], vertical_alignment="center")
    left.title(title, anchor=False)
    with right:
        join_code(school_class.code)


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
            **persistent("board_task"),
            format_func=tasks.get,
            label_visibility="collapsed",
            width=240,
            help="Shows each student's training of one task.",
        )
    sort = st.segmented_control(
        "Sort by",
        list(SORTS),
        **persistent("board_sort"),
        default="progress",
        required=True,
        format_func=SORTS.get,
        label_visibility="collapsed",
        help="By progress, by result, or by name.",
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


def _csv_of(code: str, me: str, task: str | None):
    """Return a function that makes the file, if the board may still be seen."""
    boards = platform().boards

    def content() -> bytes:
        if (state := boards.shown_to(me, code)) is None:
            raise UserError("The class has ended, or its board is not shown now.")
        return to_csv(all_runs(state, task)).encode("utf-8-sig")

    return content
