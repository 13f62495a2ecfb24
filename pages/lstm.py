import streamlit as st

from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
st.title("LSTM")
st.markdown(
    "A long short-term memory is a recurrent network with a second state, the cell "
    "state. Three gates control what it keeps, what is added to it, and what is output."
)
lesson("lstm")
