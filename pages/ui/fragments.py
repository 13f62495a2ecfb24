"""Parts of a page that are drawn again by themselves."""

from functools import wraps
from itertools import count

import streamlit as st

_numbers = count()


def repeated(function, seconds: float | None):
    """Return a fragment that is drawn every so many seconds until the page is.

    With None it is drawn when one of its widgets is used, and not by itself.

    Streamlit knows a fragment by its function's name and its place. If a browser asks
    for one just when a run of the whole page has ended, and the next page has the same
    one, a new thread draws it, and what the ended one has left to send is lost: the
    browser stays at the old page. So it has a name of its own in each run: a request
    for one of the run before is not answered, unless somebody has clicked there (see
    pages/ui/clicks.py).
    """

    @wraps(function)
    def of_this_run(*args):
        return function(*args)

    of_this_run.__qualname__ = f"{function.__qualname__} {next(_numbers)}"
    return st.fragment(of_this_run, run_every=seconds)
