import streamlit as st

from core.registry import TASKS, get_task
from pages.ui.address import current_page, read_address, write_address
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.session import current_run
from pages.ui.shape import head
from pages.ui.task.view import task_page

frame()
name = current_page()
if name not in TASKS:  # the script was opened by its own name
    st.switch_page("pages/home.py")
with head(get_task(name).TITLE, get_task(name).ABOUT):
    place = read_address(name)
task_page(name, current_run(name))
glossary()
write_address(name, place)
