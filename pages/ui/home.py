"""Parts of the home page: what stops its pictures, and the state of the workers."""

import streamlit as st

from pages.ui.live.part import live_part
from pages.ui.live.view import Query, View, text_block
from pages.ui.session import platform

UPDATE_SECONDS = 2
PAGE = "workers"  # of the view: no widget depends on it


def pictures_move() -> bool:
    """Let a visitor stop all moving pictures of the page."""
    return not st.toggle(
        "Pause the pictures",
        key="home_pause",
        help="They are still as well where the system is set to less motion.",
        persist_state="session",
    )


def workers() -> None:
    """Draw how many workers there are, and how many of them train."""
    live_part("home_workers", "workers", PAGE, seconds=UPDATE_SECONDS)


def workers_view(_owner: str | None, _subject: str, _query: Query) -> View | None:
    """Return how many workers there are: the same for all visitors."""
    text, tone = _workers()
    return View(
        key=("workers", text),
        page=PAGE,
        make=lambda: {"blocks": [text_block(text, tone=tone)]},
    )


def _workers() -> tuple[str, str]:
    """The state of the workers in words, and the tone of its dot."""
    view = platform().supervisor.view
    if view is None or not view.workers:
        return (
            "The workers are starting. You can look around and press Train already: "
            "the run waits for them."
        ), "busy"
    count, busy = len(view.workers), view.busy
    plural = "s" if count > 1 else ""
    work = f"{busy} training" if busy else "none training"
    waiting = len(view.tasks) - busy
    queue = f", {waiting} in the queue" if waiting > 0 else ""
    return f"{count} worker{plural} ready, {work}{queue}.", "good"
