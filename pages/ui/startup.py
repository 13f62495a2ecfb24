"""How a process that serves the pages starts and ends, and how it reports errors."""

import asyncio
import logging
import threading
from contextlib import asynccontextmanager, suppress

import streamlit as st
from starlette.responses import PlainTextResponse

from core import logs
from core.runs.settings import checked_environment
from core.task import UserError
from pages.ui.server import HEADERS
from pages.ui.streamlit_internals import omit_error_messages
from pages.ui.words import as_text

log = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
CLOSE_SECONDS = 1.0  # for what waits on a store or a scheduler that is silent
FAILED = (
    "This page failed; the error is in the server's log. Reload the page: your runs go "
    "on, and are kept."
)
OPEN_FILES = 10_240  # what macOS grants where it names no limit


def set_up() -> None:
    """Prepare this process to serve: its settings, its logs, its open files."""
    checked_environment()
    logs.set_up()
    uvicorn = logging.getLogger("uvicorn.error")
    uvicorn.propagate = True  # Streamlit and uvicorn together leave it no handler
    uvicorn.setLevel(logging.WARNING)  # or it tells of each websocket
    # It takes a websocket that is refused with a sentence for one without an answer.
    uvicorn.addFilter(lambda record: "completing handshake" not in record.msg)
    omit_error_messages()
    raise_open_files()


def raise_open_files() -> None:
    """Raise the soft limit: each session takes up to four open files."""
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
    """Run the supervisor of the queue for as long as the server runs."""
    ended, platforms = threading.Event(), []
    threading.Thread(
        target=_start_platform, args=(ended, platforms), daemon=True
    ).start()
    yield
    ended.set()
    for platform in platforms:
        await asyncio.to_thread(platform.close, CLOSE_SECONDS)


def _start_platform(ended: threading.Event, platforms: list) -> None:
    """Start what submits queued runs, before the first visitor comes.

    Imported here: that takes longer than a server may be silent.
    """
    from pages.ui.session import platform

    logged = ""
    while not ended.is_set():
        try:
            platforms.append(platform())
            return
        except Exception as error:  # a store that is away: visitors are told as well
            ours = isinstance(error, UserError)
            if logged != (logged := f"{type(error).__name__}: {error}"):
                message = str(error) if ours else "the queue is not looked after yet"
                log.error("%s", message, exc_info=None if ours else error)
        ended.wait(RETRY_SECONDS)


def show_error(error: Exception) -> bool:
    """Log the error of a page or a callback, and show a sentence.

    A UserError is shown only: its text may quote what the person typed.
    """
    if isinstance(error, UserError):
        text = as_text(str(error))
    else:
        log.error("a page failed", exc_info=error)
        text = FAILED
    st.error(text, icon=":material/error:")
    return True


async def server_error(_request, _error):
    """Answer where the server itself failed; its log has the error."""
    return PlainTextResponse("Internal Server Error", 500, HEADERS)
