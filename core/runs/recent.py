"""A cache with a short lifetime, shared by all threads: for reads of the store."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Value = TypeVar("Value")
KEPT_SECONDS = 60.0  # time after which an unused value is dropped


class Recent(Generic[Value]):
    """Values by key, with a lifetime. Safe to share between threads.

    Concurrent calls for one key share one read and its exception, so a store that does
    not answer is queried once. Exceptions and None are not cached: unknown keys cannot
    evict values.

    Parameters
    ----------
    seconds
        Lifetime of a value, from the beginning of its read.
    most
        Largest number of values; the oldest are evicted.
    """

    def __init__(self, seconds: float, most: int = 512) -> None:
        self.seconds, self.most = seconds, most
        self._values: OrderedDict[Hashable, tuple[float, Future[Value]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """Return the value of a key; read it if it is missing or expired."""
        with self._lock:
            at, future = self._values.get(key, (0.0, None))
            is_old = time.monotonic() - at >= self.seconds
            reads = future is None or (future.done() and is_old)
            if future is None or reads:
                future = Future[Value]()
                self._keep(key, future)
        if reads:
            try:
                future.set_result(read())
            except BaseException as error:
                future.set_exception(error)
                self._drop(key, future)
                raise
            if future.result() is None:
                self._drop(key, future)
        return future.result()

    def last(self, key: Hashable) -> Value | None:
        """Return the cached value of a key, even if expired; None during a read."""
        with self._lock:
            _, future = self._values.get(key, (0.0, None))
        there = future is not None and future.done() and not future.exception()
        return future.result() if future and there else None

    def forget(self, key: Hashable) -> None:
        """Drop a key, also a read under way: the value has changed."""
        with self._lock:
            self._values.pop(key, None)

    def expire(self, key: Hashable) -> None:
        """Read a key anew as `forget` does; `last` keeps its value until then."""
        with self._lock:
            at, future = self._values.pop(key, (0.0, None))
            if future and future.done():
                self._values[key] = at - self.seconds, future

    def _keep(self, key: Hashable, future: Future[Value]) -> None:
        now = time.monotonic()
        self._values[key] = now, future
        self._values.move_to_end(key)
        while self._values:
            oldest, (at, _) = next(iter(self._values.items()))
            if len(self._values) <= self.most and now - at < KEPT_SECONDS:
                break
            del self._values[oldest]

    def _drop(self, key: Hashable, future: Future[Value]) -> None:
        with self._lock:
            if self._values.get(key, (0.0, None))[1] is future:
                del self._values[key]
