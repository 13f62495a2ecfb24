"""How threads share this process: NumPy has one, and pages take short turns."""

import functools
import sys

import numpy as np  # noqa: F401 - only libraries that are loaded can be limited
from threadpoolctl import threadpool_limits

TURN_SECONDS = 0.0005


@functools.cache
def one_thread() -> None:
    """Let NumPy multiply matrices on one thread; ours are too small for two.

    Beside other work on the machine, threads that wait for each other take many times
    as long. Calling it again is harmless.
    """
    threadpool_limits(limits=1, user_api="blas")


def take_short_turns() -> None:
    """Let a thread that waits for the interpreter wait half a millisecond, not 5.

    A live panel lets it go for each question to the store. Behind a page that is drawn
    as a whole it would have to wait 5 ms each time to get it back; and so would the
    thread that sends to the browsers, after each message.
    """
    sys.setswitchinterval(TURN_SECONDS)
