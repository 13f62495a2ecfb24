import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.session import current_run, owner, platform
from pages.ui.stock.models import as_asked, shown
from pages.ui.stock.setup import recall, setup, unlinked
from pages.ui.stock.stage import stage
from pages.ui.stock.tabs import tabs

frame()
st.title("Prices")
st.markdown(
    "An LSTM reads a series of daily prices and forecasts the coming days: the price, "
    "and how uncertain it is. It is compared with the simplest forecasts."
)
place = read_address("stock")
run = current_run("stock")
recall(run)

column, right = st.columns([1, 2], gap="large")
with column:
    asked = setup()
    if asked.started:
        run = platform().store.get(owner(), asked.started)

found = shown(run)
result = as_asked(found, asked.cost, asked.days) if found else None
with right:
    stage(run, found, result)

tabs(found, result, asked.recipe)
glossary()
write_address("stock", place, *unlinked())
