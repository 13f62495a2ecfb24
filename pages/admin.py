import streamlit as st

from pages.ui.admin import installation, show_gate
from pages.ui.frame import frame

frame()
st.title("Admin")
st.markdown("The workers, the queue and what failed, whoever's it is.")
if show_gate():
    installation()
