"""What a page draws again and again by itself, as often as there is time for."""

import streamlit as st

from pages.ui.pace import Pace
from pages.ui.turns import Turns

# 6.5 ms for each drawing, of which the processor needs some five: seventy live panels
# can be drawn every 0.45 s.
PACE = Pace(each=0.0065, between=0.5)
# Of the interpreter. Each who has one keeps the others waiting, and the thread that
# sends. Whole pages go first: somebody has asked for them.
TURNS = Turns(places=2, longest=1.0)


def redraw_every(key: str, seconds: float, draw, *args) -> None:
    """Draw something now and from then on, every so many seconds at best.

    It may be drawn alone, without the rest of the page: as a `st.fragment`. The key
    tells it from all else that this session draws again.
    """
    panel = st.session_state.setdefault(f"{key}_again", object())
    every = PACE.join(panel, seconds)
    st.fragment(_drawn, run_every=every)(panel, seconds, every, draw, args)


def _drawn(panel, seconds: float, every: float, draw, args) -> None:
    with TURNS.turn():
        if PACE.should_change(panel, seconds, every):
            st.rerun()  # the interval is fixed when the page is drawn
        draw(*args)
