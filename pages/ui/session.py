"""The owner of a browser, the link that it follows, and the run that a page shows."""

import logging

import streamlit as st

from core.logs import set_up
from core.process import limit_memory_growth, shorten_switch_interval
from core.runs import Platform, Run
from core.runs.store.readers import ClassReader, LinkReader, Reader
from pages.ui.once import once
from pages.ui.server import OWNER_HEADER, new_owner

log = logging.getLogger(__name__)


@once
def platform() -> Platform:
    """The runs of this installation, one for all sessions.

    They go on when this process ends.
    """
    set_up()
    limit_memory_growth()
    shorten_switch_interval()
    return Platform()


def owner() -> str:
    """The random token of this browser: what its runs are known by.

    It is in a cookie, which the server gives and reads. Without a server in front, a
    session has a token of its own.
    """
    if "owner" not in st.session_state:
        st.session_state["owner"] = st.context.headers.get(OWNER_HEADER) or new_owner()
    return st.session_state["owner"]


def open_share(reader: LinkReader | ClassReader | None) -> None:
    """Read by a link or a class on the page that is drawn now; None on others."""
    st.session_state["share"] = reader


def is_shared() -> bool:
    """Whether the page shows a run by somebody's link: then it changes nothing."""
    return st.session_state.get("share") is not None


def reader() -> Reader:
    """The reader on this page: link, class or owner."""
    return st.session_state.get("share") or owner()


def reader_query() -> dict[str, str]:
    """The query by which the live route knows the `reader`, besides the cookie."""
    match reader():
        case LinkReader(token):
            return {"share": token}
        case ClassReader(code):
            return {"class": code}
    return {}


def network_address() -> str:
    """The network address of this browser; Streamlit tells none of this machine."""
    found = st.context.ip_address
    return found if isinstance(found, str) else "this machine"


def open_run(prefix: str, run_id: str | None) -> None:
    """Show a run on a page, known by its widgets' prefix, and in the address."""
    st.session_state[f"{prefix}_run"] = run_id
    if run_id:
        st.query_params["run"] = run_id
    else:
        st.query_params.pop("run", None)


def current_run(prefix: str, belongs=None) -> Run | None:
    """The run that a page shows: the address's, else the latest one's.

    A run of another browser counts as none. `belongs` tells whether a run is one of
    this page; by default those of the task with the same name are.
    """
    belongs = belongs or (lambda run: run.task == prefix)
    store, me = platform().store, owner()
    linked = st.query_params.get("run")
    run_id = linked or st.session_state.get(f"{prefix}_run")
    run = store.get(me, run_id) if run_id else None
    if linked and (run is None or not belongs(run)):
        log.warning("refused the run %.40r: not this browser's", linked)
        st.warning(
            "This link leads to a run that is not yours or no longer exists. A run "
            "can be seen in the browser that started it.",
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
    """How many trainings run at a time."""
    view = platform().supervisor.view
    return max(1, len(view.workers)) if view else 1
