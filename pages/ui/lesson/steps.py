"""Shared parts of the steps of a lesson: choices, question, reading, code."""

import streamlit as st

from core.lesson.cells import CELLS, CELLS_OF
from core.source import ROOT, source, source_file
from pages.ui.controls import choose
from pages.ui.glossary import glossary
from pages.ui.lesson.components import has_played
from pages.ui.lesson.questions import ask_and_explain
from pages.ui.lesson.texts import (
    QUESTIONS,
    READINGS,
    REFERENCES,
    WRITING,
    question_key,
)
from pages.ui.membership import current_member, note_event
from pages.ui.session import platform

OF_ALL_CELLS = ("unroll", "unroll_back", "input_gradients", "weight_gradients")
STEPS = {  # values in an address, and what one does there
    "The cell": "Inside one step",
    "Forward": "Read a word",
    "Backward": "Trace the mistake back",
    "Learning": "Watch it learn",
}

FIRST = {  # what to press
    "Forward": "Press **play**.",
    "Backward": "Press **play**.",
    "Learning": "Press **play** to watch it learn; then **Train** it on your own text.",
}


def choose_step(page: str) -> str:
    """Draw the choice of the four steps, part of the address."""
    step = choose(
        "Step", STEPS, f"{page}_step", wrap=True, label_visibility="collapsed"
    )
    if step in FIRST:
        st.caption(FIRST[step])
    return step


def choose_cell(page: str, place) -> str:
    """Draw the choice of the cell in a place, where the page has more than one."""
    cells = CELLS_OF[page]
    if len(cells) == 1:
        return cells[0]
    titles = {name: CELLS[name].title for name in cells}
    return choose(
        "Cell", titles, f"{page}_cell", place=place, label_visibility="collapsed"
    )


def question(
    page: str, cell: str, step: str, event: str | None = None, *, writes: bool = False
) -> None:
    """Ask a question about a view, and explain its answer.

    While the class is asked this question, only its teacher shows the answer.

    The `event` is that of the view that has to be played to its end first. A network
    that writes has a question of its own.
    """
    name = page if page == cell else f"{page}_{cell}"
    if not writes and _is_put_to_class(cell, step):
        st.info(
            "Your class is asked the question of this step just now: answer it above.",
            icon=":material/how_to_vote:",
        )
        return
    if event and not has_played(event):
        st.caption("Play it to the end: a question about it follows here.")
        return
    key = f"{name}_ask_{'writing' if writes else step.lower().replace(' ', '_')}"
    if ask_and_explain(WRITING if writes else QUESTIONS[cell, step], key):
        note_event(f"question {question_key(cell, step)}")


def _is_put_to_class(cell: str, step: str) -> bool:
    member = current_member()
    poll = member and platform().polls.current(member.code)
    is_open = bool(poll) and poll.revealed is None
    return is_open and poll.question == question_key(cell, step)


def reading(cell: str, step: str) -> None:
    """The background of a step."""
    title, text = READINGS[cell, step]
    st.subheader(title)
    st.markdown(text)


def code(cell: str, *names: str, note: str = "This page runs this code.") -> None:
    """Show functions from their source: of the cell, or of all cells."""
    with st.expander("The code of this step", icon=":material/code:"):
        st.caption(f"{note} Training, gradient check and download run it as well.")
        for name in names:
            module = "core.recurrent" if name in OF_ALL_CELLS else f"core.{cell}"
            show_functions(module, name if name in OF_ALL_CELLS else f"{cell}_{name}")


def show_functions(module: str, *names: str) -> None:
    """Show functions of a module from their source, below the name of their file."""
    st.caption(f"`{source_file(module).relative_to(ROOT).as_posix()}`")
    for name in names:
        st.code(source(module, name), "python")


def appendix() -> None:
    """The glossary, and the literature."""
    glossary()
    with st.expander("References", icon=":material/menu_book:"):
        st.markdown(REFERENCES)
