"""How a process uses the machine: its threads and its memory."""

import ctypes
import functools
import gc
import os
import sys
import threading
import time

import numpy as np  # noqa: F401 - only libraries that are loaded can be limited
from threadpoolctl import threadpool_limits

SWITCH_SECONDS = 0.0005
COLLECT_SECONDS = 10.0  # between two garbage collections
ARENAS = 1  # of the C library's allocator; the default is eight a core
M_ARENA_MAX = -8  # from malloc.h


@functools.cache
def one_thread() -> None:
    """Let NumPy and SciPy multiply matrices on one thread; ours are too small for two.

    Beside other work on the machine, threads that wait for each other take many times
    as long. One thread also adds in one order: a fit on two may end somewhere else.
    Calling it again is harmless.
    """
    threadpool_limits(limits=1, user_api="blas")
    # SciPy has a BLAS of its own, which reads this when it is loaded.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"


def shorten_switch_interval() -> None:
    """Let a thread wait half a millisecond for the interpreter lock, not 5.

    A live panel releases the lock for each query of the store. Beside a page that is
    drawn as a whole it would wait 5 ms each time to get it back; and so would the
    thread that sends to the browsers, after each message.
    """
    sys.setswitchinterval(SWITCH_SECONDS)


@functools.cache
def limit_memory_growth() -> None:
    """Collect garbage regularly from now on. Calling it again is harmless.

    A page's session is made of reference cycles. Python collects these only when a
    quarter of all its objects are new; and each of the many threads that draw pages
    fragments an arena of the allocator of its own. Imported modules are left out:
    searching them takes half a second on a busy core, in which no request is answered.
    """
    _call_libc("mallopt", M_ARENA_MAX, ARENAS)
    threading.Thread(target=_release_repeatedly, name="memory", daemon=True).start()


def release_memory() -> None:
    """Collect all garbage, and return what is free to the operating system."""
    gc.collect()
    _call_libc("malloc_trim", 0)


def _call_libc(name: str, *numbers: int) -> None:
    """Call a function that glibc has; other systems go without."""
    if os.name == "posix" and hasattr(library := ctypes.CDLL(None), name):
        getattr(library, name)(*numbers)


def _release_repeatedly() -> None:
    searched = 0
    while True:
        time.sleep(COLLECT_SECONDS)
        if searched == (searched := len(sys.modules)):
            release_memory()
            continue
        gc.unfreeze()
        release_memory()
        gc.freeze()  # also sessions of this moment, until more modules are imported
