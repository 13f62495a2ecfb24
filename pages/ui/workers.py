"""The state of the workers, in one line."""

import streamlit as st

from pages.ui.redraw import redraw_every
from pages.ui.session import platform

LOOK_SECONDS = 2


def workers() -> None:
    """Say how many workers there are, and how many of them train, again and again."""
    redraw_every("workers", LOOK_SECONDS, _say)


def _say() -> None:
    view = platform().supervisor.view
    if view is None or not view.workers:
        st.caption(
            ":material/hourglass_top: The workers are starting. You can look around "
            "and press Train already: the run waits for them."
        )
        return
    count, busy = len(view.workers), view.busy
    plural = "s" if count > 1 else ""
    work = f"{busy} training" if busy else "none training"
    waiting = len(view.tasks) - busy
    queue = f", {waiting} in the queue" if waiting > 0 else ""
    st.caption(
        f":green[:material/check_circle:] {count} worker{plural} ready, {work}{queue}."
    )
