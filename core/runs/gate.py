"""The lock of the admin page: one token, and patience with those who guess."""

import hmac
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.task import UserError

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds after a wrong token; each doubles
MOST_CALLERS = 10_000


class RefusedError(UserError):
    """The token does not open the gate."""


@dataclass
class Guesses:
    """The wrong tokens of one caller, and until when no other is looked at."""

    wrong: int = 0
    until: float = float("-inf")


class Gate:
    """Lets in whoever has the token. Shared by all sessions of a process.

    Parameters
    ----------
    token
        What opens it.
    clock
        Seconds that only go forward.
    """

    def __init__(self, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._token, self._clock = token.encode(), clock
        self._guesses: dict[str, Guesses] = {}
        self._lock = threading.Lock()

    def enter(self, token: str, caller: str) -> None:
        """Return if the token is right.

        Raises
        ------
        RefusedError
            If it is wrong, or comes too soon after a wrong one of the same caller.
        """
        with self._lock:
            guesses = self._guesses.get(caller, Guesses())
            if (left := guesses.until - self._clock()) > 0:
                raise RefusedError(
                    f"Wait {left:.0f} s: the last token from your address was wrong."
                )
            if hmac.compare_digest(token.encode(), self._token):
                self._guesses.pop(caller, None)
                log.info("admin page opened from %s", caller)
                return
            self._note(caller, guesses)
        raise RefusedError("This is not the token. It is in UNROLLED_ADMIN_TOKEN.")

    def _note(self, caller: str, guesses: Guesses) -> None:
        if len(self._guesses) >= MOST_CALLERS:
            self._guesses.clear()
        pause = min(FIRST_PAUSE * 2**guesses.wrong, LONGEST_PAUSE)
        self._guesses[caller] = Guesses(guesses.wrong + 1, self._clock() + pause)
        log.warning(
            "admin page: wrong token number %d from %s", guesses.wrong + 1, caller
        )
