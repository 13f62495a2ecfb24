"""The views of a price forecast: its page, and its part of comparisons and links."""

from functools import partial

import streamlit as st

from core.stock.data.series import same_prices
from core.stock.figures.training import epoch_alt, epoch_figure
from pages.ui.live import panel
from pages.ui.live.run import ink_of, latest_snapshot, metrics_block
from pages.ui.live.view import Block, Query, figure_block
from pages.ui.membership import hides_example
from pages.ui.session import is_shared
from pages.ui.shape import sides
from pages.ui.stock.compare import forecasts_view
from pages.ui.stock.data import sample_of
from pages.ui.stock.downloads import downloads_tab
from pages.ui.stock.how_it_works import how_it_works_tab
from pages.ui.stock.judgement import judgement_tab
from pages.ui.stock.models import shown, with_settings
from pages.ui.stock.recipes import recipes_tab
from pages.ui.stock.result import result_tab, run_or_result
from pages.ui.stock.setup import setup
from pages.ui.task.settings import settings_view
from pages.ui.task.tabs import open_tab

CURVES, FORECASTS = 210, 260  # pixels: both on the first screen of a laptop


def in_widgets(_: str, run) -> dict:
    """The settings of a run, with its series if it is bundled."""
    return run.settings | sample_of(run)


def live_blocks(run, points, query: Query) -> list[Block]:
    """A run while it trains, and in a replay: its curves, and its latest forecasts."""
    blocks = [metrics_block(points, query, CURVES)]
    if snapshot := latest_snapshot(run, points):
        figure = epoch_figure(snapshot, ink_of(query)).update_layout(height=FORECASTS)
        blocks.append(figure_block("forecast", figure, epoch_alt(snapshot)))
    return blocks


def compared(_: str):
    """Return title and view of this task's part of a comparison."""
    return "Forecasts", forecasts_view


def task_page(run, place) -> None:
    """Draw the settings, the training or its result, and the tabs.

    The read-only page of a shared run lacks the tab *Recipes*.
    """
    choosing, seeing = sides()
    with choosing:
        chosen = settings_view(run) if is_shared() else setup()
    if chosen and chosen.started:
        run = chosen.started
    recipe = chosen.recipe if chosen else run.settings["recipe"]
    found = shown(run, recipe)
    result = found and found.result
    if chosen and result:
        result = with_settings(found, chosen.cost, chosen.forecast_days, chosen.series)
    with seeing:
        if result and found.run_id is None and hides_example():
            result = None
    series = chosen and chosen.series
    on_these = result and (series is None or same_prices(result.series, series))
    if run:
        with place:
            panel.state_line("stock", run)
    with seeing:
        same = on_these and result.config.recipe == recipe
        is_open = run_or_result(run, result if same else None, series)
    views = _tabs(found, result if on_these else None, is_open)
    open_tab("stock", views | {"How it works": partial(how_it_works_tab, recipe)})


def _tabs(found, result, is_open: bool) -> dict:
    views = {
        "Result": lambda: result_tab(result),
        "Judgement": lambda: judgement_tab(
            result, found.points, found.snapshots, found.run_id is None
        ),
        "Recipes": lambda: recipes_tab(result),
        "Take away": lambda: downloads_tab(result, found.points, found.run_id),
    }
    if is_shared():
        del views["Recipes"]
    after = "your guess" if is_open else "training"
    no_result = partial(st.caption, f"The result appears here after {after}.")
    return views if result and not is_open else dict.fromkeys(views, no_result)
