"""What is made once for all sessions, and kept.

It is not kept in Streamlit's caches: each browser may send the message that empties
these for everybody.
"""

import threading
from functools import lru_cache, wraps


def once(make, most: int | None = None):
    """Return `make` with a cache of its `most` latest values, or of all.

    Of sessions that ask for the same at once, one makes it and the others wait. An
    error is raised and not kept: the next call tries again. All share the value,
    which must not be changed.
    """
    holders, lock = lru_cache(most)(lambda *args: _Holder(make, args)), threading.Lock()

    @wraps(make)
    def made(*args):
        with lock:
            holder = holders(*args)
        return holder.value()

    made.cache_clear = holders.cache_clear
    return made


class _Holder:
    """One value, made by whichever session asks for it first."""

    def __init__(self, make, args: tuple) -> None:
        self._make, self._args = make, args
        self._lock = threading.Lock()

    def value(self):
        with self._lock:
            if self._make:
                self._value = self._make(*self._args)
                self._make = None
            return self._value
