"""Parts of the home page: cards, the switch of their pictures, and the workers."""

from collections.abc import Sequence

import streamlit as st

from pages.ui.address import persistent, target_of
from pages.ui.frame import Entry
from pages.ui.live.part import live_part
from pages.ui.live.view import Query, View, text_block
from pages.ui.previews import preview
from pages.ui.session import platform

UPDATE_SECONDS = 2
PAGE = "workers"  # constant: no widget depends on the view


def pictures_move() -> bool:
    """Draw the switch that pauses the pictures; return whether they move."""
    return not st.toggle(
        "Pause the pictures below",
        **persistent("home_pause"),
        help="They are also still if your system is set to reduced motion.",
    )


def cards(entries: Sequence[Entry], *, moving: bool) -> None:
    """Draw a card for each page: its picture, what it is, and a link to it."""
    with st.grid(len(entries), min_column_width=250):
        for entry in entries:
            with st.container(border=True, gap="small", height="stretch"):
                preview(entry.name, moving=moving)
                st.subheader(f":material/{entry.icon}: {entry.title}")
                st.markdown(entry.help)
                arrow = ":material/arrow_forward:"
                st.page_link(target_of(entry.name), label=entry.link, icon=arrow)


def workers() -> None:
    """Draw the number of workers and of running trainings."""
    live_part("home_workers", "workers", PAGE, seconds=UPDATE_SECONDS)


def workers_view(_owner: str | None, _subject: str, _query: Query) -> View | None:
    """Return the state of the workers, the same for all visitors."""
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
            "The workers are starting. You can already press Train: the run waits in "
            "the queue."
        ), "busy"
    count, busy = len(view.workers), view.busy
    plural = "s" if count > 1 else ""
    work = f"{busy} training" if busy else "none training"
    waiting = len(view.tasks) - busy
    queue = f", {waiting} in the queue" if waiting > 0 else ""
    return f"{count} worker{plural} ready, {work}{queue}.", "good"
