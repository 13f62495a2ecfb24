import streamlit as st

from pages.ui.frame import frame
from pages.ui.runs import run_list
from pages.ui.shares import shared_links

frame()
st.title("Runs")
st.markdown(
    "A run is one training of a network. Yours are listed here, newest first; they go "
    "on when you close their page or the browser."
)
run_list()
shared_links()
