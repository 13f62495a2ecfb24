"""A lesson: its four steps, the glossary and the literature, for any cell."""

import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.lesson.backward import backward
from pages.ui.lesson.cell import cell
from pages.ui.lesson.learning import learning
from pages.ui.lesson.sequence import forward
from pages.ui.lesson.steps import appendix, choose_step
from pages.ui.shape import head

VIEWS = {"The cell": cell, "Forward": forward, "Backward": backward}  # without a run


def lesson(page: str, title: str, sentence: str) -> None:
    """Draw the chosen step of a page, below its title and a sentence."""
    run, tools = head(title, sentence)
    with tools:
        with st.container(key="head_tools", horizontal=True):
            place = read_address(page)
            choice = st.container(width="content")
        step = choose_step(page)
    if step in VIEWS:
        VIEWS[step](page, choice)
    else:
        learning(page, choice, run)
    appendix()
    write_address(page, place)
