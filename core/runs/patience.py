"""Work in the store that waits for it: for those to whom nothing is of use without."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from core.runs.reader import Reader
from core.runs.run import StoreError

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0  # seconds until a lost store is tried again

T = TypeVar("T")


def patiently(store: Reader, work: Callable[[Connection], T]) -> T:
    """Do something in a transaction; while the store is away or full, try again.

    As long as it takes. The answer to a commit may have been lost with the store:
    what is done must come to the same when it is done again.

    Parameters
    ----------
    store
        Where.
    work
        What to do with a connection.

    Returns
    -------
    What `work` returned.

    Raises
    ------
    StoreError
        If the store is damaged.
    DBAPIError
        If it is the statement that is wrong.
    """
    wait, told = FIRST_WAIT, ""
    while True:
        try:
            with store.engine.begin() as connection:
                return work(connection)
        except StoreError as error:
            if not error.passes:
                raise
            if str(error) != told:
                log.warning("waiting for the store: %s", error)
            told = str(error)
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)
