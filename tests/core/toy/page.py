import streamlit as st

from pages.ui.controls import checked, setting
from pages.ui.live import panel
from pages.ui.live.state import is_changing
from pages.ui.session import current_run, owner, platform
from pages.ui.training import recall_settings, result_of_run, train
from tests.core import toy

st.title("Mean")
run = current_run("toy")
recall_settings("toy", run)
values = {"epochs": setting("toy", toy.Config, "epochs")}
place = st.container()
config = checked(toy.Config, place, **values)
_, data = toy.example()
started = train(
    "toy", "toy", config, data, place, ready=config is not None, help="Starts."
)
if started:
    run = platform().store.get(owner(), started)
if run and is_changing(run):
    panel.follow("toy", run)
elif run:
    panel.ended("toy", run)
    st.metric("Mean", result_of_run("toy", run, toy.Result.decode).mean)
