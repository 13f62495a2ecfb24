import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.lesson.successors import PROSE, evidence, influence, needs, prose
from pages.ui.shape import head

frame()
with head(
    "What became of RNNs",
    "A chatbot's memory grows with every letter that it reads; that of a recurrent "
    "network (RNN) does not. Drag the slider to a longer text and compare.",
).link:
    place = read_address("became")
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
