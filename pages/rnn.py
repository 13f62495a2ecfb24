import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
st.title("RNN")
st.markdown(
    "A recurrent neural network reads a sequence one step at a time. Its hidden state, "
    "a small vector, summarises what it has read so far."
)
lesson("rnn")
