import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.session import current_run
from pages.ui.stock.setup import not_in_link, restore_settings
from pages.ui.stock.task import task_page

frame()
st.title("Prices")
st.markdown(
    "LSTMs read a series of prices, daily or of any other frequency, and forecast the "
    "coming prices with their uncertainty. They are compared with the last price and "
    "with classical models."
)
place = read_address("stock")
run = current_run("stock")
restore_settings(run)

task_page(run)
glossary()
write_address("stock", place, *not_in_link())
