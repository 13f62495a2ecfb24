import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "gru",
    "GRU",
    "A network that reads letter by letter and decides how much of its memory stays: a "
    "gated recurrent unit. It does the work of the LSTM with one memory for two.",
)
st.page_link(
    "pages/became.py", label="What became of RNNs", icon=":material/history_edu:"
)
