import streamlit as st

from pages.ui.address import target_of
from pages.ui.frame import LINKED, entries, frame
from pages.ui.home import pictures_move, workers
from pages.ui.name_writer import name_writer
from pages.ui.path.start import start_here
from pages.ui.previews import preview

frame()

st.title("Unrolled")
st.markdown(
    "**Watch recurrent networks learn.** They read one letter, word or day at a time, "
    "and each one changes their memory. From this memory they guess what comes next."
)
with st.container(
    horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
):
    start_here()
    moving = pictures_move()

name_writer()

with st.grid(3, min_column_width=300):
    for entry in (entry for entry in (*entries(), *LINKED) if entry.link):
        with st.container(border=True, gap="small", height="stretch"):
            preview(entry.name, moving=moving)
            st.subheader(f":material/{entry.icon}: {entry.title}")
            st.markdown(entry.help)
            arrow = ":material/arrow_forward:"
            st.page_link(target_of(entry.name), label=entry.link, icon=arrow)

workers()
