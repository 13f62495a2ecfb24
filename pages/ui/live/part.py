"""The component that shows a view on a page and asks for what has changed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st

from core.runs.run import StoreError
from pages.ui.live.route import live_path, note_page, plotly_path
from pages.ui.live.view import View, view_of
from pages.ui.session import owner

HERE = Path(__file__).parent
SECONDS = 0.5  # between an answer and the next request
HTML = '<div class="live"></div>'
CSS, JS = (HERE / "live.css").read_text(), (HERE / "live.js").read_text()

_part = st.components.v2.component(
    "live_part",
    html=HTML,
    css=CSS,
    js=JS,
    isolate_styles=False,  # Plotly's own styles are those of the document
)


def live_part(
    key: str,
    path: str,
    page: str,
    *,
    seconds: float = SECONDS,
    switches: Sequence[dict[str, str]] = (),
    on_change: Callable[[], None] | None = None,
    on_choose: Callable[[Any], None] | None = None,
    still: View | None = None,
    **query: str,
) -> None:
    """Draw a view, kept up to date by the browser.

    Parameters
    ----------
    path
        Of the view, such as `run/<id>`.
    page
        `View.page` of what the page's widgets were drawn for. When it changes, or the
        view is gone, `on_change` is called and the page is drawn anew.
    seconds
        Between an answer and the next request.
    switches
        Yes-or-no parameters of the query that the component offers: `name`, `label`
        and `help` each.
    on_choose
        Called with the `customdata` of a point that is clicked in a figure.
    still
        A view that is shown as it is: the browser does not ask for news of it.
    query
        Further parameters.
    """
    note_page(owner())
    view = still
    if not still:
        with suppress(StoreError):  # the browser asks until the store is back
            view = view_of(path, owner(), query)
    chooses = {}
    if on_choose:
        chooses["on_chosen_change"] = lambda: on_choose(st.session_state[key]["chosen"])
    _part(
        key=key,
        data={
            "url": live_path(path),
            "query": query,
            "page": page,
            "first": view.encoded().decode() if view else None,
            "milliseconds": None if still else int(1000 * seconds),
            "switches": list(switches),
            "chooses": bool(chooses),
            "plotly": plotly_path(),
        },
        on_changed_change=on_change or _draw_anew,
        **chooses,
    )


def _draw_anew() -> None:
    """Leave it at drawing the page."""
