import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.lesson.questions import predict_first
from pages.ui.lesson.successors import (
    ATTENTION,
    QUESTION,
    REFERENCES,
    SPACES,
    TODAY,
    evidence,
    influence,
    needs,
)

frame()
st.title("What became of RNNs")
st.markdown(
    "Recurrent networks were the usual choice for sequences until 2017. This page "
    "shows the models that replaced them, the recurrent ideas that came back, and how "
    "both follow from the other pages."
)
place = read_address("became")
predict_first(QUESTION, "became_ask")
needs()
words, side = st.columns([3, 2], gap="large")
with words:
    st.subheader("Attention: every step sees every other")
    st.markdown(ATTENTION)
with side:
    influence()
words, side = st.columns([3, 2], gap="large")
with words:
    st.subheader("Back to a state, without the waiting")
    st.markdown(SPACES)
with side:
    st.subheader("Where recurrent networks are used today")
    st.markdown(TODAY)
evidence()
with st.expander("References", icon=":material/menu_book:"):
    st.markdown(REFERENCES)
write_address("became", place)
