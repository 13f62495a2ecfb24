import streamlit as st

from pages.ui.admin import installation, show_gate
from pages.ui.frame import frame

frame()
st.title("Admin")
st.markdown("Workers, queue and failed runs of all users.")
if show_gate():
    installation()
