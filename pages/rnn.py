import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.lesson.cell import cell
from pages.ui.lesson.learning import learning
from pages.ui.lesson.sequence import backward, forward
from pages.ui.lesson.steps import appendix, choose_step

frame()
st.title("RNN")
st.markdown(
    "A recurrent neural network reads a sequence one step at a time. Its hidden state, "
    "a small vector, summarises what it has read so far."
)
place = read_address("rnn")
step = choose_step("rnn")
if step == "The cell":
    cell("rnn")
elif step == "Forward":
    forward("rnn")
elif step == "Backward":
    backward("rnn")
else:
    learning("rnn")
appendix()
write_address("rnn", place)
