"""The store: the one truth about runs, on SQLite or PostgreSQL."""

import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from core.runs.reader import Reader, owned_by, owner_key
from core.runs.run import ACTIVE, LimitError, Status
from core.runs.schema import files, runs
from core.task import Settings

log = logging.getLogger(__name__)

REQUEST = ("owner", "task", "title", "config")  # with the data: what is asked for
QUEUE_LOCK = 7016996766  # whoever holds it counts and queues runs, and nobody else


class Store(Reader):
    """Reads runs and writes what people ask for. Safe to share between threads.

    What a run leaves while it trains is written by its `core.runs.logbook.Logbook`.

    Parameters
    ----------
    url
        SQLAlchemy address, such as `sqlite:///runs.sqlite`.
    waiting
        Runs that one owner may have queued besides the one that trains.
    waiting_in_all
        Runs that all owners together may have queued.
    seconds
        Seconds of training that one request is good for.
    """

    def __init__(
        self,
        url: str,
        *,
        waiting: int = 3,
        waiting_in_all: int = 200,
        seconds: float = 600,
    ) -> None:
        super().__init__(url)
        self.waiting, self.waiting_in_all = waiting, waiting_in_all
        self.seconds = seconds

    def create(
        self,
        owner: str,
        task: str,
        config: Settings,
        *,
        title: str,
        data: bytes,
        same_within: float = 0,
    ) -> str:
        """Queue a run and return its id of 128 random bits.

        With `same_within` seconds, an identical request that is no older, or that
        still waits, is not queued again: its run's id is returned.

        Raises
        ------
        LimitError
            If the owner already has as many unfinished runs as one may have, or the
            queue is full.
        """
        values = {
            "id": secrets.token_hex(16),
            "task": task,
            "owner": owner_key(owner),
            "title": title.replace("\0", ""),  # which PostgreSQL does not keep
            "config": config.to_json(),
            "status": "queued",
            "created": time.time(),
            "queued": time.time(),
            "until": self.seconds,
        }
        with self._one_at_a_time() as connection:
            if same_within and (same := _same(connection, values, data, same_within)):
                return same
            self._check_limits(connection, owner)
            connection.execute(insert(runs).values(values))
            content = {"run": values["id"], "name": "data", "content": data}
            connection.execute(insert(files).values(content))
        return str(values["id"])

    def request_stop(self, owner: str, run_id: str) -> None:
        """Take a queued run out of the queue, or ask a running one to end."""
        self._request_stop(*owned_by(owner, run_id))

    def request_any_stop(self, run_id: str) -> None:
        """Stop a run whoever's it is: for the administrator."""
        self._request_stop(runs.c.id == run_id)

    def _request_stop(self, *which: ColumnElement[bool]) -> None:
        waiting = update(runs).where(*which, runs.c.status == "queued")
        running = update(runs).where(*which, runs.c.status == "running")
        with self.engine.begin() as connection:
            connection.execute(waiting.values(status="stopped", finished=time.time()))
            connection.execute(running.values(stop=True))

    def request_resume(self, owner: str, run_id: str) -> None:
        """Queue a stopped or failed run again; it goes on from its checkpoint."""
        ended = runs.c.status.in_(("stopped", "failed"))
        changes = {
            "status": "queued",
            "execution": None,
            "stop": False,
            "attempt": 0,
            "error": None,
            "queued": time.time(),
            "started": None,
            "finished": None,
            "until": runs.c.seconds + self.seconds,
        }
        with self._one_at_a_time() as connection:
            self._check_limits(connection, owner)
            connection.execute(
                update(runs).where(*owned_by(owner, run_id), ended).values(changes)
            )

    def give_up(self, run_id: str, status: Status, error: str) -> None:
        """End an unfinished run from outside; its execution can no longer write."""
        unfinished = update(runs).where(runs.c.id == run_id, runs.c.status.in_(ACTIVE))
        changes = {"status": status, "error": error, "finished": time.time()}
        with self.engine.begin() as connection:
            connection.execute(unfinished.values(execution=None, **changes))

    def _check_limits(self, connection: Connection, owner: str) -> None:
        mine = select(func.count()).where(
            runs.c.owner == owner_key(owner), runs.c.status.in_(ACTIVE)
        )
        queued = select(func.count()).where(runs.c.status == "queued")
        if connection.execute(mine).scalar_one() > self.waiting:
            log.warning("refused a run: owner %.8s has too many", owner_key(owner))
            raise LimitError(
                f"You have {self.waiting + 1} unfinished runs, the most one person may "
                "have. Wait for one to end, or stop one on the Runs page."
            )
        if (found := connection.execute(queued).scalar_one()) >= self.waiting_in_all:
            log.warning("refused a run: %d runs are in the queue", found)
            raise LimitError(
                f"The queue is full: {found:,} runs of all people wait for a worker. "
                "Try again in a few minutes."
            )

    @contextmanager
    def _one_at_a_time(self) -> Iterator[Connection]:
        """Open a transaction in which nobody else counts runs to queue one."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's lock is for all
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(lock, {"number": QUEUE_LOCK})
            yield connection


def _same(
    connection: Connection, values: Mapping[str, Any], data: bytes, seconds: float
) -> str | None:
    """Return the run of an identical request that waits or has just begun, or None."""
    fresh = or_(runs.c.status == "queued", runs.c.created > time.time() - seconds)
    query = (
        select(runs.c.id)
        .join(files, files.c.run == runs.c.id)
        .where(*(runs.c[name] == values[name] for name in REQUEST))
        .where(fresh, runs.c.status.not_in(("stopped", "failed")))
        .where(files.c.name == "data", files.c.content == data)
        .order_by(runs.c.created.desc())
    )
    found = connection.execute(query.limit(1)).scalar()
    return None if found is None else str(found)
