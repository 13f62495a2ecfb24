"""What was read of the store a moment ago, shared by all who ask within that moment."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Value = TypeVar("Value")
KEPT_SECONDS = 60.0  # after which a value that nobody asks for is forgotten


class Recent(Generic[Value]):
    """Values by key, read anew when they are too old. Safe to share between threads.

    Of many who ask for one key at one moment the first reads, and the others wait for
    it. They also share its failure: a store that does not answer is not asked by each
    of them in turn. Failures and None are not kept: the next one reads anew, and asking
    for what does not exist drives no value out.

    Parameters
    ----------
    seconds
        Age up to which a value counts as new, from the beginning of its reading.
    most
        Values that are kept; the oldest ones go first.
    """

    def __init__(self, seconds: float, most: int = 512) -> None:
        self.seconds, self.most = seconds, most
        self._values: OrderedDict[Hashable, tuple[float, Future[Value]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """Return the value of a key; read it if it is missing or too old."""
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
        """Return the latest value of a key, however old; None if it is being read."""
        with self._lock:
            _, future = self._values.get(key, (0.0, None))
        there = future is not None and future.done() and not future.exception()
        return future.result() if future and there else None

    def forget(self, key: Hashable) -> None:
        """Read a key anew next time: it was changed after what is being read now."""
        with self._lock:
            self._values.pop(key, None)

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
