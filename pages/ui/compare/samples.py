"""Samples of the compared runs side by side, read on demand."""

from functools import partial

import streamlit as st

from core.registry import get_task
from core.runs.store.readers import Reader
from pages.ui.address import bind, persistent
from pages.ui.cache import session_cache
from pages.ui.compare.link import MOST
from pages.ui.live.state import is_changing
from pages.ui.session import platform
from pages.ui.task_views import view_of_task


def samples_view(runs, names, reader: Reader) -> None:
    """Draw samples of the runs, if switched on.

    Results are decoded one after the other, and only the shown parts are cached.
    """
    compared = view_of_task(runs[0].task, "compared", None)
    if compared is None:
        return
    title, view = compared(runs[0].task)
    st.markdown(f"##### {title}")
    if not st.toggle(
        f"Show the {title.lower()}",
        **persistent(bind("compare_samples", False)),
        help="Reads the results of all runs, which takes a moment.",
    ):
        return
    if any(not is_changing(run) for run in runs):
        view(runs, names, partial(_made, reader))
    else:
        st.caption("Samples appear when a run has ended.")


def _made(reader: Reader, run, make, *args):
    """Return `make(result, *args)` of a run, or None before its result."""
    if is_changing(run):
        return None

    def read():
        content = platform().store.result(reader, run.id)
        if content is None:
            return None
        return make(get_task(run.task).Result.decode(content), *args)

    version = run.id, run.finished, *args
    return session_cache("compare", make.__name__, version, read, MOST)
