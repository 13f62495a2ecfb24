"""Parts of a page that are drawn again by themselves."""

from functools import wraps
from itertools import count

import streamlit as st
from streamlit.runtime.app_session import AppSession

_numbers = count()


def repeated(function, seconds: float | None):
    """Return a fragment that is drawn every so many seconds until the page is.

    With None it is drawn when one of its widgets is used, and not by itself.

    Streamlit knows a fragment by its function's name and its place. If a browser asks
    for one just when a run of the whole page has ended, and the next page has the same
    one, a new thread draws it, and what the ended one has left to send is lost: the
    browser stays at the old page. So it has a name of its own in each run: a request
    for one of the run before is not answered, unless somebody has clicked there.
    """

    @wraps(function)
    def of_this_run(*args):
        return function(*args)

    of_this_run.__qualname__ = f"{function.__qualname__} {next(_numbers)}"
    return st.fragment(of_this_run, run_every=seconds)


_request_rerun = AppSession.request_rerun


def _request_rerun_for_a_click(session: AppSession, request) -> None:
    """Draw the whole page after a click in a fragment that is gone, or soon will be.

    A browser knows the fragments of a run as soon as it has heard of it. Streamlit
    forgets a click in one of the run before.
    """
    if request and request.fragment_id and not request.is_auto_rerun:
        is_busy = session._scriptrunner is not None
        if is_busy or not session.has_fragment(request.fragment_id):
            request.fragment_id = ""
    _request_rerun(session, request)


AppSession.request_rerun = _request_rerun_for_a_click  # type: ignore[method-assign]
