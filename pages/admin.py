import streamlit as st

from pages.ui.admin import installation, sign_in
from pages.ui.frame import frame

frame()
st.title("Admin")
st.markdown("Workers, queue and failed runs of all users.")
if sign_in():
    installation()
