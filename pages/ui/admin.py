"""The admin page: the token that opens it, and the state of the installation."""

import streamlit as st

from core.runs.admin import Admin, is_admin_token
from pages.ui.session import network_address, platform
from pages.ui.words import ago, duration, megabytes

UPDATE_SECONDS = 2
WRONG_TOKEN = "This is not the token. It is in UNROLLED\\_ADMIN\\_TOKEN."
NO_WORKERS = "No scheduler answers. A local cluster starts with the next visitor."


def has_admin_page() -> bool:
    """Whether the installation has a token that opens the page."""
    return platform().site.admin_token is not None


def sign_in() -> bool:
    """Ask for the token; whether this session has given it."""
    if st.session_state.get("admin_entered"):
        return True
    if not has_admin_page():
        st.info("There is no admin page here.", icon=":material/lock:")
        return False
    with st.form("admin_form", width=420):
        token = st.text_input(
            "Token",
            type="password",
            key="admin_token",
            help="What the server was started with as UNROLLED_ADMIN_TOKEN.",
        )
        if st.form_submit_button("Open", key="admin_open", icon=":material/lock_open:"):
            if is_admin_token(platform().site, token, network_address()):
                st.session_state["admin_entered"] = True
                st.rerun()
            st.error(WRONG_TOKEN, icon=":material/lock:")
    return False


@st.fragment(run_every=UPDATE_SECONDS)
def installation() -> None:
    """Show the installation, updated every two seconds."""
    seen = Admin(platform()).overview()
    with st.grid(4, min_column_width=150):
        st.metric("In the queue", len(seen.queue))
        st.metric("Web process", megabytes(seen.web_memory))
        st.metric("Store", megabytes(seen.store_size))
        st.metric("Checkpoints", megabytes(seen.checkpoints_size))
    st.caption(
        ", ".join(f"{count} {status}" for status, count in seen.counts.items())
        or "No runs yet."
    )
    st.subheader("Workers")
    if seen.workers is None:
        st.info(NO_WORKERS, icon=":material/hourglass_top:")
    else:
        _table("admin_workers", [_worker(worker) for worker in seen.workers])
    st.subheader("Training and waiting")
    for run in (*seen.training, *seen.queue):
        _active(run)
    st.subheader("Latest failures")
    _table("admin_failures", [_failure(run) for run in seen.failures])
    _clean_up()


def _worker(worker):
    run = worker.run
    return {
        "Worker": worker.name,
        "Memory": megabytes(worker.memory),
        "Trains": f"{run.task} {run.id[:8]}" if run else "nothing",
        "Since": ago(run.started) if run and run.started else "",
    }


def _failure(run):
    return {
        "Run": run.id[:8],
        "Task": run.task,
        "When": ago(run.finished or run.created),
        "Starts": run.starts,
        "Reason": run.error,
    }


def _table(key, rows):
    if rows:
        st.dataframe(rows, key=key, hide_index=True)
    else:
        st.caption("None.")


def _active(run) -> None:
    where = f"epoch {int(run.progress)} of {run.total or '?'}"
    state = where if run.status == "running" else "waits"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{run.task}** `{run.id[:8]}` · {state} · {duration(run.waited)} in the "
            f"queue, {duration(run.seconds)} of training",
            width="stretch",
        )
        st.button(
            "Stop",
            key=f"admin_stop_{run.id}",
            icon=":material/stop:",
            disabled=run.stop,
            help="Ends the run as its owner's Stop does; they can resume it.",
            on_click=Admin(platform()).stop,
            args=(run.id,),
        )


def _clean_up() -> None:
    st.subheader("Clean-up")
    st.caption(_limits(platform().site))
    if st.button(
        "Clean up now",
        key="admin_clean",
        icon=":material/delete_sweep:",
        disabled=not Admin(platform()).cleaner.wanted,
        help="Removes the finished runs that are over these limits, and those that "
        "their owners deleted more than an hour ago.",
    ):
        removed = Admin(platform()).clean().summary()
        st.success(f"Removed {removed['runs']} runs, {megabytes(removed['bytes'])}.")


def _limits(site) -> str:
    limits = []
    if site.keep_days is not None:
        limits.append(f"for {site.keep_days:g} days after somebody last saw them")
    if site.keep_mb is not None:
        limits.append(f"as long as all runs fit into {site.keep_mb:,g} MB")
    if not limits:
        return (
            "Finished runs are kept for ever: neither `UNROLLED_KEEP_DAYS` nor "
            "`UNROLLED_KEEP_MB` sets a limit."
        )
    return f"Finished runs are kept {' and '.join(limits)}."
