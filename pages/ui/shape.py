"""The shape of a page that trains.

A title with one sentence; beside each other what one chooses and what one sees; below
them tabs. On a phone what one sees comes first, after the choice in `first_choice`, if
any, and the main button stays at the lower edge of the screen (`shape.css`).
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.registry import get_task
from pages.ui.address import read_address, write_address
from pages.ui.glossary import glossary

CHOOSING = 320  # pixels of the column, but on a phone


class Head(NamedTuple):
    """The places in the head of a page: for its run, and for its link."""

    run: DeltaGenerator  # beside the title
    link: DeltaGenerator  # beside the sentence


def head(title: str, sentence: str) -> Head:
    """Draw the title and its sentence; return the places beside them."""
    with st.container(key="head", horizontal=True, vertical_alignment="bottom"):
        with st.container(width="stretch", gap=None):
            with st.container(
                key="head_title", horizontal=True, vertical_alignment="center"
            ):
                st.title(title, width="content")
                run = st.container(width="stretch")
            st.markdown(sentence)
        return Head(run, st.container(key="head_link", width="content", gap=None))


@contextmanager
def page_of_task(
    name: str, sentence: str, not_in_link: Callable[[], Iterable[str]] = tuple
):
    """Draw what surrounds a task's page: title, link to its settings, glossary.

    Yields the place of the page's run. `not_in_link` returns the parts of the settings
    that the link cannot contain.
    """
    run, link = head(get_task(name).TITLE, sentence)
    with link:
        place = read_address(name)
    yield run
    glossary()
    write_address(name, place, *not_in_link())


def sides():
    """Return the places of what one chooses and of what one sees, beside each other."""
    with st.container(key="sides", horizontal=True, gap="large"):
        choosing = st.container(key="choosing", width=CHOOSING)
        seeing = st.container(key="seeing")
    return choosing, seeing


def main_action(place=st):
    """Return the place of the page's main button, in a container."""
    return place.container(key="main_action")
