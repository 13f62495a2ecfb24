import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "gru",
    "GRU",
    "A gated recurrent unit remembers as the LSTM does, with one state and two gates. "
    "The minGRU has one gate, which does not look at the memory.",
)
st.page_link(
    "pages/became.py", label="What became of RNNs", icon=":material/history_edu:"
)
