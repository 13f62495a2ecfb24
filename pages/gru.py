import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
st.title("GRU")
st.markdown(
    "A gated recurrent unit keeps one state, with two gates in place of the LSTM's "
    "three. The minGRU goes further: its gate reads the input alone, so that all steps "
    "can be computed at once."
)
lesson("gru")
st.page_link(
    "pages/became.py", label="What became of RNNs", icon=":material/history_edu:"
)
