"""Limits of requests: for one owner, one network address, and all owners together.

A new owner's token costs nothing, so requests are also limited by network address. The
limits of an address are those of fifty people: a class shares one.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    false,
    func,
    insert,
    select,
    true,
    update,
)

from core.runs.run import ACTIVE, SEARCHING, LimitError
from core.runs.store.joining import ACTIVE_HERE, RUNS
from core.runs.store.schema import (
    class_requests,
    files,
    points,
    runs,
    studies,
    trainings,
)

log = logging.getLogger(__name__)

HERE = "People at your network address"
MINUTE, HOUR, MEGABYTE = 60.0, 3600.0, 2**20
ROW_BYTES = 2**11  # size of a run without data, points and result
MOST_WAITING = 1_000  # most runs waiting for one unfinished training
MOST_WAITING_IN_ALL = 5_000  # most runs waiting for all such trainings
MOST_SEARCHES = 50  # most searches at a time
MOST_SEARCHES_HERE = 40  # most of one address: the other places are reserved


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Limits in time."""

    starts: int  # runs started or resumed within a minute
    megabytes: int  # size of data, points and results of the runs of an hour


JOINED = 600  # runs from one address that join trainings, within a minute
OWNER = Rate(starts=20, megabytes=200)
ADDRESS = Rate(starts=100, megabytes=1000)


@dataclass(frozen=True, kw_only=True)
class ClassRate:
    """Limit of one kind of requests."""

    seconds: float  # length of the time window
    # The most of one owner, from one address, and of all owners; None: no limit
    owner: int | None = None
    address: int | None = None
    all: int | None = None


CLASS_RATES = {
    # Wrong codes and teacher's links
    "guess": ClassRate(seconds=MINUTE, owner=10, address=60, all=600),
    "join": ClassRate(seconds=MINUTE, address=300),
    "start": ClassRate(seconds=HOUR, address=20),
}


def check_queue(
    connection: Connection,
    owner: str,
    address: str | None,
    *,
    per_owner: int,
    in_all: int,
) -> None:
    """Raise a LimitError for a run over the limits of the queue or of a minute.

    The connection has to be locked with QUEUE_LOCK; `owner` and `address` are keys.
    """
    mine, from_here = runs.c.owner == owner, _from_address(address)
    began = runs.c.joined.is_(False)  # runs that joined a training need no worker
    queued = trainings.c.status == "queued"
    _check_owner(connection, owner, per_owner)
    in_queue = select(func.count()).where(queued, trainings.c.study.is_(None))
    if (waiting := int(connection.execute(in_queue).scalar_one())) >= in_all:
        log.warning("refused a run: %d runs are in the queue", waiting)
        raise LimitError(
            f"The queue is full: {waiting:,} runs of all people wait for a worker. "
            "Try again in a few minutes."
        )
    # Each address leaves at least as many places free as it takes.
    here = _count(connection, began, queued, from_here)
    if here >= in_all - waiting:
        log.warning("refused a run: an address has %d in the queue", here)
        raise LimitError(
            f"{here:,} runs from your network address wait for a worker, "
            "and the places left are kept for others. Try again in a few minutes."
        )
    recent = runs.c.requested > time.time() - MINUTE
    _check_rate(connection, "You", OWNER.starts, mine, recent)
    _check_rate(connection, HERE, ADDRESS.starts, from_here, began, recent)
    unfinished = select(trainings.c.id).where(trainings.c.status.in_(ACTIVE))
    old = runs.c.requested < time.time() - HOUR, runs.c.training.not_in(unfinished)
    _forget_addresses(connection, runs, *old)


def check_joining(
    connection: Connection,
    owner: str,
    address: str | None,
    training: str,
    *,
    per_owner: int,
) -> None:
    """Raise a LimitError if too many runs join trainings.

    They need no worker: the limits protect the number of rows.
    """
    this = trainings.c.id == training, trainings.c.status.in_(ACTIVE)
    if connection.execute(select(trainings.c.id).where(*this)).first():
        _check_owner(connection, owner, per_owner)
        _check_waiting(connection, address, training)
    recent = runs.c.requested > time.time() - MINUTE
    here = _from_address(address), runs.c.joined.is_(True)
    _check_rate(connection, "You", OWNER.starts, runs.c.owner == owner, recent)
    _check_rate(connection, HERE, JOINED, *here, recent)


def _check_waiting(connection: Connection, address: str | None, training: str) -> None:
    """Raise a LimitError if too many runs wait for a training."""
    waiting = runs.c.joined.is_(True), ACTIVE_HERE
    its_own = _count(connection, *waiting, trainings.c.id == training)
    in_all = _count(connection, *waiting)
    here = _count(connection, *waiting, _from_address(address))
    # Each address leaves at least as many places free as it takes, as in the queue.
    if its_own >= MOST_WAITING or here >= MOST_WAITING_IN_ALL - in_all:
        log.warning("refused a run: %d wait for its training", its_own)
        raise LimitError(
            "Too many people wait for trainings that others have asked for. Try again "
            "when this one has ended, or change a setting, such as the random seed."
        )


def _check_owner(connection: Connection, owner: str, per_owner: int) -> None:
    if _count(connection, runs.c.owner == owner, ACTIVE_HERE) > per_owner:
        log.warning("refused a run: owner %.8s has too many", owner)
        raise LimitError(
            f"You have {per_owner + 1} unfinished runs, the most one person may "
            "have. Wait for one to end, or stop one on the Runs page."
        )


def _check_rate(
    connection: Connection, who: str, most: int, *which: ColumnElement[bool]
) -> None:
    if _count(connection, *which) >= most:
        log.warning("refused a run: %s started too many", who.casefold())
        raise LimitError(
            f"{who} have started {most} runs within a minute, the most "
            "there may be. Try again in a minute."
        )


