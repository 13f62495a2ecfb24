"""The component that shows a view on a page and polls for changes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from core.runs.run import StoreError
from pages.ui.address import request_noter
from pages.ui.components import read
from pages.ui.intents import trigger_intent
from pages.ui.live.route import PROCESS, live_path, note_page, plotly_path
from pages.ui.live.view import View, view_of
from pages.ui.session import owner
from pages.ui.web.scripts import script

SECONDS = 0.4  # time between an answer and the next request: about two a second
HTML = '<div class="live"></div>'
CSS = read("live/live.css")
SCRIPT = "live/live.js"

_part = st.components.v2.component(
    "live_part",
    html=HTML,
    css=CSS,
    js=script(SCRIPT),
    isolate_styles=False,  # Plotly's own styles are those of the document
)
_line = st.components.v2.component(
    "live_line",
    html='<p class="live-one"></p>',
    css=".live-one { margin: 0; overflow-wrap: anywhere; color: var(--st-text-color); "
    "font: 400 0.9rem var(--st-font); font-variant-numeric: tabular-nums }",
    js=script("live/line.js"),
    isolate_styles=False,  # the text is part of the document
)


def live_part(
    key: str,
    path: str,
    page: str | None,
    *,
    seconds: float = SECONDS,
    switches: Sequence[dict[str, str]] = (),
    on_change: Callable[[], None] | None = None,
    on_choose: Callable[[dict[str, Any]], None] | None = None,
    still: View | None = None,
    **query: str,
) -> None:
    """Draw a view, kept up to date by the browser.

    Parameters
    ----------
    key
        Of this page alone: `on_change` and the page are those of its last drawing.
    path
        Of the view, such as `run/<id>`.
    page
        `View.page` at the time of drawing. When it changes, or the view is gone,
        `on_change` is called and the page reruns. With None it does not rerun.
    seconds
        Between an answer and the next request.
    switches
        Boolean parameters of the query that the component offers: `name`, `label` and
        `help` each.
    on_choose
        Called after a click on a point of a figure, with the name of its `trace` and
        its `customdata`.
    still
        A view that is shown without polling.
    query
        Further parameters.
    """
    note_page(owner())
    note_request = request_noter()

    def changed() -> None:
        note_request()
        if on_change:  # the browser asks again if this is interrupted
            on_change()

    view = still
    if not still:
        with suppress(StoreError):  # the browser polls until the store is back
            view = view_of(path, owner(), query)
    _part(
        key=key,
        data={
            "url": live_path(path),
            "query": query,
            "page": page,
            "process": PROCESS,
            "first": view.encoded().decode() if view else None,
            "milliseconds": None if still else int(1000 * seconds),
            "switches": list(switches),
            "chooses": on_choose is not None,
            "plotly": plotly_path(),
        },
        on_changed_change=changed,
        on_chosen_change=trigger_intent(key, "chosen", on_choose or _ignore),
    )


def idle_part(key: str) -> None:
    """Draw an empty live part, so that the next one of this key is there at once.

    The browser has built the component, and has loaded Plotly, before a run begins.
    """
    live_part(key, "", None, still=View(key=("idle",), page="", make=dict))


def live_line(key: str, path: str, name: str, text: str) -> None:
    """Draw a `line_block` of the answers of a path, by its name.

    A `live_part` of the same page polls the path; `text` is the initial line.
    """
    _line(key=key, data={"url": live_path(path), "name": name, "text": text})


def _ignore(_chosen: dict[str, Any]) -> None:
    """Do nothing."""
