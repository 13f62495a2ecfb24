"""The left column: the data, Train, and the recipe with its hyperparameters."""

from functools import partial
from typing import NamedTuple

import streamlit as st

from core.runs import Run
from core.stats import listed
from core.stock import Config
from core.stock.config import AFTER_TRAINING
from core.stock.data.defaults import suited
from core.stock.data.series import PriceSeries
from core.stock.data.split import required_rows
from core.task import bounds_of
from pages.ui.address import set_widget, set_widgets
from pages.ui.controls import checked, choose, setting, settings_grid
from pages.ui.intents import intent
from pages.ui.stock.data import (
    OF_RUN,
    forget_data,
    prices,
    restore_data,
    waits_for_file,
)
from pages.ui.takeaway import load_settings
from pages.ui.training import recall_settings, train

RECIPES = {"honest": "Honest", "classic": "Classic, flawed"}
ABOUT = {
    "honest": "Learns from past moves, is judged on days it never saw, and stops when "
    "it no longer improves.",
    "classic": "The recipe of a well-known tutorial, as an example of three faults.",
}
GROUPS = {
    "Network": ("units", "window", "dropout"),
    "Learning": ("epochs", "learning_rate", "batch", "seed"),
    "Evaluation": ("horizon", "folds", "seeds"),
}
DEFAULTS = "stock_defaults"  # defaults of the series shown last


class Setup(NamedTuple):
    """The state of the left column."""

    started: Run | None  # has just begun
    recipe: str
    cost: float
    forecast_days: int
    series: PriceSeries | None  # None before the choice of the data


def restore_settings(run) -> None:
    """Set the widgets to the settings of a run when it is first shown."""
    forget_data(run)
    if recall_settings("stock", run):
        restore_data(run)


def setup() -> Setup:
    """Draw the column."""
    first, about = st.container(key="first_choice"), st.container()
    with first:
        series = prices(about)
        needed = st.container()
    button, warning = st.container(), st.container()
    with st.expander("Settings (hyperparameters)", icon=":material/tune:"):
        recipe = choose(
            "Recipe",
            RECIPES,
            "stock_recipe",
            help=bounds_of(Config.__dataclass_fields__["recipe"]).help,
            on_change=intent("stock_recipe", _use_preset),
        )
        st.caption(_words_for(series)(ABOUT[recipe]))
        values = _hyperparameters(recipe, series)
        load_settings("stock", {"stock": Config}, _load)
    if recipe == "classic":
        warning.warning(
            "Flawed on purpose: it learns the price level, its scaling uses future "
            "data, and it has no baseline. The tab *Recipes* below explains this.",
            icon=":material/science:",
        )
    config = checked(Config, button, recipe=recipe, **values)
    if config and waits_for_file():
        needed.caption(f"These settings need at least {required_rows(config):,} rows.")
    ready = config is not None and series is not None
    started = train("stock", "stock", config, series, button, ready=ready, names=values)
    return Setup(started, recipe, values["cost"], values["forecast_days"], series)


def _hyperparameters(recipe: str, series) -> dict:
    """Draw the settings, whose defaults are those that suit the series."""
    suits = Config.preset(recipe) if series is None else suited(recipe, series)
    preset, values, words = suits.values, {}, _words_for(series)
    _use_defaults(preset)
    for title, names in GROUPS.items():
        st.markdown(f"**{title}**")
        with settings_grid():
            for name in names:
                values[name] = setting("stock", Config, name, preset[name], words)
    st.markdown("**After training**")
    with settings_grid():
        for name in AFTER_TRAINING:
            values[name] = setting("stock", Config, name, preset[name], words)
    st.caption("These two take effect without a new training.")
    return values


def _words_for(series):
    """Return a function that adapts texts of settings to the frequency."""
    is_daily = series is None or series.frequency.daily
    return str if is_daily else partial(_words, series.frequency)


def _words(frequency, text: str) -> str:
    """The texts of a setting for rows other than days: `Window (months)`."""
    text = text.replace("1, 5, 10 and 20", listed(frequency.horizons))
    return text.replace("day", frequency.row)


def _use_defaults(defaults: dict) -> None:
    """Set the defaults of another series where the widgets have the former ones."""
    state = st.session_state
    for name, former in state.get(DEFAULTS, {}).items():
        key, new = f"stock_{name}", defaults.get(name)
        if new != former and state.get(key) == former:
            set_widget(key, float(new))
    state[DEFAULTS] = defaults


def _use_preset() -> None:
    values = Config.preset(st.session_state["stock_recipe"]).values
    set_widgets(
        "stock", {n: value for n, value in values.items() if n not in AFTER_TRAINING}
    )
    st.session_state[DEFAULTS] = values


def _load(_: str, values) -> None:
    """Set the widgets to settings of a file, protected from later defaults."""
    set_widgets("stock", values)
    st.session_state[DEFAULTS] = {}


def not_in_link() -> list[str]:
    """The parts of these settings that a link cannot include."""
    lacking = {"Upload": ["your file"], OF_RUN: ["the data of the run"]}
    return lacking.get(st.session_state["stock_source"], [])