def _count(connection: Connection, *which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(RUNS)
    query = query.where(trainings.c.study.is_(None), *which)  # without trials
    return int(connection.execute(query).scalar_one())


def check_searches(connection: Connection, owner: str, address: str | None) -> None:
    """Raise a LimitError for a search over the limits, as `check_queue` for a run."""
    going_on, now = studies.c.status.in_(SEARCHING), time.time()
    mine, from_here = studies.c.owner == owner, _from_address(address, studies)

    def count(*which: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(studies).where(*which)
        return int(connection.execute(query).scalar_one())

    if count(mine, going_on):
        raise LimitError(
            "You have a search that is not finished, and one person may have one at a "
            "time. Wait for it to end, or stop it."
        )
    if (number := count(going_on)) >= MOST_SEARCHES:
        log.warning("refused a search: %d are going on", number)
        raise LimitError(
            f"{number} searches of all people are going on, the most there may be. Try "
            "again in a few minutes."
        )
    if (number := count(going_on, from_here)) >= MOST_SEARCHES_HERE:
        log.warning("refused a search: an address has %d", number)
        raise LimitError(
            f"{number} searches from your network address are going on, and the places "
            "left are kept for others. Try again in a few minutes."
        )
    for which, rate, who in _rates(mine, from_here):
        if count(which, studies.c.created > now - MINUTE) >= rate.starts:
            log.warning("refused a search: %s started too many", who.casefold())
            raise LimitError(
                f"{who} have started {rate.starts} searches within a minute, the most "
                "there may be. Try again in a minute."
            )
    old = studies.c.created < now - HOUR, studies.c.status.not_in(SEARCHING)
    _forget_addresses(connection, studies, *old)


def _forget_addresses(
    connection: Connection, table: Table, *which: ColumnElement[bool]
) -> None:
    """Remove network addresses that no limit needs any more."""
    forget = update(table).where(table.c.address.is_not(None), *which)
    connection.execute(forget.values(address=None))


def is_class_request_allowed(
    connection: Connection, kind: str, owner: str, address: str | None
) -> bool:
    """Whether one more request of a kind of `CLASS_RATES` is within its limits.

    `owner` and `address` are keys.
    """
    rate, table = CLASS_RATES[kind], class_requests
    recent = table.c.kind == kind, table.c.at > time.time() - rate.seconds
    for which, most, who in (
        (table.c.owner == owner, rate.owner, "an owner"),
        (_from_address(address, table), rate.address, "an address"),
        (true(), rate.all, "everybody"),
    ):
        if most is None:
            continue
        query = select(func.count()).select_from(table).where(which, *recent)
        if connection.execute(query).scalar_one() >= most:
            log.warning("classes: %s made %d requests (%s)", who, most, kind)
            return False
    return True


def note_class_request(
    connection: Connection, kind: str, owner: str, address: str | None
) -> None:
    """Count a request of a kind of `CLASS_RATES`."""
    forget_requests(connection)
    row = {"id": secrets.token_hex(16), "kind": kind, "at": time.time()}
    values = row | {"owner": owner, "address": address}
    connection.execute(insert(class_requests).values(values))


def forget_requests(connection: Connection) -> None:
    """Remove class requests that are older than the windows of their limits."""
    for kind, rate in CLASS_RATES.items():
        old = class_requests.c.at < time.time() - rate.seconds
        connection.execute(
            delete(class_requests).where(class_requests.c.kind == kind, old)
        )


def check_stored_bytes(
    connection: Connection, owner: str, address: str | None, size: int
) -> None:
    """Raise a LimitError if `size` more bytes exceed the hourly limit."""
    snapshot = func.coalesce(func.length(points.c.snapshot), 0)
    sizes = (
        (files.c.training, func.length(files.c.content)),
        (points.c.training, func.length(points.c.metrics) + snapshot),
    )
    searchers = studies.c.owner == owner, _from_address(address, studies)
    asked = _rates(runs.c.owner == owner, _from_address(address))
    for (which, rate, who), who_searched in zip(asked, searchers, strict=True):
        recent = which, runs.c.requested > time.time() - HOUR
        began = select(runs.c.training).where(*recent, runs.c.joined.is_(False))
        rows = select(func.count()).select_from(runs).where(*recent)
        stored = size + ROW_BYTES * int(connection.execute(rows).scalar_one())
        for training, length in sizes:
            total = select(func.coalesce(func.sum(length), 0))
            query = total.where(training.in_(began))
            stored += int(connection.execute(query).scalar_one())
        searched = func.coalesce(func.sum(func.length(studies.c.data)), 0)
        recently = studies.c.created > time.time() - HOUR
        query = select(searched).where(who_searched, recently)
        stored += int(connection.execute(query).scalar_one())
        if stored > rate.megabytes * MEGABYTE:
            log.warning("refused a run: %s stored too much", who.casefold())
            raise LimitError(
                f"{who} have stored {rate.megabytes:,} MB of data and results "
                "within an hour, the most there may be. Try again later."
            )


def address_key(address: str | None) -> str | None:
    """Return the SHA-256 of a network address, as the store has it.

    Of an IPv6 address it is that of its /64 network, which belongs to one person.
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


def _from_address(key: str | None, table: Table = runs) -> ColumnElement[bool]:
    return false() if key is None else table.c.address == key


def _rates(
    mine: ColumnElement[bool], from_here: ColumnElement[bool]
) -> Iterator[tuple[ColumnElement[bool], Rate, str]]:
    yield mine, OWNER, "You"
    yield from_here, ADDRESS, HERE
