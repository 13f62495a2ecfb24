"""Step 4: a live training, and every epoch of it to look at afterwards."""

import streamlit as st

from core.lesson.words import ending, verdict
from pages.ui import live
from pages.ui.address import hold
from pages.ui.cache import is_changing
from pages.ui.lesson.learning_setup import belongs, recall, setup
from pages.ui.lesson.learning_views import (
    curves,
    how_it_works,
    live_view,
    shown,
    vanishing,
)
from pages.ui.lesson.scrubber import scrubber
from pages.ui.lesson.steps import question
from pages.ui.session import current_run

TABS = ("Vanishing gradient", "Curves", "How it works")


def learning(cell: str) -> None:
    """Draw the step on the page of the RNN or of the LSTM."""
    question(cell, "Learning")
    run = current_run(cell, belongs(cell))
    if run:
        recall(cell, run)
    left, right = st.columns([1, 2], gap="large")
    with left:
        task, started = setup(cell)
        run = started or run
    found = None
    with right:
        if run and is_changing(run):
            live.follow(cell, run, live_view(run))
        else:
            found = shown(cell, task, run)
        if found:
            st.markdown(f"#### {verdict(found.result)}")
            if why := ending(found.result):
                st.warning(why, icon=":material/trending_up:")
            scrubber(f"{cell}_scrubber", found.film)
    if not found:
        return
    for tab, view in zip(
        st.tabs(TABS, key=hold(f"{cell}_tabs", TABS[0], TABS), on_change="rerun"),
        (vanishing, curves, how_it_works),
        strict=True,
    ):
        if tab.open:
            with tab:
                view(cell, found)
