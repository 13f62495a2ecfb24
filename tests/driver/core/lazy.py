"""Modules that are imported by the first test that uses them, not at collection.

TensorFlow takes three seconds to import, also for tests of something else.
"""

import functools
import importlib

from core.layers.setup import single_thread


class Lazy:
    """A module by its name."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("_"):  # pytest looks for marks of its own at collection
            raise AttributeError(name)
        return getattr(_module(self._name), name)


@functools.cache
def _module(name):
    single_thread()
    return importlib.import_module(name)


keras, tf = Lazy("keras"), Lazy("tensorflow")
adam, lstm = Lazy("core.layers.adam"), Lazy("core.layers.lstm")
