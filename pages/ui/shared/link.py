"""The runs of a share link, or of the board of a class, and changes of them."""

import streamlit as st

from core.runs.store.readers import ClassReader, LinkReader
from core.runs.store.shares import MOST_RUNS
from pages.ui.live.part import live_part
from pages.ui.live.run import reader_of
from pages.ui.live.state import is_changing, run_of
from pages.ui.live.view import Query, View
from pages.ui.session import open_share, owner, platform, reader_query
from pages.ui.words import as_text

WATCH_SECONDS = 1.0  # polling interval


def linked_runs() -> list:
    """The runs of the link in the address, in order; shows a warning without any.

    Sets the reader of the page: the link, or the class.
    """
    if "class" in st.query_params:
        return _run_on_board()
    token = st.query_params.get("share", "")
    ids = platform().shares.runs_of(token)
    if not ids:
        _nothing(is_link=ids is not None)
        return []
    by_link = LinkReader(token)
    open_share(by_link)
    return list(filter(None, (run_of(by_link, run_id) for run_id in ids)))


def _run_on_board() -> list:
    code, run_id = (st.query_params.get(name, "") for name in ("class", "run"))
    by_class = ClassReader(code, owner())
    if run := run_of(by_class, run_id):
        open_share(by_class)
        return [run]
    st.title("A run of the class")
    st.warning(
        "This run is not on the board: it was deleted or hidden, the board is not "
        "shown, the class has ended, or this browser is not in it.",
        icon=":material/visibility_off:",
    )
    _to_board(code)
    return []


def _to_board(code: str) -> None:
    st.page_link(
        "pages/board.py",
        label="Back to the board",
        icon=":material/arrow_back:",
        query_params={"class": code},
    )


def _nothing(*, is_link: bool) -> None:
    st.title("Shared with you")
    st.warning(
        "The owner has deleted the runs of this link."
        if is_link
        else "This link is invalid: it was revoked, or it is incomplete. Ask the "
        "sender for another one.",
        icon=":material/link_off:",
    )
    st.page_link("pages/home.py", label="What Unrolled is", icon=":material/home:")


def heading(title: str, what: str) -> None:
    """Draw the title, with a line about the owner and the read-only view."""
    st.title(title)
    code, run_id = (st.query_params.get(name, "") for name in ("class", "run"))
    if code and (member := platform().boards.member_of(code, run_id)):
        st.markdown(
            f":violet-badge[:material/groups: Class {as_text(code)}] Run of "
            f"**{as_text(member.name)}**, live. You can see everything and change "
            "nothing."
        )
        _to_board(code)
        return
    st.markdown(
        f":violet-badge[:material/share: Shared with you] {what}, live. You can see "
        "everything and change nothing."
    )


def watch(runs) -> None:
    """Rerun the page when a link is revoked, or its runs begin to train again.

    Running trainings are tracked by their panel.
    """
    if ended := [run for run in runs if not is_changing(run)]:
        path = f"shared/{','.join(run.id for run in ended)}"
        page = _states(ended)
        live_part("shared_watch", path, page, seconds=WATCH_SECONDS, **reader_query())


def watch_view(owner: str | None, ids: str, query: Query) -> View | None:
    """Return a view without content, which tracks the state of shared runs."""
    reader = reader_of(owner, query)
    runs = [run_of(reader, run_id) for run_id in ids.split(",")[:MOST_RUNS]]
    if not any(runs):
        return None
    return View(key=("shared",), page=_states(runs), make=dict)


def _states(runs) -> str:
    return str([run and (run.status, run.finished, run.closing) for run in runs])
