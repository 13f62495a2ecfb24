"""How often live panels are drawn: fewer times the more there are.

One process draws for all who look on, one panel after the other. Asked for more than it
can do it would draw what nobody gets to see: Streamlit throws away what it has not sent
when the next drawing begins.
"""

import math
import threading
import time
from collections.abc import Callable, Hashable
from typing import NamedTuple

LATE = 3.0  # times its share that somebody waits who comes when all is taken
NEAR = 1.3  # times its share, more or less, that a panel need not change
FORGET = 3  # drawings that did not come, after which a panel is gone


class Panel(NamedTuple):
    """One that is drawn again and again: the seconds it wants, has, was seen at."""

    least: float
    every: float
    seen: float


class Pace:
    """The seconds from one drawing of a panel to its next.

    They are fixed when the page is drawn. Whoever comes takes what the others leave,
    and little by little they come to have alike: for that a page has to be drawn
    anew, which costs as much as several panels.

    Parameters
    ----------
    each
        Seconds that the process should have for one drawing.
    between
        Seconds between two panels that change.
    clock
        Tells the seconds.
    """

    def __init__(
        self,
        each: float,
        between: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.each, self.between = each, between
        self._clock = clock
        self._panels: dict[Hashable, Panel] = {}
        self._changed = -between
        self._lock = threading.Lock()

    def join(self, panel: Hashable, least: float) -> float:
        """Note that a panel's page is drawn; return its seconds from now on.

        They are the least that it wants if there is time for that.
        """
        with self._lock:
            before = self._panels.get(panel, Panel(least, math.inf, 0.0)).every
            self._see(panel, least, before)
            share = max(least, self._share())
            free = max(self._spare(), 0.0) + 1 / before  # what it has, nobody else has
            if free * share < 1:
                share = min(LATE * share, 1 / free if free else math.inf)
            self._see(panel, least, share)
            return share

    def should_change(self, panel: Hashable, least: float, every: float) -> bool:
        """Note that a panel is drawn; tell whether its page should be, to `join`."""
        with self._lock:
            self._see(panel, least, every)
            share = max(least, self._share())
            slower = every * NEAR < share
            quicker = every > share * NEAR and self._spare() > 1 / share - 1 / every
            now = self._clock()
            if not (slower or quicker) or now < self._changed + self.between:
                return False
            self._changed = now
            return True

    def _see(self, panel: Hashable, least: float, every: float) -> None:
        now = self._clock()
        self._panels[panel] = Panel(least, every, now)
        for other, (its_least, its_every, seen) in list(self._panels.items()):
            if now - seen > FORGET * max(its_least, its_every) + 1:
                del self._panels[other]

    def _share(self) -> float:
        """The seconds of each if all had alike, but for those who want less."""
        free, count = 1 / self.each, len(self._panels)
        for least in sorted((p.least for p in self._panels.values()), reverse=True):
            if least * free <= count:
                break
            free, count = free - 1 / least, count - 1
        return count / free

    def _spare(self) -> float:
        """Drawings a second that nobody has asked for."""
        return 1 / self.each - sum(1 / p.every for p in self._panels.values())
