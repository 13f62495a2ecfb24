import streamlit as st

from pages.ui.frame import frame
from pages.ui.search.study import search_list, search_view

frame()
if study_id := st.query_params.get("study"):
    search_view(study_id)
else:
    search_list()
