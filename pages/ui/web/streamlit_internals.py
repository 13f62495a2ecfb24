"""Uses of Streamlit's undocumented names, with the reasons.

They may change with any release; tests/pages/test_streamlit_internals.py checks them.
"""

import functools
import logging
from collections.abc import Callable, Mapping
from importlib.resources import files
from itertools import cycle

import streamlit as st
from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import RerunException

# The logger and the message of the line that Streamlit writes of a page's error.
ERROR_LOGGER = "streamlit.error_util"
ERROR_MESSAGE = "Uncaught app execution"
# The error of an upload whose name the browser should not have accepted.
WRONG_KIND = "file-uploader-invalid-extension"
# Begin the ids of all widgets, and of components' events.
WIDGETS = ("$$ID-", "$$STREAMLIT_INTERNAL_KEY_")
MOST_DOWNLOADS = 16  # most downloads that wait for their browsers
_places = cycle(range(MOST_DOWNLOADS))


def headers_of_session(session: str) -> Mapping[str, str] | None:
    """Return the headers of a session's first request, or None after its end.

    Outside of a script run they have no documented access. The server needs them to
    reject uploads to the sessions of other browsers.
    """
    client = Runtime.instance().get_client(session)
    if client is None:
        return None
    context = client.client_context
    return dict(context.headers) if context else {}


def names_widgets(message: bytes) -> bool:
    """Whether all states in a message of a page belong to widgets.

    Streamlit also keeps others, and then its text fields, among others, raise KeyError.
    """
    try:
        states = BackMsg.FromString(message).rerun_script.widget_states.widgets
    except DecodeError:
        return False
    return all(state.id.startswith(WIDGETS) for state in states)


def uploaded_files():
    """Return Streamlit's store of uploaded files: `file_storage` and `remove_file`.

    Its limit is for one file; the limit for all files of a session is ours.
    """
    return Runtime.instance().uploaded_file_mgr


def keep_download(content: bytes, mime: str, name: str) -> None:
    """Keep a file that was made when its button was pressed, until newer ones come.

    Streamlit deletes such a file when two script runs of any sessions have ended since
    it was made; with many people that is before the browser has asked for it.
    """
    place = f"download {next(_places)}"  # a newer file in the same place replaces it
    files = Runtime.instance().media_file_mgr
    files.add(content, mime, place, name, is_for_static_download=True)


def uninterrupted(callback: Callable[..., None]) -> Callable[..., None]:
    """Return a callback of a widget that a further click does not cut short.

    If another click arrives while a callback runs, Streamlit ends the callback where it
    next uses `st.session_state`, and does not call it again: what it had not done is
    lost. Here it is called once more before the other click has its turn. Needed where
    a callback reads a trigger value, which the next run does not have.
    """

    @functools.wraps(callback)
    def complete(*args, **kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except RerunException:
            complete(*args, **kwargs)
            len(st.session_state)  # raises a newer click, which includes this one
            raise

    return complete


def start_page() -> str:
    """Return Streamlit's HTML page, whose scripts the security policy lists by hash."""
    return (files("streamlit") / "static" / "index.html").read_text("utf-8")


def omit_error_messages() -> None:
    """Suppress Streamlit's log line of a page's error, which quotes its message.

    `pages.ui.startup.show_error` logs instead. Streamlit has no setting for this.
    """
    logging.getLogger(ERROR_LOGGER).addFilter(
        lambda record: record.msg != ERROR_MESSAGE
    )
