"""Whose turn it is to draw: in the order of asking, and never all at once."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

MOST_REST = 0.02  # seconds


class Turns:
    """Places that are had in the order of asking, each for a while.

    Python's own locks go to whoever is quick: of two hundred threads that want one
    again and again most never get it. While somebody waits, a turn is followed by a
    rest as long as itself: for what it has made has to be sent, by a thread that needs
    the interpreter as well.

    Parameters
    ----------
    places
        How many may have a turn at once.
    longest
        Seconds after which somebody's place is given to the next, who need not wait
        for a store that does not answer, or for a long reckoning.
    """

    def __init__(self, places: int, longest: float) -> None:
        self.places, self.longest = places, longest
        self._first: deque[threading.Event] = deque()
        self._others: deque[threading.Event] = deque()
        self._seated: dict[threading.Event, float] = {}  # until when
        self._lock = threading.Lock()
        self._thread = threading.local()

    @contextmanager
    def turn(self, first: bool = False) -> Iterator[None]:
        """Wait for a place and have it; before all others if wished.

        A thread that has one needs no second.
        """
        if getattr(self._thread, "has_one", False):
            yield
            return
        mine = threading.Event()
        with self._lock:
            (self._first if first else self._others).append(mine)
            self._seat()
        while not mine.wait(self.longest):
            with self._lock:
                self._seat()
        began = time.monotonic()
        self._thread.has_one = True
        try:
            yield
        finally:
            self._thread.has_one = False
            if self._first or self._others:
                time.sleep(min(time.monotonic() - began, MOST_REST))
            with self._lock:
                self._seated.pop(mine, None)
                self._seat()

    def _seat(self) -> None:
        now = time.monotonic()
        for seated in [s for s, until in self._seated.items() if until <= now]:
            del self._seated[seated]
        while len(self._seated) < self.places and (self._first or self._others):
            next_one = (self._first or self._others).popleft()
            self._seated[next_one] = now + self.longest
            next_one.set()
