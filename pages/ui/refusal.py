"""What was refused: said to the person, and noted in the server's log."""

import logging

import streamlit as st

from pages.ui.words import as_text

log = logging.getLogger(__name__)


def refusal(what: str, error: Exception) -> str:
    """Note why something was refused; return the reason, safe to show.

    What is refused again at each redraw is noted once.
    """
    if st.session_state.get("refused") != (what, str(error)):
        st.session_state["refused"] = what, str(error)
        log.warning("refused %s: %.300r", what, str(error))  # on one line, as typed
    return as_text(str(error))
