"""Settings of a process: its threads and its memory."""

import ctypes
import functools
import gc
import os
import sys
import threading
import time

import numpy as np  # noqa: F401 - limits apply to loaded libraries
from threadpoolctl import threadpool_limits

SWITCH_SECONDS = 0.0005
COLLECT_SECONDS = 10.0  # time between two garbage collections
ARENAS = 1  # number of arenas of the C library's allocator; its default is eight a core
M_ARENA_MAX = -8  # value of malloc.h


@functools.cache
def one_thread() -> None:
    """Limit the BLAS of NumPy and SciPy to one thread. Idempotent.

    The matrices are small, and on a busy machine threads that wait for each other take
    many times as long. One thread also makes sums, and so fits, reproducible.
    """
    threadpool_limits(limits=1, user_api="blas")
    # SciPy has its own BLAS, which reads this when it is loaded.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"


def shorten_switch_interval() -> None:
    """Reduce the switch interval of threads from 5 ms to half a millisecond.

    A live update releases the interpreter lock for each query of the store. With 5 ms
    it would wait for rerunning pages after each query, and so would the thread that
    sends to the browsers, after each message.
    """
    sys.setswitchinterval(SWITCH_SECONDS)


@functools.cache
def limit_memory_growth() -> None:
    """Collect garbage regularly from now on. Idempotent.

    Sessions contain reference cycles, which Python collects only when a quarter of all
    objects are new, and each page's thread fragments its own arena of the allocator.
    Imported modules are frozen: traversing them blocks the process for half a second on
    a busy core.
    """
    _call_libc("mallopt", M_ARENA_MAX, ARENAS)
    threading.Thread(target=_release_repeatedly, name="memory", daemon=True).start()


def release_memory() -> None:
    """Collect all garbage, and return free memory to the operating system."""
    gc.collect()
    _call_libc("malloc_trim", 0)


def _call_libc(name: str, *numbers: int) -> None:
    """Call a function of glibc, if it exists."""
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
        gc.freeze()  # also current sessions, until more modules are imported
