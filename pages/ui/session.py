"""The session: its owner, the reader of shared runs, and the current run of a page."""

import logging

import streamlit as st

from core.logs import set_up
from core.runs import Platform, Run
from core.runs.store.readers import ClassReader, LinkReader, Reader
from pages.ui.once import once
from pages.ui.web.server import OWNER_HEADER, new_owner

log = logging.getLogger(__name__)


@once
def platform() -> Platform:
    """The platform of this installation, shared by all sessions."""
    set_up()
    return Platform()


def owner() -> str:
    """The random token of this browser, which owns its runs.

    From a cookie that the server sets and reads; without it, a token of the session.
    """
    if "owner" not in st.session_state:
        st.session_state["owner"] = st.context.headers.get(OWNER_HEADER) or new_owner()
    return st.session_state["owner"]


def open_share(reader: LinkReader | ClassReader | None) -> None:
    """Set the reader of the current page: a link, a class, or None for the owner."""
    st.session_state["share"] = reader


def is_shared() -> bool:
    """Whether the page shows a shared run, which is read-only."""
    return st.session_state.get("share") is not None


def reader() -> Reader:
    """The reader on this page: link, class or owner."""
    return st.session_state.get("share") or owner()


def reader_query() -> dict[str, str]:
    """The query that identifies the `reader` to the live route, besides the cookie."""
    match reader():
        case LinkReader(token):
            return {"share": token}
        case ClassReader(code):
            return {"class": code}
    return {}


def network_address() -> str:
    """The network address of this browser; Streamlit has none for this machine."""
    found = st.context.ip_address
    return found if isinstance(found, str) else "this machine"


def open_run(prefix: str, run_id: str | None) -> None:
    """Set the current run of a page, also in the address."""
    st.session_state[f"{prefix}_run"] = run_id
    if run_id:
        st.query_params["run"] = run_id
    else:
        st.query_params.pop("run", None)


def current_run(prefix: str, belongs=None) -> Run | None:
    """The current run of a page: that of the address, else the latest unfinished one.

    Runs of other browsers are rejected. `belongs` says whether a run is one of this
    page; by default those of the task with the same name.
    """
    belongs = belongs or (lambda run: run.task == prefix)
    store, me = platform().store, owner()
    linked = st.query_params.get("run")
    run_id = linked or st.session_state.get(f"{prefix}_run")
    run = store.get(me, run_id) if run_id else None
    if linked and (run is None or not belongs(run)):
        log.warning("refused the run %.40r: not this browser's", linked)
        st.warning(
            "The run of this link is not yours or was deleted. A run can be seen in "
            "the browser that started it.",
            icon=":material/link_off:",
        )
        open_run(prefix, None)
        return None
    if run is None and f"{prefix}_run" not in st.session_state:
        run = next((r for r in store.runs_of(me) if belongs(r) and r.active), None)
    if run:
        open_run(prefix, run.id)
    return run


def count_workers() -> int:
    """The number of workers, at least 1."""
    view = platform().supervisor.view
    return max(1, len(view.workers)) if view else 1
