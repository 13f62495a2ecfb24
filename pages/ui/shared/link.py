"""Where a link leads, and whether it still does."""

import streamlit as st

from pages.ui.cache import is_changing, run_of
from pages.ui.session import open_share, platform, reader

WATCH_SECONDS = 1.0  # between two looks whether a link still leads to the same


def linked_runs() -> list:
    """The runs that the address shares, in order; says why if there are none.

    From here on the page reads by the link.
    """
    token = st.query_params.get("share", "")
    ids = platform().shares.runs_of(token)
    if not ids:
        _nothing(is_link=ids is not None)
        return []
    open_share(token)
    return list(filter(None, (run_of(token, run_id) for run_id in ids)))


def _nothing(*, is_link: bool) -> None:
    st.title("Shared with you")
    st.warning(
        "What this link led to was deleted by its owner."
        if is_link
        else "This link leads to nothing: it was revoked, or it is not complete. Ask "
        "whoever sent it for another one.",
        icon=":material/link_off:",
    )
    st.page_link("pages/home.py", label="What Unrolled is", icon=":material/home:")


def heading(title: str, what: str) -> None:
    """Say what is shared, and that it is to look at only."""
    st.title(title)
    st.markdown(
        f":violet-badge[:material/share: Shared with you] {what}, as they are now. You "
        "can look at everything and change nothing."
    )


def watch(runs) -> None:
    """Redraw the page when a link is revoked, or its runs begin to train again.

    The panel or the curve of a run that trains looks at it by itself.
    """
    if ended := [(run.id, _state(run)) for run in runs if not is_changing(run)]:
        st.fragment(_look, run_every=WATCH_SECONDS)(ended)


def _look(drawn) -> None:
    if any(_state(run_of(reader(), run_id)) != state for run_id, state in drawn):
        st.rerun()


def _state(run):
    return run and (run.status, run.finished, is_changing(run))
