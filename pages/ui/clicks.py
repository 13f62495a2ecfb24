"""No click is lost, and no page: how Streamlit's sessions handle browsers' requests.

1. Streamlit stops a run of the page when the browser asks for the next one. If it has
   not begun yet, the click that it was to answer is forgotten, and two clicks on a
   button are one. Here each request waits until the callbacks of the one before have
   been called.
2. Streamlit begins another thread if a fragment is asked for just when a run has ended,
   and what that has left to send is lost. Here the request waits until it is sent.
3. Streamlit forgets a click in a fragment that a later run of the page has replaced.
   The browser learns of that run a moment later. Here the whole page is drawn then.
"""

from collections import deque

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)

SECONDS = 0.01  # between looks whether a request must still wait

_request_rerun = AppSession.request_rerun


def keep_clicks() -> None:
    """Let the sessions of this process handle requests in this way."""
    AppSession.request_rerun = _request_in_turn  # type: ignore[method-assign]


def _request_in_turn(session: AppSession, request) -> None:
    """Handle a request of the browser after those before it."""
    waiting = vars(session).setdefault("requests_that_wait", deque())
    waiting.append(request)
    if len(waiting) == 1:
        _handle(session, waiting)


def _handle(session: AppSession, waiting: deque) -> None:
    """Handle the first request that waits, and then the others."""
    if _must_wait(session):
        session._event_loop.call_later(SECONDS, _handle, session, waiting)
        return
    request = waiting.popleft()
    if waiting:
        session._event_loop.call_soon(_handle, session, waiting)
    if request and request.fragment_id and not request.is_auto_rerun:
        is_busy = session._scriptrunner is not None
        if is_busy or not session.has_fragment(request.fragment_id):
            request.fragment_id = ""
    _request_rerun(session, request)


def _must_wait(session: AppSession) -> bool:
    """Whether a run has yet to call its callbacks, or to send the last it has drawn."""
    runner = session._scriptrunner
    if runner is None:
        return False
    asked = runner._requests
    if asked._state is ScriptRequestType.STOP:
        return True
    context = getattr(runner._script_thread, SCRIPT_RUN_CONTEXT_ATTR_NAME, None)
    if context is None or not (runner._execing and context.has_script_started):
        return True
    # A fragment that is asked for may wait long: until the page has been drawn.
    is_asked = asked._state is ScriptRequestType.RERUN
    return is_asked and not asked._rerun_data.fragment_id_queue
