"""Buttons that download a file, which a function makes when one is pressed."""

from functools import partial

import streamlit as st

from pages.ui.web.streamlit_internals import keep_download

CSV = "text/csv"


def download_button(label: str, content, name: str, key: str, mime: str = CSV, **look):
    """Draw a button that downloads a file.

    Parameters
    ----------
    content
        The file, or a function that makes it when the button is pressed.
    name, mime
        Of the file.
    look
        What else `st.download_button` takes.
    """
    if callable(content):
        content = partial(_made, content, name, mime)
    look = {"icon": ":material/download:", "on_click": "ignore"} | look
    st.download_button(label, content, file_name=name, mime=mime, key=key, **look)


def download_tile(
    label: str, content, name: str, key: str, about: str, mime: str = CSV
):
    """Draw a button that fills its place, and under it what the file contains."""
    with st.container():
        download_button(label, content, name, key, mime, width="stretch")
        st.caption(about)


def _made(make, name: str, mime: str) -> bytes:
    content = make()
    content = content.encode() if isinstance(content, str) else content
    keep_download(content, mime, name)
    return content
