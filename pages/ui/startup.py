"""Start and end of the web process, and its error handling."""

import asyncio
import logging
import threading
from contextlib import asynccontextmanager, suppress

import streamlit as st
from starlette.responses import PlainTextResponse

from core import logs
from core.runs.settings import Site, checked_environment, warn_of_unknown_variables
from core.task import UserError
from pages.ui.web.server import HEADERS
from pages.ui.web.streamlit_internals import WRONG_KIND, omit_error_messages
from pages.ui.web.uvicorn_internals import limit_header_time
from pages.ui.words import as_text

log = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
CLOSE_SECONDS = 1.0  # timeout of a store or scheduler that does not answer
FAILED = (
    "This page failed; the error is in the server's log. Reload the page: your runs "
    "continue."
)
OPEN_FILES = 10_240  # the limit of macOS


def set_up() -> Site:
    """Prepare this process to serve: its settings, its logs, its open files."""
    site = checked_environment()
    logs.set_up()
    warn_of_unknown_variables()
    uvicorn = logging.getLogger("uvicorn.error")
    uvicorn.propagate = True  # no handler of its own
    uvicorn.setLevel(logging.WARNING)  # else it logs each websocket
    # A websocket that was rejected with a sentence is logged as one without an answer.
    uvicorn.addFilter(lambda record: "completing handshake" not in record.msg)
    omit_error_messages()
    limit_header_time()
    raise_open_files()
    return site


def raise_open_files() -> None:
    """Raise the soft limit: each session needs up to four open files."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in (hard, max(soft, OPEN_FILES)):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            return


@asynccontextmanager
async def lifespan(_app):
    """Run the supervisor of the queue while the server runs."""
    ended, platforms = threading.Event(), []
    threading.Thread(
        target=_start_platform, args=(ended, platforms), daemon=True
    ).start()
    yield
    ended.set()
    for platform in platforms:
        await asyncio.to_thread(platform.close, CLOSE_SECONDS)


def _start_platform(ended: threading.Event, platforms: list) -> None:
    """Start the supervisor before the first visitor.

    Imported here, as the import would delay the start of the server.
    """
    from core.process import limit_memory_growth, shorten_switch_interval
    from pages.ui.session import platform

    limit_memory_growth()
    shorten_switch_interval()
    logged = ""
    while not ended.is_set():
        try:
            platforms.append(platform())
            return
        except Exception as error:  # such as a store that is away
            ours = isinstance(error, UserError)
            if logged != (logged := f"{type(error).__name__}: {error}"):
                message = str(error) if ours else "the supervisor has not started yet"
                log.error("%s", message, exc_info=None if ours else error)
        ended.wait(RETRY_SECONDS)


def show_error(error: Exception) -> bool:
    """Log the error of a page or a callback, and show a sentence.

    A UserError is not logged: its text may quote a person's input.
    """
    if isinstance(error, UserError):
        text = as_text(str(error))
    elif getattr(error, "error_id", "") == WRONG_KIND:
        text = "This page takes no files of this kind. Reload it, and choose another."
    else:
        log.error("a page failed", exc_info=error)
        text = FAILED
    st.error(text, icon=":material/error:")
    return True


async def server_error(_request, _error):
    """Answer an internal error, which is in the server's log."""
    return PlainTextResponse("Internal Server Error", 500, HEADERS)
