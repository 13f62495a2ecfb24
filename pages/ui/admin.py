"""The admin page: the token that opens it, and the state of the installation."""

import logging
import time

import streamlit as st

from core.runs.admin import Admin, Overview, is_admin_token
from core.task import UserError
from pages.ui.intents import button, flash, once_a_press
from pages.ui.live.part import live_line, live_part
from pages.ui.live.rates import Rate
from pages.ui.live.view import Block, Query, View, line_block, table_block, text_block
from pages.ui.session import network_address, owner, platform
from pages.ui.words import ago, duration, megabytes

log = logging.getLogger(__name__)

UPDATE_SECONDS = 2
SIGNED_IN_SECONDS = 3600.0  # time after the latest rerun of a signed-in page
WRONG_TOKEN = "This is not the token. It is in UNROLLED_ADMIN_TOKEN."
TOO_MANY = "Too many attempts from your network address. Wait a minute, and try again."
NO_WORKERS = "No scheduler answers. A local cluster starts with the next visitor."

_wrong = Rate(per_second=1 / 6, burst=10)  # tokens of one network address
_signed_in: dict[str | None, float] = {}  # end of each owner's time


def has_admin_page() -> bool:
    """Whether the installation has a token that opens the page."""
    return platform().site.admin_token is not None


def sign_in() -> bool:
    """Draw the form for the token; return whether this session is signed in."""
    if st.session_state.get("admin_entered"):
        return True
    if not has_admin_page():
        st.info("This installation has no admin page.", icon=":material/lock:")
        return False
    with st.form("admin_form", width=420):
        st.text_input(
            "Token",
            type="password",
            key="admin_token",
            help="The value of UNROLLED_ADMIN_TOKEN on the server.",
        )
        button(
            "Open",
            "admin_open",
            _enter,
            draw=st.form_submit_button,
            icon=":material/lock_open:",
        )
    return False


def _enter() -> None:
    token, address = st.session_state["admin_token"], network_address()
    right = once_a_press(is_admin, token, address)
    if not right:
        raise UserError(TOO_MANY if right is None else WRONG_TOKEN)
    log.info("admin page opened from %s", address)
    st.session_state["admin_entered"] = True


def is_admin(token: str, address: str) -> bool | None:
    """Whether a token is right; None for a wrong one after too many from its address.

    The right one always counts: else anybody could lock the operator out. It is too
    long to be guessed; the limit bounds the log.
    """
    if is_admin_token(platform().site, token):
        return True
    if not _wrong.take(address):
        return None
    log.warning("wrong admin token from %s", address)
    return False


def installation() -> None:
    """Draw the state of the installation with live updates."""
    # The live route knows signed-in browsers by the cookie, not by the address.
    _signed_in[owner()] = time.monotonic() + SIGNED_IN_SECONDS
    seen = Admin(platform()).overview()
    live_part("admin_live", "admin", _page_of(seen), seconds=UPDATE_SECONDS)
    st.subheader("Training and waiting")
    for run in (*seen.training, *seen.queue):
        _active(run)
    _clean_up()


def admin_view(owner: str | None, _subject: str, _query: Query) -> View | None:
    """Return the state of the installation, for a browser that has signed in."""
    if not has_admin_page() or _signed_in.get(owner, 0.0) < time.monotonic():
        return None
    seen = Admin(platform()).overview()
    lines = [line_block(run.id, _line(run)) for run in (*seen.training, *seen.queue)]
    answer = {"blocks": [*_blocks(seen), *lines]}
    return View(key=("admin", repr(answer)), page=_page_of(seen), make=lambda: answer)


def _page_of(seen: Overview) -> str:
    """The state on which the widgets of the page depend: the unfinished runs."""
    return str([(run.id, run.stop) for run in (*seen.training, *seen.queue)])


def _blocks(seen: Overview) -> list[Block]:
    figures = {
        "In the queue": str(len(seen.queue)),
        "Web process": megabytes(seen.web_memory),
        "Store": megabytes(seen.store_size),
        "Checkpoints": megabytes(seen.checkpoints_size),
    }
    counts = ", ".join(f"{count} {status}" for status, count in seen.counts.items())
    workers = [_worker(worker) for worker in seen.workers or ()]
    failures = [_failure(run) for run in seen.failures]
    return [
        table_block([figures], "Sizes"),
        text_block(counts or "No runs yet."),
        table_block(workers, "Workers", titled=True),
        *([text_block(NO_WORKERS)] if seen.workers is None else ()),
        table_block(failures, "Latest failures", titled=True),
        *(() if failures else [text_block("None.")]),
    ]


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
        "When": ago(run.finished or run.queued),
        "Starts": str(run.starts),
        "Reason": run.error or "",
    }


def _active(run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{run.task}** `{run.id[:8]}`", width="content")
        live_line(f"admin_line_{run.id}", "admin", run.id, _line(run))
        button(
            "Stop",
            f"admin_stop_{run.id}",
            Admin(platform()).stop,
            run.id,
            icon=":material/stop:",
            disabled=run.stop,
            help="Stops the run; its owner can resume it.",
        )


def _line(run) -> str:
    """The progress of a run, and its times in the queue and in training."""
    where = f"epoch {int(run.progress)} of {run.total or '?'}"
    return (
        f"{where if run.status == 'running' else 'waits'} · {duration(run.waited)} in "
        f"the queue, {duration(run.seconds)} of training"
    )


def _clean_up() -> None:
    st.subheader("Clean-up")
    st.caption(_limits(platform().site))
    button(
        "Clean up now",
        "admin_clean",
        _clean,
        icon=":material/delete_sweep:",
        disabled=not Admin(platform()).cleaner.wanted,
        help="Removes the finished runs over these limits, and runs that were deleted "
        "more than an hour ago.",
    )


def _clean() -> None:
    removed = once_a_press(Admin.clean, Admin(platform())).summary()
    size = megabytes(removed["bytes"])
    flash(f"Removed {removed['runs']} runs, {size}.", "success")


def _limits(site) -> str:
    limits = []
    if site.keep_days is not None:
        limits.append(f"for {site.keep_days:g} days after they were last opened")
    if site.keep_mb is not None:
        limits.append(f"as long as all runs fit into {site.keep_mb:,g} MB")
    if not limits:
        return (
            "Finished runs are kept for ever: neither `UNROLLED_KEEP_DAYS` nor "
            "`UNROLLED_KEEP_MB` sets a limit."
        )
    return f"Finished runs are kept {' and '.join(limits)}."
