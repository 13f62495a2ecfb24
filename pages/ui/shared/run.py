"""One run as whoever follows its link sees it: as on its own page, to look at only."""

from functools import partial

import streamlit as st

from pages.ui.address import hold
from pages.ui.cache import points_of
from pages.ui.emoji import models as emoji_models
from pages.ui.emoji.answer import answer_view, text_input
from pages.ui.emoji.explain import explain_view
from pages.ui.emoji.how_it_works import how_it_works_view
from pages.ui.emoji.judgement import draw_curves
from pages.ui.emoji.judgement import judgement_view as emoji_judgement
from pages.ui.emoji.result import result_view
from pages.ui.glossary import glossary
from pages.ui.lesson.learning import epochs_view, run_view, tabs_view
from pages.ui.live import panel
from pages.ui.live.state import is_changing
from pages.ui.music import models as music_models
from pages.ui.music.downloads import downloads, model_downloads
from pages.ui.music.generate import controls, current_take
from pages.ui.music.how_it_works import how_it_works
from pages.ui.music.judgement import judgement_view as music_judgement
from pages.ui.music.now_playing import melody_view, now_playing
from pages.ui.music.quiz import quiz_view
from pages.ui.music.setup import Setup
from pages.ui.music.training_view import training_view
from pages.ui.shared.link import heading
from pages.ui.shared.settings import settings_view
from pages.ui.stock.downloads import downloads_tab
from pages.ui.stock.how_it_works import how_it_works_tab
from pages.ui.stock.judgement import judgement_tab
from pages.ui.stock.models import shown
from pages.ui.stock.result import result_tab, run_or_result
from pages.ui.takeaway import take_away

TITLES = {
    "stock": "Prices",
    "text": "Writing",
    "adding": "Adding problem",
    "emoji": "Emoji",
    "music": "Music",
}


def shared_run(run) -> None:
    """Draw a run that the page may read by a link."""
    heading(TITLES[run.task], "A training and its result")
    views = {"stock": _stock, "emoji": _emoji, "music": _music}
    views.get(run.task, _lesson)(run)
    glossary()


def _stock(run) -> None:
    found = shown(run)
    result = found and found.result
    left, right = _columns()
    with left:
        settings_view(run)
    with right:
        run_or_result(run, result)
    if result:
        _tabs(
            {
                "Result": partial(result_tab, result),
                "Judgement": partial(judgement_tab, result, found.points),
                "Take away": partial(downloads_tab, result, found.points, run.id),
                "How it works": partial(how_it_works_tab, result.config.recipe),
            }
        )


def _emoji(run) -> None:
    result = emoji_models.result_of(run)
    active = answer = None
    if result:
        active = emoji_models.ActiveModel(
            emoji_models.SHARED, result, run.id, run.finished
        )
        answer = answer_view(active, text_input())
    left, right = _columns()
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
        _tabs(
            {
                "Judgement": partial(emoji_judgement, active),
                "Take away": partial(take_away, "emoji", "emoji", result, (), run.id),
                "How it works": partial(how_it_works_view, result.config),
            }
        )


def _music(run) -> None:
    result = music_models.result_of(run)
    model = take = None
    if result:
        model = music_models.Model(music_models.SHARED, result, run.id, run.finished)
        sound = st.container()
        request = controls(model)
        with sound:
            take = current_take(model, request)
            now_playing(model, take, editable=False)
        st.divider()
    left, right = _columns()
    with left:
        settings_view(run)
    with right:
        training_view(run, model, Setup(None, None, None))
    if model:
        views = {
            "Result": take and partial(melody_view, model, take),
            "Judgement": partial(music_judgement, model),
            "Human or model?": partial(quiz_view, model),
            "Take away": partial(_music_files, model, take),
            "How it works": how_it_works,
        }
        _tabs({name: draw for name, draw in views.items() if draw})


def _music_files(model, take) -> None:
    if take:
        downloads(model, take)
    model_downloads(model)


def _lesson(run) -> None:
    left, right = _columns()
    with left:
        settings_view(run)
    with right:
        training = run_view("shared", run)
        if training:
            epochs_view("shared", training)
    if training:
        tabs_view("shared", training, run.id)


def _columns():
    return st.columns([1, 2], gap="large")


def _tabs(views) -> None:
    """Draw tabs, of which only the open one is computed."""
    names = list(views)
    tabs = st.tabs(names, key=hold("shared_tabs", names[0], names), on_change="rerun")
    for tab, draw in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                draw()
