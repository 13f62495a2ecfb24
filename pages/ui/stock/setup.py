"""The left column: what is learned from, by which recipe, and the button."""

from typing import NamedTuple

import streamlit as st

from core.stock import Config
from pages.ui.address import hold, restore, use
from pages.ui.controls import checked, setting
from pages.ui.stock.data import prices, recall_sample
from pages.ui.training import first_seen, train

RECIPES = {"honest": "Honest", "seed": "Classic, flawed"}
ABOUT = {
    "honest": "Learns returns and their risk at four horizons, is evaluated on days it "
    "was not trained on, and stops when it no longer improves. About a minute.",
    "seed": "The recipe of a well-known tutorial, kept to show why it fails. 1,000 "
    "epochs take about ten minutes.",
}
GROUPS = {
    "Network": ("units", "window", "dropout"),
    "Learning": ("epochs", "learning_rate", "batch", "seed"),
    "Evaluation": ("horizon", "folds", "seeds"),
}
AFTERWARDS = ("cost", "forecast_days")  # of which the learning knows nothing


class Setup(NamedTuple):
    """What the left column came to."""

    started: str | None  # a run that has just begun
    recipe: str
    cost: float
    days: int


def recall(run) -> None:
    """Take over what a run was asked for, once."""
    if first_seen("stock", run):
        restore("stock", run.settings)
        recall_sample(run)


def setup() -> Setup:
    """Draw the column."""
    st.subheader("Data")
    with st.container():  # of one place, so that the expander below stays open
        series = prices()
    st.subheader("Model")
    recipe = st.segmented_control(
        "Recipe",
        list(RECIPES),
        format_func=RECIPES.get,
        required=True,
        key=hold("stock_recipe", "honest", RECIPES),
        help=Config.__dataclass_fields__["recipe"].metadata["bounds"].help,
        on_change=_take_preset,
        persist_state="session",
    )
    with st.container():
        if recipe == "seed":
            st.warning(
                "Flawed on purpose: it learns the price level, its scaling uses future "
                "data, and it has no baseline. The tab *Recipes* below explains this.",
                icon=":material/science:",
            )
        st.caption(ABOUT[recipe])
    go = st.container()
    with st.expander("Hyperparameters", icon=":material/tune:"):
        values = _hyperparameters(recipe)
    config = checked(Config, go, recipe=recipe, **values)
    started = train(
        "stock",
        "stock",
        config,
        series,
        go,
        ready=config is not None and series is not None,
        help="Starts training with these settings on this series.",
    )
    return Setup(started, recipe, values["cost"], values["forecast_days"])


def _hyperparameters(recipe: str) -> dict:
    standard, values = Config.preset(recipe).values, {}
    for title, names in GROUPS.items():
        st.markdown(f"**{title}**")
        with st.grid(2, min_column_width=120):
            for name in names:
                values[name] = setting("stock", Config, name, standard[name])
    st.markdown("**After training**")
    with st.grid(2, min_column_width=120):
        for name in AFTERWARDS:
            values[name] = setting("stock", Config, name)
    st.caption("These two do not need a new training: the page changes at once.")
    return values


def _take_preset() -> None:
    values = Config.preset(st.session_state["stock_recipe"]).values
    use("stock", {name: values[name] for name in values if name not in AFTERWARDS})


def unlinked() -> list[str]:
    """What a link cannot carry of these settings."""
    return ["your file"] if st.session_state["stock_source"] == "Upload" else []
