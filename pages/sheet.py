import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.path.sheet import choose_version, show_sheet

frame()
st.title("The path on paper")
st.markdown(
    "The guided path as a sheet to print: with space for answers for students, or "
    "with solutions and times for teachers."
)
place = read_address("sheet")
show_sheet(choose_version())
st.page_link("pages/path.py", label="The path", icon=":material/route:")
write_address("sheet", place)
