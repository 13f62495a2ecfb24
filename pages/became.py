import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.lesson.questions import ask_and_explain
from pages.ui.lesson.successors import (
    PROSE,
    QUESTION,
    evidence,
    influence,
    needs,
    prose,
)

frame()
st.title("What became of RNNs")
st.markdown(
    "Recurrent networks were the usual choice for sequences until 2017. This page "
    "shows the models that replaced them, the recurrent ideas that came back, and how "
    "both follow from the other pages."
)
place = read_address("became")
ask_and_explain(QUESTION, "became_ask", "Predict first.")
needs()
words, side = st.columns([3, 2], gap="large")
with words:
    prose("Attention: every step sees every other")
with side:
    influence()
words, side = st.columns([3, 2], gap="large")
with words:
    prose("Back to a state, without the waiting")
with side:
    prose("Where recurrent networks are used today")
evidence()
with st.expander("References", icon=":material/menu_book:"):
    st.markdown(PROSE["References"])
write_address("became", place)
