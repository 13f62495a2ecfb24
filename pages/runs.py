import streamlit as st

from pages.ui.frame import frame
from pages.ui.runs import run_list
from pages.ui.shares import shared_links

frame()
st.title("Runs")
st.markdown(
    "Your trainings in this browser, newest first. Training continues when you leave "
    "its page, and even when you close the browser."
)
st.page_link("pages/search.py", label="Searches", icon=":material/manage_search:")
run_list()
shared_links()
