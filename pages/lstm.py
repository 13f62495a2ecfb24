import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.lesson.cell import cell
from pages.ui.lesson.learning import learning
from pages.ui.lesson.sequence import backward, forward
from pages.ui.lesson.steps import appendix, choose_step

frame()
st.title("LSTM")
st.markdown(
    "A long short-term memory is a recurrent network with a second state, the cell "
    "state. Three gates control what it keeps, what is added to it, and what is output."
)
place = read_address("lstm")
step = choose_step("lstm")
if step == "The cell":
    cell("lstm")
elif step == "Forward":
    forward("lstm")
elif step == "Backward":
    backward("lstm")
else:
    learning("lstm")
appendix()
write_address("lstm", place)
