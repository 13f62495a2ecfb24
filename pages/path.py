import streamlit as st

from pages.ui.frame import frame
from pages.ui.path.finish import finish
from pages.ui.path.overview import chosen_station, overview, station_panel

frame()
st.title("Ninety minutes with recurrent networks")
st.markdown(
    "Ten stations over all pages, each with steps that the page checks, and a "
    "question. Begin anywhere; your progress is kept in this browser."
)
station = chosen_station()
end = st.container()
left, right = st.columns([2, 1], gap="large")
with left:
    station_panel(station)
with right:
    overview(station)
    st.page_link("pages/sheet.py", label="The path on paper", icon=":material/print:")
with end:
    finish()
