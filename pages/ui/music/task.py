"""What the pages show of a model that improvises."""

from functools import partial

import streamlit as st

from pages.ui.music import setup
from pages.ui.music.compare import melodies_view
from pages.ui.music.downloads import downloads, model_downloads
from pages.ui.music.generate import controls, current_take
from pages.ui.music.how_it_works import how_it_works
from pages.ui.music.judgement import judgement_view
from pages.ui.music.models import SHARED, Model, result_of
from pages.ui.music.now_playing import melody_view, now_playing
from pages.ui.music.quiz import quiz_view
from pages.ui.music.training_view import live_blocks, training_view
from pages.ui.task.settings import settings_view
from pages.ui.task.tabs import open_tab

__all__ = ["compared", "in_widgets", "live_blocks", "shared_view"]


def in_widgets(_: str, run) -> dict:
    """The settings of a run by the names of their widgets, and its music."""
    return setup.in_widgets(run)


def compared(_: str):
    """What compared runs have made."""
    return "Melodies", melodies_view


def shared_view(run) -> None:
    """Draw a run to look at."""
    result = result_of(run)
    model = take = None
    if result:
        model = Model(SHARED, result, run.id, run.finished)
        sound = st.container()
        request = controls(model)
        with sound:
            take = current_take(model, request)
            now_playing(model, take, editable=False)
        st.divider()
    left, right = st.columns([1, 2], gap="large")
    with left:
        settings_view(run)
    with right:
        training_view(run, model, setup.Setup(None, None, None))
    if model:
        views = {
            "Result": take and partial(melody_view, model, take),
            "Judgement": partial(judgement_view, model),
            "Human or model?": partial(quiz_view, model),
            "Take away": partial(_music_files, model, take),
            "How it works": how_it_works,
        }
        open_tab("shared", {name: draw for name, draw in views.items() if draw})


def _music_files(model, take) -> None:
    if take:
        downloads(model, take)
    model_downloads(model)
