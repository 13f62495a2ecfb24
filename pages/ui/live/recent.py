"""What was read of the store a moment ago, shared by all who ask within that moment."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by key, read anew when they are too old. Safe to share between threads.

    Of many who ask for one key at one moment the first reads, and the others wait for
    it. They also share its failure: a store that does not answer is not asked by each
    of them in turn.

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
        """Return the value of a key, read now if there is none that is new enough."""
        with self._lock:
            at, future = self._values.get(key, (0.0, None))
            is_old = time.monotonic() - at >= self.seconds
            if future is None or (future.done() and is_old):
                future, reads = Future[Value](), True
                self._values[key] = time.monotonic(), future
                self._values.move_to_end(key)
                while len(self._values) > self.most:
                    self._values.popitem(last=False)
            else:
                reads = False
        if reads:
            try:
                future.set_result(read())
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()

    def forget(self, key: Hashable) -> None:
        """Read a key anew next time: somebody has changed it."""
        with self._lock:
            self._values.pop(key, None)
