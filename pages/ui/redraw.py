"""Parts of a page that update themselves, as often as the server has time for."""

import streamlit as st

from pages.ui.pace import Pace
from pages.ui.turns import Turns

# 6.5 ms for each drawing, of which the processor needs some five: seventy live panels
# can be drawn every 0.45 s.
PACE = Pace(each=0.0065, between=0.5)
# A drawing delays the others, and the thread that sends. Whole pages go first: a
# person waits for them.
TURNS = Turns(places=2, longest=1.0)


def redraw_every(key: str, seconds: float, draw, *args) -> None:
    """Draw a part of a page now, and then every so many seconds at best.

    It is drawn alone, without the rest of the page: as a `st.fragment`.

    Parameters
    ----------
    key
        Tells it from the other parts of this session that update themselves.
    """
    panel = st.session_state.setdefault(f"{key}_again", object())
    every = PACE.join(panel, seconds)
    st.fragment(_drawn, run_every=every)(panel, seconds, every, draw, args)


def _drawn(panel, seconds: float, every: float, draw, args) -> None:
    with TURNS.turn():
        if PACE.should_change(panel, seconds, every):
            st.rerun()  # the interval is fixed when the page is drawn
        draw(*args)
