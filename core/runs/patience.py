"""Work in the store that waits for it: for those to whom nothing is of use without."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0  # seconds until a lost store is tried again
SQLITE_ERROR = 1  # a statement that is wrong, and will be the next time

T = TypeVar("T")


def patiently(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Do something in a transaction; while the store is away or full, try again.

    As long as it takes. The answer to a commit may have been lost with the store:
    what is done must come to the same when it is done again.

    Parameters
    ----------
    engine
        Of the store.
    work
        What to do with a connection.

    Returns
    -------
    What `work` returned.

    Raises
    ------
    DBAPIError
        If it is the statement that is wrong.
    """
    wait = FIRST_WAIT
    while True:
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if not _passes(error):
                raise
            log.warning("store away, trying again: %s", type(error.orig).__name__)
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


def _passes(error: DBAPIError) -> bool:
    """Whether it is about the state of the database, not about what it was asked."""
    wrong = getattr(error.orig, "sqlite_errorcode", None) == SQLITE_ERROR
    passing = isinstance(error, OperationalError) and not wrong
    return passing or error.connection_invalidated
