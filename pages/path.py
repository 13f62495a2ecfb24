import streamlit as st

from pages.ui.frame import frame
from pages.ui.path.finish import finish
from pages.ui.path.overview import chosen_station, overview, station_panel
from pages.ui.shape import head, sides

frame()
with head(
    "Two hours with recurrent networks",
    "Eleven stations from page to page: things to try, and a question at each. Nothing "
    "has to be known before. Your progress is kept in this browser.",
).link:
    st.page_link("pages/sheet.py", label="The path on paper", icon=":material/print:")
station = chosen_station()
end = st.container()
choosing, seeing = sides()
with seeing:
    station_panel(station)
with choosing:
    overview(station)
with end:
    finish()
