"""A cache for all sessions.

Streamlit's caches are unsuitable: any browser can send the message that clears them for
all.
"""

import threading
from functools import lru_cache, wraps


def once(make, most: int | None = None):
    """Return `make` with a cache of its `most` latest values, or of all.

    Concurrent calls wait for the first one. Errors are not cached. The value is shared
    and must not be changed.
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
    """One value, made by the first session that needs it."""

    def __init__(self, make, args: tuple) -> None:
        self._make, self._args = make, args
        self._lock = threading.Lock()

    def value(self):
        with self._lock:
            if self._make:
                self._value = self._make(*self._args)
                self._make = None
            return self._value
