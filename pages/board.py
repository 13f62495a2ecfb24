import streamlit as st

from pages.ui.board.view import board_view, no_board
from pages.ui.frame import frame
from pages.ui.session import owner, platform

frame()
code = st.query_params.get("class", "")
if role := platform().boards.role(owner(), code):
    board_view(code, role)
else:
    no_board()
