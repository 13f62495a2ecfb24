import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "gru",
    "GRU",
    "A gated recurrent unit reads letter by letter; a gate decides how much of its "
    "memory stays. It has one memory, the LSTM two.",
)
st.page_link(
    "pages/became.py", label="What became of RNNs", icon=":material/history_edu:"
)
