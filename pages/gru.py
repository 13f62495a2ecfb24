import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "gru",
    "GRU",
    "A gated recurrent unit mixes old memory with new at every step; a gate decides "
    "how much of each. It has one memory, the LSTM two.",
)
st.page_link(
    "pages/became.py", label="What became of RNNs", icon=":material/history_edu:"
)
