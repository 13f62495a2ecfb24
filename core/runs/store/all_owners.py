"""Runs of all owners for the administrator, and erasure of all data of one of them."""

import re

from sqlalchemy import Connection, delete, func, select

from core.runs.owners import owner_of_user
from core.runs.run import Run
from core.runs.settings import Site
from core.runs.store import joining
from core.runs.store.checkpoints import Checkpoints
from core.runs.store.schema import (
    class_requests,
    classes,
    files,
    members,
    paths,
    poll_answers,
    runs,
    shares,
    studies,
)
from core.runs.store.store import (
    OF_FILE,
    QUEUE_LOCK,
    RUN_ID,
    Store,
    as_run,
    owner_key,
    read_installation,
    select_runs,
)
from core.task import UserError

PREFIX = re.compile(r"[0-9a-f]{1,32}")
COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")
# Tables with an owner; rows of the others refer to these.
OWNED = (runs, studies, shares, paths, classes, members, poll_answers, class_requests)


def every_run(store: Store, most: int) -> list[Run]:
    """Return the newest runs of all owners, without deleted ones."""
    query = select_runs().where(runs.c.deleted.is_(None))
    newest = query.order_by(runs.c.created.desc()).limit(most)
    return [as_run(row) for row in store.rows(newest)]


def find_run(store: Store, prefix: str) -> Run:
    """Return the one run whose id begins with a prefix; else raise a UserError."""
    if not PREFIX.fullmatch(prefix):
        raise UserError(
            f"RUN: expected the beginning of a run's id, which has digits and a to f, "
            f"got {prefix[:40]!r}. `list` shows the ids."
        )
    query = select_runs().where(runs.c.id.startswith(prefix), runs.c.deleted.is_(None))
    found = [as_run(row) for row in store.rows(query.limit(2))]
    if not found:
        raise UserError(f"RUN: expected the id of a run, got {prefix}. See `list`.")
    if len(found) > 1:
        raise UserError(
            f"RUN: expected the id of one run, got {prefix}, the beginning of several "
            "ids. Give more digits."
        )
    return found[0]


def result_of(store: Store, run_id: str) -> bytes:
    """Return the encoded result of a run; a UserError if it has none."""
    query = select(files.c.content).join(runs, OF_FILE)
    query = query.where(
        runs.c.id == run_id, runs.c.left_at.is_(None), files.c.name == "result"
    )
    found = store.first(query)
    if found is None:
        raise UserError(
            f"{run_id}: expected a run with a result, got a run without one. Wait for "
            "its end, or resume it."
        )
    return bytes(found.content)


def erase_owner(
    site: Site, store: Store, who: str, *, dry_run: bool = False
) -> dict[str, int]:
    """Erase all data of an owner, and return the number of rows by table.

    `who` is the id of one of the owner's runs, or the owner's token; where users sign
    in, such an id or the user's name. Trainings end, unless other owners wait for them;
    classes that the owner teaches end as well. SQLite overwrites the data in its file.
    An owner without any data raises a UserError.
    """
    with store.locked(QUEUE_LOCK) as connection:
        key = _key_of_owner(site, connection, who)
        counts = {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.owner == key)
            ).scalar_one()
            for table in OWNED
        }
        if not any(counts.values()):
            raise UserError(_nothing_of(site, who))
        if dry_run:
            return counts
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        theirs = select(runs.c.id, runs.c.training).where(runs.c.owner == key)
        ids = dict(connection.execute(theirs).all())
        for run_id in ids:
            joining.stop(connection, run_id)  # locks the training
        for table in OWNED:
            connection.execute(delete(table).where(table.c.owner == key))
        trainings = set(ids.values())
        unused = [each for each in trainings if joining.remove_unused(connection, each)]
        checkpoints = Checkpoints(site.checkpoints, read_installation(connection))
    for training in unused:
        checkpoints.discard(training)
    if sqlite:
        with store.reading() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return counts


def _key_of_owner(site: Site, connection: Connection, who: str) -> str:
    if site.sign_in_secret and not RUN_ID.fullmatch(who):
        return owner_key(owner_of_user(who.encode(), site.sign_in_secret))
    if COOKIE.fullmatch(who):
        return owner_key(who)
    query = select(runs.c.owner).where(runs.c.id == who)
    found = connection.execute(query).scalar() if RUN_ID.fullmatch(who) else None
    if found is None:
        raise UserError(
            "OWNER: expected the whole id of a run, or the value of the cookie "
            f"unrolled_owner, got {who[:50]!r}. `list --json` shows whole ids. If your "
            "users sign in, set UNROLLED_SIGN_IN_SECRET as the dashboard has it."
        )
    return str(found)


def _nothing_of(site: Site, who: str) -> str:
    if site.sign_in_secret:
        return (
            f"OWNER: expected a user with data in this store, got {who[:50]!r} without "
            "any. Check the name, and that UNROLLED_SIGN_IN_SECRET is the dashboard's."
        )
    return (
        "OWNER: expected the cookie unrolled_owner of a browser with data in this "
        "store, got one without any. Copy its whole value."
    )
