"""A dashboard whose pages fail when asked to: `python -m tests.security.failing`."""

import runpy
from unittest import mock

import streamlit as st

SECRET = "my diary, page 3"


def fail():
    raise ValueError(SECRET)


@st.fragment
def fragment():
    if st.button("Fragment", key="fail_fragment"):
        fail()


def frame():
    st.button("Callback", key="fail_callback", on_click=fail)
    fragment()
    if st.button("Page", key="fail_page"):
        fail()


if __name__ == "__main__":
    with mock.patch("pages.ui.frame.frame", frame):
        runpy.run_module("streamlit", run_name="__main__")
