"""What is used of Streamlit beyond what it documents, and why.

Its names may change with any release. tests/pages/test_streamlit_internals.py tells.
"""

import logging
from collections.abc import Mapping
from importlib.resources import files

from streamlit.runtime import Runtime

# The logger and the message of the line that Streamlit writes of a page's error.
ERROR_LOGGER = "streamlit.error_util"
ERROR_MESSAGE = "Uncaught app execution"


def headers_of_session(session: str) -> Mapping[str, str] | None:
    """Return the headers with which a session was begun, or None if it has ended.

    Outside of a script run Streamlit tells them in no other way. The server asks when
    a file is uploaded, to refuse those that another browser sends.
    """
    client = Runtime.instance().get_client(session)
    if client is None:
        return None
    context = client.client_context
    return dict(context.headers) if context else {}


def uploaded_files():
    """Return where Streamlit keeps uploaded files: `file_storage` and `remove_file`.

    It has a limit for one file, and none for all files of a session.
    """
    return Runtime.instance().uploaded_file_mgr


def start_page() -> str:
    """Return the HTML in which the application starts.

    The security policy names the scripts in it by their hashes.
    """
    return (files("streamlit") / "static" / "index.html").read_text("utf-8")


def omit_error_messages() -> None:
    """Have Streamlit log no line of a page's error: it quotes the error's message.

    `pages.ui.startup.show_error` writes ours. No setting turns Streamlit's off.
    """
    logging.getLogger(ERROR_LOGGER).addFilter(
        lambda record: record.msg != ERROR_MESSAGE
    )
