import streamlit as st

from pages.ui.frame import FIRST, LAST, LINKED, entries_of_tasks, frame
from pages.ui.home import cards, pictures_move, workers
from pages.ui.name_writer import name_writer
from pages.ui.path.progress import is_at
from pages.ui.path.start import start_here
from pages.ui.shape import head

frame()

with head(
    "Unrolled: watch recurrent networks learn",
    "They read one letter, word or day at a time, and each one changes their memory. "
    "From this memory they guess what comes next.",
).link:
    start_here()
name_writer(with_weight=is_at("start"))

groups = {
    "Try one": sorted(entries_of_tasks()),
    "Look inside": [*FIRST, *LINKED],
    "Keep and share": LAST,
}
moving = pictures_move()
for title, entries in groups.items():
    st.header(title)
    cards([entry for entry in entries if entry.link], moving=moving)

workers()
