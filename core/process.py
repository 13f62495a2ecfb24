"""How a process uses the machine: its threads, and memory that it gives back."""

import ctypes
import functools
import gc
import os
import sys
import threading
import time

import numpy as np  # noqa: F401 - only libraries that are loaded can be limited
from threadpoolctl import threadpool_limits

TURN_SECONDS = 0.0005
COLLECT_SECONDS = 10.0  # between two looks
ARENAS = 1  # region that the C library takes memory from; else eight a core
ARENA_MAX = -8  # its name for their number, M_ARENA_MAX in malloc.h


@functools.cache
def one_thread() -> None:
    """Let NumPy multiply matrices on one thread; ours are too small for two.

    Beside other work on the machine, threads that wait for each other take many times
    as long. Calling it again is harmless.
    """
    threadpool_limits(limits=1, user_api="blas")


def shorten_switch_interval() -> None:
    """Let a thread that waits for the interpreter wait half a millisecond, not 5.

    A live panel lets it go for each question to the store. Behind a page that is drawn
    as a whole it would have to wait 5 ms each time to get it back; and so would the
    thread that sends to the browsers, after each message.
    """
    sys.setswitchinterval(TURN_SECONDS)


@functools.cache
def limit_memory_growth() -> None:
    """Keep this process small, from now on. Calling it again is harmless.

    A page's session is a knot of objects that refer to each other. Python unties such
    knots only when a quarter of all its objects are new, and of the many threads that
    draw pages each leaves holes in a region of its own.
    """
    _ask_the_c_library("mallopt", ARENA_MAX, ARENAS)
    threading.Thread(target=_go_on, name="memory", daemon=True).start()


def release_memory() -> None:
    """Collect all garbage, and return what is free to the operating system."""
    gc.collect()
    _ask_the_c_library("malloc_trim", 0)


def _ask_the_c_library(name: str, *numbers: int) -> None:
    """Call a function that glibc has; other systems go without."""
    if os.name == "posix" and hasattr(library := ctypes.CDLL(None), name):
        getattr(library, name)(*numbers)


def _go_on() -> None:
    while True:
        time.sleep(COLLECT_SECONDS)
        release_memory()
