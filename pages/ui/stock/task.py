"""What the pages show of a price forecast."""

from functools import partial

import streamlit as st

from pages.ui.stock.compare import forecasts_view
from pages.ui.stock.data import sample_of
from pages.ui.stock.downloads import downloads_tab
from pages.ui.stock.how_it_works import how_it_works_tab
from pages.ui.stock.judgement import judgement_tab
from pages.ui.stock.models import shown
from pages.ui.stock.result import result_tab, run_or_result
from pages.ui.stock.setup import settings_of
from pages.ui.task.settings import settings_view
from pages.ui.task.tabs import open_tab


def in_widgets(_: str, run) -> dict:
    """The settings of a run, and its series if it ships."""
    return settings_of(run) | sample_of(run)


def compared(_: str):
    """What compared runs have made."""
    return "Forecasts", forecasts_view


def shared_view(run) -> None:
    """Draw a run to look at."""
    found = shown(run)
    result = found and found.result
    left, right = st.columns([1, 2], gap="large")
    with left:
        settings_view(run)
    with right:
        run_or_result(run, result)
    if result:
        open_tab(
            "shared",
            {
                "Result": partial(result_tab, result),
                "Judgement": partial(judgement_tab, result, found.points),
                "Take away": partial(downloads_tab, result, found.points, run.id),
                "How it works": partial(how_it_works_tab, result.config.recipe),
            },
        )
