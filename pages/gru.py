import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "gru",
    "GRU",
    "A gated recurrent unit mixes old memory and new at every step: the LSTM's idea, "
    "with one memory in place of two.",
)
st.page_link(
    "pages/became.py", label="What became of RNNs", icon=":material/history_edu:"
)
