"""Stores without runs, each of which one test has after the other.

To make the tables takes longer than to empty them, and a new engine compiles each
statement anew: most of the time of a short test.
"""

import secrets
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress

from core.runs.store import Store
from core.runs.store.schema import class_metadata, installations, metadata

_engines = {}  # of the stores that other tests get afterwards, by address


@contextmanager
def opened(url):
    """A store, with the engine that it had in the test before."""
    store = Store(url)
    if _engines.get(url):
        store._engine, store._up_to_date = _engines[url], True
    elif url in _engines:
        _engines[url] = store.engine
    yield store
    store.close()  # its connections: a test may have stopped their server


class EmptyStores:
    """The stores of one database, made and emptied by its functions."""

    def __init__(self, make, execute):
        self._make, self._execute = make, execute
        self._taken, self._unused = [], []

    def take(self):
        """Return the address of a store without runs."""
        if not self._unused:
            self._unused.append(self._make())
            self._taken.append(self._unused[-1])
            _engines[self._unused[-1]] = None
        return self._unused.pop()

    def give_back(self, url):
        """Take all rows out of a store, unless a test has left it locked or broken."""
        tables = [*metadata.sorted_tables, *class_metadata.sorted_tables]
        new = f"UPDATE {installations} SET id = '{secrets.token_hex(16)}'"
        emptied = [f"DELETE FROM {table}" for table in reversed(tables)]
        if self._execute(url, "; ".join([*emptied, f"{new}"])):
            self._unused.append(url)
        else:
            _end(url)

    def close(self):
        for url in self._taken:
            _end(url)


def _end(url):
    if engine := _engines.pop(url, None):
        engine.dispose()


def sqlite_stores(folder):
    """Stores in files of a folder."""
    first = folder / "first.sqlite"
    store = Store(f"sqlite:///{first}")
    assert store.runs_of("ann") == []
    store.close()

    def make():
        file = folder / f"{secrets.token_hex(4)}.sqlite"
        shutil.copy(first, file)
        return f"sqlite:///{file}"

    def execute(url, statements):
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection,
        ):
            connection.executescript(f"BEGIN IMMEDIATE; {statements}; COMMIT")
            return True

    return EmptyStores(make, execute)
