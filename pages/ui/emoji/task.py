"""What the pages show of a model that answers sentences."""

from functools import partial

import streamlit as st

from pages.ui.cache import points_of
from pages.ui.emoji.answer import answer_view, text_input
from pages.ui.emoji.compare import answers_view
from pages.ui.emoji.explain import explain_view
from pages.ui.emoji.how_it_works import how_it_works_view
from pages.ui.emoji.judgement import draw_curves, judgement_view, live_blocks
from pages.ui.emoji.models import SHARED, ActiveModel, result_of
from pages.ui.emoji.result import result_view
from pages.ui.live import panel
from pages.ui.live.state import is_changing
from pages.ui.takeaway import take_away
from pages.ui.task.settings import settings_view
from pages.ui.task.tabs import open_tab

__all__ = ["compared", "live_blocks", "shared_view"]


def compared(_: str):
    """What compared runs have made."""
    return "Answers", answers_view


def shared_view(run) -> None:
    """Draw a run to look at."""
    result = result_of(run)
    active = answer = None
    if result:
        active = ActiveModel(SHARED, result, run.id, run.finished)
        answer = answer_view(active, text_input())
    left, right = st.columns([1, 2], gap="large")
    with left:
        settings_view(run)
    with right:
        if active or is_changing(run):
            result_view(run, active)
        else:
            panel.ended("emoji", run)
            if points := points_of(run):
                draw_curves("emoji_ended", points)
        if active:
            explain_view(active, answer)
    if active:
        open_tab(
            "shared",
            {
                "Judgement": partial(judgement_view, active),
                "Take away": partial(take_away, "emoji", "emoji", result, (), run.id),
                "How it works": partial(how_it_works_view, result.config),
            },
        )
