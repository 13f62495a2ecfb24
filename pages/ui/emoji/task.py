"""The views of the emoji task: its page, and its part of comparisons and links."""

from functools import partial

import streamlit as st

from core.emoji.labels import LABELS
from pages.ui.emoji.answer import answer_view, text_input
from pages.ui.emoji.compare import answers_view
from pages.ui.emoji.explain import explain_view
from pages.ui.emoji.files import many_view
from pages.ui.emoji.how_it_works import how_it_works_view
from pages.ui.emoji.judgement import judgement_view, live_blocks
from pages.ui.emoji.models import choose_model, note_begin
from pages.ui.emoji.own_classes import own_classes_view
from pages.ui.emoji.result import result_view
from pages.ui.emoji.setup import OWN_CLASSES, setup
from pages.ui.emoji.teach import teach_view
from pages.ui.live import panel
from pages.ui.session import is_shared
from pages.ui.shape import sides
from pages.ui.takeaway import take_away
from pages.ui.task.settings import settings_view
from pages.ui.task.tabs import draw_open, tabs_of

__all__ = ["compared", "live_blocks", "task_page"]

TRAINED = ("Teach it", "Many at once")
LOOKED_AT = ("Judgement", "Take away", "How it works")


def compared(_: str):
    """Return title and view of this task's part of a comparison."""
    return "Answers", answers_view


def task_page(run, place):
    """Draw the answer, the settings, the training or its result, and the tabs.

    A page that only looks at the run has neither what teaches nor what reads files.

    Returns
    -------
    Callable or None
        What answers the rest of a long list, once the page is drawn.
    """
    choosing, seeing = sides()
    with seeing:
        text = text_input()
        answered = st.container()
        active = choose_model(run)
        with answered:
            answer = answer_view(active, text)
    with choosing:
        ready, started = (settings_view(run), None) if is_shared() else setup(active)
        run = started or run
    if run:
        with place:
            panel.state_line("emoji", run, partial(note_begin, before=active))
    with seeing:
        _training(run, active, answer)
    tabs = tabs_of("emoji", LOOKED_AT if is_shared() else (*TRAINED, *LOOKED_AT))
    answer_the_rest = None
    if not is_shared():
        with tabs["Teach it"]:
            teach_view(run, active, ready)
        with tabs["Many at once"]:
            answer_the_rest = many_view(active, tabs["Many at once"].open)
    draw_open(tabs, _views(active))
    return answer_the_rest


def _training(run, active, answer) -> None:
    own = st.session_state.get("emoji_source") == OWN_CLASSES and not is_shared()
    trained = run is not None and active.result.labels != LABELS
    if own and not trained:
        own_classes_view()
    result_view(run, active)
    explain_view(active, answer)
    if own and trained:
        own_classes_view()


def _views(active) -> dict:
    files = partial(take_away, "emoji", "emoji", active.result, run_id=active.run_id)
    views = (
        partial(judgement_view, active),
        files,
        partial(how_it_works_view, active.result.config),
    )
    return dict(zip(LOOKED_AT, views, strict=True))
