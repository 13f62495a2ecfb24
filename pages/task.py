import streamlit as st

from core.registry import TASKS, get_task
from pages.ui.address import current_page
from pages.ui.frame import frame
from pages.ui.session import current_run
from pages.ui.shape import page_of_task
from pages.ui.task.view import task_page

frame()
name = current_page()
if name not in TASKS:  # the script was opened by its own name
    st.switch_page("pages/home.py")
with page_of_task(name, get_task(name).ABOUT) as place:
    task_page(name, current_run(name), place)
