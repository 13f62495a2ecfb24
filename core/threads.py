"""How many threads NumPy computes on: one, in every process of ours."""

import functools

import numpy as np  # noqa: F401 - only libraries that are loaded can be limited
from threadpoolctl import threadpool_limits


@functools.cache
def one_thread() -> None:
    """Let NumPy multiply matrices on one thread; ours are too small for two.

    Beside other work on the machine, threads that wait for each other take many times
    as long. Calling it again is harmless.
    """
    threadpool_limits(limits=1, user_api="blas")
