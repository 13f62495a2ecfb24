"""Memory that nobody needs any more goes back to the machine."""

import ctypes
import functools
import gc
import os
import threading
import time

SECONDS = 10.0  # between two looks
ARENAS = 1  # region that the C library takes memory from; else eight a core
ARENA_MAX = -8  # its name for their number, M_ARENA_MAX in malloc.h


@functools.cache
def stay_small() -> None:
    """Keep this process small, from now on. Calling it again is harmless.

    A page's session is a knot of objects that refer to each other. Python unties such
    knots only when a quarter of all its objects are new, and of the many threads that
    draw pages each leaves holes in a region of its own.
    """
    _ask_the_c_library("mallopt", ARENA_MAX, ARENAS)
    threading.Thread(target=_go_on, name="memory", daemon=True).start()


def give_back() -> None:
    """Collect all garbage, and return what is free to the operating system."""
    gc.collect()
    _ask_the_c_library("malloc_trim", 0)


def _ask_the_c_library(name: str, *numbers: int) -> None:
    """Call a function that glibc has; other systems go without."""
    if os.name == "posix" and hasattr(library := ctypes.CDLL(None), name):
        getattr(library, name)(*numbers)


def _go_on() -> None:
    while True:
        time.sleep(SECONDS)
        give_back()
