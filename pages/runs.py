import streamlit as st

from pages.ui.frame import frame
from pages.ui.runs import run_list
from pages.ui.shares import shared_links

frame()
st.title("Your runs")
st.markdown(
    "A run is one training of a network. Each of yours is listed here, newest first, "
    "and goes on when you close its page or the browser."
)
run_list()
shared_links()
