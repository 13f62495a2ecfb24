import streamlit as st

from pages.ui.address import hold, read_address, write_address
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.session import current_run, owner, platform
from pages.ui.stock.downloads import downloads_tab
from pages.ui.stock.how_it_works import how_it_works_tab
from pages.ui.stock.judgement import judgement_tab
from pages.ui.stock.models import shown, with_settings
from pages.ui.stock.recipes import recipes_tab
from pages.ui.stock.result import result_tab, run_or_result
from pages.ui.stock.setup import not_in_link, restore_settings, setup

TABS = ["Result", "Judgement", "Recipes", "Take away", "How it works"]

frame()
st.title("Prices")
st.markdown(
    "An LSTM reads a series of prices, daily or of any other frequency, and forecasts "
    "the coming ones: the price, and how uncertain it is. It is compared with the "
    "simplest forecasts."
)
if st.query_params.get("stock_recipe") == "seed":  # its name in older links
    st.query_params["stock_recipe"] = "classic"
place = read_address("stock")
run = current_run("stock")
restore_settings(run)

left, right = st.columns([1, 2], gap="large")
with left:
    settings = setup()
    if settings.started:
        run = platform().store.get(owner(), settings.started)

found = shown(run)
result = None
if found:
    result = with_settings(
        found, settings.cost, settings.forecast_days, settings.series
    )
with right:
    run_or_result(run, result)

# Only the open tab is computed.
tabs = st.tabs(TABS, key=hold("stock_tabs", TABS[0], TABS), on_change="rerun")
for name, tab in zip(TABS, tabs, strict=True):
    if tab.open:
        with tab:
            if name == "How it works":
                how_it_works_tab(settings.recipe)
            elif result is None:
                st.caption("There is no result yet. It appears here after training.")
            elif name == "Result":
                result_tab(result)
            elif name == "Judgement":
                judgement_tab(result, found.points)
            elif name == "Recipes":
                recipes_tab(result)
            elif name == "Take away":
                downloads_tab(result, found.points, found.run_id)
glossary()
write_address("stock", place, *not_in_link())
