import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "gru",
    "GRU",
    "At each step a gated recurrent unit keeps a part of its memory and writes the "
    "rest anew: it does with one state what the LSTM does with two.",
)
st.page_link(
    "pages/became.py", label="What became of RNNs", icon=":material/history_edu:"
)
