"""A game: the backward pass has a mistake, and its evidence has to tell which one."""

import random

import streamlit as st

from core.lesson.backward_passes import PRESETS, hidden_mistake, mistakes_of
from pages.ui.membership import note_event

HIDDEN = "hidden"  # the choice beside the presets
PARAMETER = "mistake"  # of the address, for a reload; a link to settings has none
SEEDS = 9999


def plant_mistake(page: str, cell: str, preset: str) -> str | None:
    """Return the mistake that is to be found; None while another preset is chosen.

    A reload and a look at another page keep it; a link to the game brings a new one,
    and so does the other cell of the page.
    """
    given = st.query_params.get(PARAMETER, "")
    if preset != HIDDEN:
        if given:
            del st.query_params[PARAMETER]
        return None
    key = f"{page}_mistake"
    shown = st.session_state.setdefault(f"{page}_mistake_cell", cell)
    followed_link = st.query_params.get(f"{page}_preset") == HIDDEN and not given
    if shown != cell:
        st.session_state[f"{page}_mistake_cell"] = cell
        _another(page)
    elif given.isdecimal() and 1 <= int(given) <= SEEDS:
        st.session_state[key] = int(given)
    elif key not in st.session_state or followed_link:
        _another(page)
    st.query_params[PARAMETER] = str(st.session_state[key])
    return hidden_mistake(cell, st.session_state[key])


def ask_for_mistake(page: str, cell: str, planted: str) -> None:
    """Let a person say which mistake it is, and judge that from the evidence."""
    suspects = {name: PRESETS[name].title for name in mistakes_of(cell)}
    with st.container(border=True):
        answer = st.pills(
            ":material/search: **One of these mistakes is in this backward pass. Which "
            "one?** Look at the steps at which dx agrees, at the gradients that "
            "differ, and at the norms; change the word or what the loss depends on.",
            list(suspects),
            format_func=suspects.get,
            key=f"{page}_suspect",
            on_change=_note_if_found,
            args=(page, cell, planted),
            persist_state="session",
            wrap=True,
        )
        if answer is None:
            return
        if answer != planted:
            st.markdown(
                f":orange-badge[:material/close: Not this one] "
                f"*{suspects[answer]}* would look different: {PRESETS[answer].evidence}"
            )
            return
        st.markdown(
            f":green-badge[:material/check: Found] {PRESETS[planted].evidence} "
            f"{PRESETS[planted].explanation}"
        )
        st.button(
            "Another mistake",
            key=f"{page}_another",
            icon=":material/casino:",
            help="Hides one of the mistakes again; it may be the same one.",
            on_click=_next,
            args=(page,),
        )


def _note_if_found(page: str, cell: str, planted: str) -> None:
    """Have the person's class know."""
    if st.session_state[f"{page}_suspect"] == planted:
        note_event(f"mistake {cell}")


def _another(page: str) -> None:
    key = f"{page}_mistake"
    seeds = [n for n in range(1, SEEDS + 1) if n != st.session_state.get(key)]
    st.session_state[key] = random.choice(seeds)
    st.session_state.pop(f"{page}_suspect", None)


def _next(page: str) -> None:
    _another(page)
    st.query_params[PARAMETER] = str(st.session_state[f"{page}_mistake"])
