import streamlit as st

from core.stock import Config
from core.stock.samples import SAMPLES, load_sample
from core.task import UserError
from pages.ui import live
from pages.ui.controls import setting, use
from pages.ui.frame import frame
from pages.ui.session import current_run, open_run, owner, platform
from pages.ui.stock import (
    day_by_day,
    how_it_works,
    judgement,
    result_view,
    shown,
    take_away,
)
from pages.ui.upload import uploaded_prices

SETTINGS = ("epochs", "units", "window", "batch", "dropout", "learning_rate", "seed")
RECIPES = {"honest": "Honest", "seed": "Classic, flawed"}

frame()
st.title("Prices")
st.markdown(
    "An LSTM reads a daily price series and forecasts the next day: the price, and how "
    "far off it may be. Its error is shown beside that of yesterday's price."
)
run = current_run("stock")
if run and st.session_state.get("stock_settings_of") != run.id:
    use("stock", run.settings)
    st.session_state["stock_settings_of"] = run.id

setup, stage = st.columns([1, 2], gap="large")

with setup:
    st.subheader("Data")
    source = st.segmented_control(
        "Source",
        ["Sample", "Upload"],
        default="Sample",
        required=True,
        key="stock_source",
        help="A bundled series, or a CSV of your own.",
        persist_state="session",
    )
    if source == "Sample":
        name = st.selectbox(
            "Series",
            list(SAMPLES),
            format_func=lambda name: SAMPLES[name].title,
            key="stock_sample",
            help="What the network learns from: six series of different character.",
            persist_state="session",
        )
        st.caption(SAMPLES[name].character)
        series = load_sample(name)
    else:
        series = uploaded_prices()

    st.subheader("Model")
    st.session_state.setdefault("stock_recipe", "honest")
    recipe = st.segmented_control(
        "Recipe",
        list(RECIPES),
        format_func=RECIPES.get,
        required=True,
        key="stock_recipe",
        help="Honest learns returns and their risk. Classic is the well-known "
        "tutorial's way, kept to show why it fails.",
        on_change=lambda: use(
            "stock", Config.preset(st.session_state.stock_recipe).values
        ),
        persist_state="session",
    )
    if recipe == "seed":
        st.warning(
            "Flawed on purpose. It learns the price level, its scale has seen the "
            "future, and nothing stands beside it. *How it works* says more.",
            icon=":material/science:",
        )
    go = st.container()
    with (
        st.expander("Hyperparameters", icon=":material/tune:"),
        st.grid(2, min_column_width=120),
    ):
        values = {name: setting("stock", Config, name) for name in SETTINGS}
    try:
        config = Config(recipe=recipe, **values)
    except UserError as error:
        config = None
        go.error(str(error), icon=":material/error:")
    if go.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        key="stock_train",
        disabled=config is None or series is None,
        help="Starts a training with these settings on this series.",
    ):
        try:
            run_id = platform().start(owner(), "stock", config, series)
        except UserError as error:
            go.error(str(error), icon=":material/error:")
        else:
            open_run("stock", run_id)
            st.session_state["stock_settings_of"] = run_id
            run = platform().store.get(owner(), run_id)

with stage:
    result, points = None, None
    if run and live.under_way(run):
        live.follow("stock", run.id)
    else:
        result, points = shown(run)
    if result:
        result_view(result)

if result:
    names = ["Result", "Judgement", "Take away", "How it works"]
    by_day, judged, taken, explained = st.tabs(
        names, key="stock_tabs", on_change="rerun"
    )
    if by_day.open:
        with by_day:
            day_by_day(result)
    if judged.open:
        with judged:
            judgement(result, points)
    if taken.open:
        with taken:
            take_away(result)
    if explained.open:
        with explained:
            how_it_works(recipe)
