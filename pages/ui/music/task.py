"""The views of the music task: its page, and its part of comparisons and links."""

from functools import partial

import streamlit as st

from pages.ui.live import panel
from pages.ui.music import setup
from pages.ui.music.compare import melodies_view
from pages.ui.music.downloads import downloads, model_downloads, token_downloads
from pages.ui.music.generate import controls, current_take
from pages.ui.music.how_it_works import how_it_works
from pages.ui.music.judgement import judgement_view
from pages.ui.music.models import choose_model
from pages.ui.music.now_playing import melody_view, now_playing
from pages.ui.music.playing import play_it_yourself
from pages.ui.music.quiz import quiz_view
from pages.ui.music.setup import in_widgets
from pages.ui.music.training_view import corpus_of, live_blocks, training_view
from pages.ui.session import is_shared
from pages.ui.shape import sides
from pages.ui.task.settings import settings_view
from pages.ui.task.tabs import draw_open, tabs_of

__all__ = ["compared", "in_widgets", "live_blocks", "task_page"]

NOT_CHOSEN = setup.Setup(started=None, corpus=None, piece=None)


def compared(_: str):
    """Return title and view of this task's part of a comparison."""
    return "Melodies", melodies_view


def task_page(run, place) -> None:
    """Draw the chords beside the player, and the tabs; the first one trains.

    The state of a run is beside its curves while they move, and else at `place`.
    """
    choosing, seeing = sides()
    with choosing:
        model = choose_model(run)
        request = controls(model)
        files = st.container(key="music_files", horizontal=True, gap="xsmall")
    if not is_shared():
        play_it_yourself(model, request)
    with seeing:
        take = current_take(model, request)
        shown = now_playing(model, take, editable=not is_shared())
    if take:
        with files:
            downloads(take, shown)
    views = {
        "Result": partial(melody_view, model, take) if take else _nothing,
        "Judgement": partial(judgement_view, model),
        "Human or model?": partial(quiz_view, model),
        "Take away": partial(_files, model, take, shown),
        "How it works": how_it_works,
    }
    tabs = tabs_of("music", ("Training", *views))
    training = tabs["Training"]
    if training.open or not is_shared():  # the address has its settings, closed too
        with training:
            left, right = st.columns([1, 2], gap="large")
        with left:
            chosen = (
                settings_view(run) if is_shared() else setup.setup()
            ) or NOT_CHOSEN
        run = chosen.started or run
    if run:
        beside_curves = training.open and panel.is_live("music", run)
        with right if beside_curves else place:
            panel.state_line("music", run, partial(_keep_corpus, run))
    if training.open:
        with right:
            training_view(run, model, chosen)
    draw_open(tabs, views)


def _keep_corpus(run, run_id: str) -> None:
    """Remember that a training is on the same corpus as an earlier run."""
    if corpus := corpus_of(run):
        setup.note_corpus(run_id, corpus)


def _files(model, take, shown) -> None:
    if take:
        token_downloads(model, take, shown)
    model_downloads(model)


def _nothing() -> None:
    st.caption("Nothing is played. Correct the settings beside the player.")
