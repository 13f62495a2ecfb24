"""The store: the one truth about runs, on SQLite or PostgreSQL.

A new owner's token costs nothing, so what one person may ask for is limited by address
as well. A class shares one address: its limits are those of fifty people at once.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from core.runs.reader import Reader, owned_by, owner_key
from core.runs.run import ACTIVE, LimitError, Status
from core.runs.schema import files, points, runs
from core.task import Settings

log = logging.getLogger(__name__)

REQUEST = ("owner", "task", "title", "config")  # with the data: what is asked for
QUEUE_LOCK = 7016996766  # whoever holds it counts and queues runs, and nobody else
MINUTE, HOUR, MEGABYTE = 60.0, 3600.0, 2**20


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What may be asked for in a time.

    Attributes
    ----------
    starts
        Runs started or resumed within a minute.
    megabytes
        What the runs of an hour may hold: data, points and results.
    """

    starts: int
    megabytes: int


OWNER = Rate(starts=20, megabytes=200)
ADDRESS = Rate(starts=100, megabytes=1000)
HERE = "People at your network address"


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
        address: str | None = None,
        same_within: float = 0,
    ) -> str:
        """Queue a run and return its id of 128 random bits.

        With `same_within` seconds, an identical request that is no older, or that
        still waits, is not queued again: its run's id is returned. `address` is the
        network address of whoever asks, where it is known.

        Raises
        ------
        LimitError
            If the owner already has as many unfinished runs as one may have, the
            queue is full, the address has its share of it, or either asks too often.
        """
        values = {
            "id": secrets.token_hex(16),
            "task": task,
            "owner": owner_key(owner),
            "address": address_key(address),
            "title": title.replace("\0", ""),  # which PostgreSQL does not keep
            "config": config.to_json(),
            "status": "queued",
            "created": time.time(),
            "queued": time.time(),
            "until": self.seconds,
        }
        self._check_hour(owner, address, len(data))
        with self._one_at_a_time() as connection:
            if same_within and (same := _same(connection, values, data, same_within)):
                return same
            self._check_limits(connection, owner, address)
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

    def request_resume(
        self, owner: str, run_id: str, address: str | None = None
    ) -> None:
        """Queue a stopped or failed run again; it goes on from its checkpoint.

        Raises
        ------
        LimitError
            As `create` does.
        """
        ended = runs.c.status.in_(("stopped", "failed"))
        changes = {
            "status": "queued",
            "execution": None,
            "stop": False,
            "attempt": 0,
            "error": None,
            "queued": time.time(),
            "address": address_key(address),
            "started": None,
            "finished": None,
            "until": runs.c.seconds + self.seconds,
        }
        self._check_hour(owner, address, 0)
        with self._one_at_a_time() as connection:
            self._check_limits(connection, owner, address)
            connection.execute(
                update(runs).where(*owned_by(owner, run_id), ended).values(changes)
            )

    def give_up(self, run_id: str, status: Status, error: str) -> None:
        """End an unfinished run from outside; its execution can no longer write."""
        unfinished = update(runs).where(runs.c.id == run_id, runs.c.status.in_(ACTIVE))
        changes = {"status": status, "error": error, "finished": time.time()}
        with self.engine.begin() as connection:
            connection.execute(unfinished.values(execution=None, **changes))

    def _check_limits(
        self, connection: Connection, owner: str, address: str | None
    ) -> None:
        mine, ours = runs.c.owner == owner_key(owner), _asked_from(address)
        waits, now = runs.c.status == "queued", time.time()
        lately = runs.c.queued > now - MINUTE

        def count(*which: ColumnElement[bool]) -> int:
            query = select(func.count()).select_from(runs).where(*which)
            return int(connection.execute(query).scalar_one())

        has, waiting = count(mine, runs.c.status.in_(ACTIVE)), count(waits)
        if has > self.waiting:
            log.warning("refused a run: owner %.8s has too many", owner_key(owner))
            raise LimitError(
                f"You have {self.waiting + 1} unfinished runs, the most one person may "
                "have. Wait for one to end, or stop one on the Runs page."
            )
        if waiting >= self.waiting_in_all:
            log.warning("refused a run: %d runs are in the queue", waiting)
            raise LimitError(
                f"The queue is full: {waiting:,} runs of all people wait for a worker. "
                "Try again in a few minutes."
            )
        # No address has more places than it leaves free: however many come from one,
        # there is room for those from others.
        if (waiting_here := count(waits, ours)) >= self.waiting_in_all - waiting:
            log.warning("refused a run: an address has %d in the queue", waiting_here)
            raise LimitError(
                f"{waiting_here:,} runs from your network address wait for a worker, "
                "and the places left are kept for others. Try again in a few minutes."
            )
        for whose, rate, who in (mine, OWNER, "You"), (ours, ADDRESS, HERE):
            if count(whose, lately) >= rate.starts:
                log.warning("refused a run: %s started too many", who.casefold())
                raise LimitError(
                    f"{who} have started {rate.starts} runs within a minute, the most "
                    "there may be. Try again in a minute."
                )
        # Whose address it was is of use to the limits only.
        old = runs.c.queued < now - HOUR, runs.c.status.not_in(ACTIVE)
        forget = update(runs).where(runs.c.address.is_not(None), *old)
        connection.execute(forget.values(address=None))

    def _check_hour(self, owner: str, address: str | None, size: int) -> None:
        """Refuse who has filled the store within the hour."""
        mine, ours = runs.c.owner == owner_key(owner), _asked_from(address)
        for whose, rate, who in (mine, OWNER, "You"), (ours, ADDRESS, HERE):
            recent = select(runs.c.id).where(whose, runs.c.queued > time.time() - HOUR)
            film = func.coalesce(func.length(points.c.snapshot), 0)
            held = size + self._sum(func.length(files.c.content), files.c.run, recent)
            held += self._sum(
                func.length(points.c.metrics) + film, points.c.run, recent
            )
            if held > rate.megabytes * MEGABYTE:
                log.warning("refused a run: %s stored too much", who.casefold())
                raise LimitError(
                    f"{who} have stored {rate.megabytes:,} MB of data and results "
                    "within an hour, the most there may be. Try again later."
                )

    def _sum(
        self,
        size: ColumnElement[int],
        of: ColumnElement[str],
        which: Select[str],
    ) -> int:
        row = self._first(select(func.coalesce(func.sum(size), 0)).where(of.in_(which)))
        return int(row[0]) if row else 0

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


def address_key(address: str | None) -> str | None:
    """Return what the store keeps of an address: its SHA-256.

    Of an IPv6 address it is that of the network of 64 bits: one person has all of it.
    """
    if address is None:
        return None
    try:
        known = ip_address(address)
    except ValueError:
        return hashlib.sha256(address.encode()).hexdigest()
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or IPv6Address(int(known) >> 64 << 64)
    return hashlib.sha256(str(known).encode()).hexdigest()


def _asked_from(address: str | None) -> ColumnElement[bool]:
    key = address_key(address)
    return false() if key is None else runs.c.address == key
