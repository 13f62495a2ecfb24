"""Loaded by each worker before its first run: importing TensorFlow takes seconds."""

import gc
import importlib

from core.layers.setup import single_thread
from core.logs import set_up
from core.registry import TASKS
from core.runs.settings import checked_environment


def dask_setup(_: object) -> None:
    """Import what trains, with one thread for TensorFlow. Called by Dask."""
    checked_environment()
    set_up()
    # Before TensorFlow, which has its own SSL library: PostgreSQL's client, loaded
    # later, would use that and crash at the first encryption.
    importlib.import_module("psycopg")
    single_thread()
    for name in ("tensorflow", "arch"):  # takes seconds
        importlib.import_module(name)
    for name in TASKS.values():
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # later collections skip the imported modules
