"""What was read of the store a moment ago, shared by all who ask within that moment."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Value = TypeVar("Value")
KEPT_SECONDS = 60.0  # after which a value is forgotten: names of a class go with it


class Recent(Generic[Value]):
    """Values by key, read anew when they are too old. Safe to share between threads.

    Of many who ask for one key at one moment the first reads. The others wait, and get
    the same value or the same error: while the store is away nobody waits twice. None
    is not kept: asking for what does not exist drives no value out.

    Parameters
    ----------
    seconds
        Age up to which a value counts as new.
    most
        Values that are kept; the oldest ones go first.
    """

    def __init__(self, seconds: float, most: int = 512) -> None:
        self.seconds, self.most = seconds, most
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._reading: dict[Hashable, Future[Value]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """Return the value of a key, read now if there is none that is new enough."""
        with self._lock:
            found = self._values.get(key)
            if found and time.monotonic() - found[0] < self.seconds:
                return found[1]
            reading = self._reading.get(key)
            is_first = reading is None
            if reading is None:
                reading = self._reading[key] = Future()
        if not is_first:
            return reading.result()
        try:
            value = read()
        except BaseException as error:
            with self._lock:
                if self._reading.get(key) is reading:
                    del self._reading[key]
            reading.set_exception(error)
            raise
        with self._lock:
            if self._reading.get(key) is reading:  # else forgotten meanwhile
                del self._reading[key]
                self._keep(key, value)
        reading.set_result(value)
        return value

    def last(self, key: Hashable) -> Value | None:
        """Return the latest value of a key, however old it is."""
        with self._lock:
            found = self._values.get(key)
            return found[1] if found else None

    def forget(self, key: Hashable) -> None:
        """Read a key anew next time: it was changed after what is being read now."""
        with self._lock:
            self._values.pop(key, None)
            self._reading.pop(key, None)

    def _keep(self, key: Hashable, value: Value) -> None:
        now = time.monotonic()
        self._values.pop(key, None)
        if value is not None:
            self._values[key] = now, value
        while self._values:
            oldest, (at, _) = next(iter(self._values.items()))
            if len(self._values) <= self.most and now - at < KEPT_SECONDS:
                break
            del self._values[oldest]
