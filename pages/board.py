import streamlit as st

from pages.ui.board.view import board_view
from pages.ui.frame import frame

frame(class_line="screen" not in st.query_params)
board_view(st.query_params.get("class", ""))
