"""What was read of the store a moment ago, shared by all who ask within that moment."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by key, read anew when they are too old. Safe to share between threads.

    Of many who ask for one key at one moment the first reads, and the others wait.

    Parameters
    ----------
    seconds
        Age up to which a value counts as new.
    most
        Values that are kept; the least recently used ones go first.
    """

    def __init__(self, seconds: float, most: int = 512) -> None:
        self.seconds, self.most = seconds, most
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._reading: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """Return the value of a key, read now if there is none that is new enough."""
        with self._lock:
            if (found := self._new_enough(key)) is not None:
                return found[1]
            reading = self._reading.setdefault(key, threading.Lock())
        with reading:
            with self._lock:
                if (found := self._new_enough(key)) is not None:
                    return found[1]
            value = read()
            with self._lock:
                self._values[key] = time.monotonic(), value
                self._values.move_to_end(key)
                while len(self._values) > self.most:
                    self._values.popitem(last=False)
                self._reading.pop(key, None)
        return value

    def forget(self, key: Hashable) -> None:
        """Read a key anew next time: somebody has changed it."""
        with self._lock:
            self._values.pop(key, None)

    def _new_enough(self, key: Hashable) -> tuple[float, Value] | None:
        found = self._values.get(key)
        return found if found and time.monotonic() - found[0] < self.seconds else None
