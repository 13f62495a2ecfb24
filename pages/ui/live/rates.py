"""Rate limits of the live route: a token bucket for each browser or address."""

import threading
import time
from collections import OrderedDict

MOST_KEYS = 20_000  # most keys in memory; the least recently used are evicted


class Rate:
    """A token bucket for each key. Safe to share between threads.

    Parameters
    ----------
    per_second
        Tokens refilled per second.
    burst
        Capacity of a bucket.
    """

    def __init__(self, per_second: float, burst: float) -> None:
        self.per_second, self.burst = per_second, burst
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> bool:
        """Take a token; return False from an empty bucket."""
        with self._lock:
            level = self._level(key)
            self._levels[key] = time.monotonic(), max(level - 1, 0.0)
            self._levels.move_to_end(key)
            while len(self._levels) > MOST_KEYS:
                self._levels.popitem(last=False)
            return level >= 1

    def has(self, key: str) -> bool:
        """Return whether the bucket has a token."""
        with self._lock:
            return self._level(key) >= 1

    def _level(self, key: str) -> float:
        at, level = self._levels.get(key, (0.0, self.burst))
        return min(self.burst, level + (time.monotonic() - at) * self.per_second)
