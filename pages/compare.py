import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.compare.link import compared_runs
from pages.ui.compare.view import comparison_view
from pages.ui.frame import frame
from pages.ui.session import owner
from pages.ui.shares import share_menu

frame()
st.title("Compare runs")
st.markdown(
    "Runs of one task side by side: their curves, the settings that differ, and the "
    "results that differ by more than random seeds explain."
)
place = read_address("compare")
runs = compared_runs(owner(), st.query_params.get("runs", ""))
if len(runs) > 1:
    share_menu("compare", [run.id for run in runs])
if runs:
    comparison_view(runs, owner(), may_change=True)
st.page_link("pages/runs.py", label="Choose other runs", icon=":material/history:")
write_address("compare", place)
