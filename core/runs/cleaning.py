"""Old runs are removed: by age, and so that all of them fit into so many megabytes."""

import logging
import time
from dataclasses import dataclass

from sqlalchemy import Connection, Select, case, delete, func, select

from core.logs import about
from core.runs.checkpoint import Checkpoints
from core.runs.run import ACTIVE
from core.runs.schema import files, points, reads, runs
from core.runs.settings import Site
from core.runs.store import Store

log = logging.getLogger(__name__)

DAY, MEGABYTE = 86_400.0, 2**20
UNTOUCHED_SECONDS = 3_600.0  # a run that was read since then is being read
BATCH = 50  # runs a go of the supervisor's, which has other things to do


@dataclass(frozen=True, kw_only=True)
class Old:
    """A finished run: when it was last of use to somebody, and what it holds."""

    id: str
    task: str
    used: float
    size: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be removed, least recently used first, out of how much."""

    removed: list[Old]
    total: int  # bytes of all runs before

    def summary(self) -> dict[str, int]:
        """Return the figures as they are printed."""
        size = sum(old.size for old in self.removed)
        return {
            "runs": len(self.removed),
            "bytes": size,
            "bytes_left": self.total - size,
        }


class Cleaner:
    """Removes finished runs with their points, results and checkpoints.

    Several may work at once: each run is removed in a transaction of its own that
    looks once more whether it may be.

    Parameters
    ----------
    site
        What to keep (`keep_days`, `keep_mb`); a limit of None removes nothing.
    store
        Where the runs are.
    """

    def __init__(self, site: Site, store: Store) -> None:
        self.site, self.store = site, store
        self.checkpoints = Checkpoints(site.checkpoints)

    @property
    def wanted(self) -> bool:
        """Whether there is a limit at all."""
        return (self.site.keep_days, self.site.keep_mb) != (None, None)

    def plan(self) -> Plan:
        """Choose the runs to remove, without removing any."""
        saved = self.checkpoints.sizes()
        with self.store.engine.connect() as raw:
            connection = raw.execution_options(reading=True)
            held = _bytes_held(connection)
            finished = [
                Old(id=i, task=task, used=used, size=held.get(i, 0) + saved.get(i, 0))
                for i, task, used in connection.execute(_finished())
            ]
        total = sum(held.values()) + sum(saved.values())
        return Plan(removed=self._chosen(finished, total), total=total)

    def clean(self, most: int | None = None) -> Plan:
        """Remove what is to be removed, at most so many; return what was."""
        plan = self.plan()
        removed = [old for old in plan.removed[:most] if self._remove(old)]
        self._sweep()
        if removed:
            log.info("cleaned up: %d runs", len(removed))
        return Plan(removed=removed, total=plan.total)

    def _chosen(self, finished: list[Old], total: int) -> list[Old]:
        days, megabytes = self.site.keep_days, self.site.keep_mb
        now = time.time()
        most = float("inf") if megabytes is None else megabytes * MEGABYTE
        oldest = float("-inf") if days is None else now - days * DAY
        chosen = []
        for old in finished:
            if now - old.used < UNTOUCHED_SECONDS:
                break  # so are all that follow
            if old.used < oldest or total > most:
                chosen.append(old)
                total -= old.size
        return chosen

    def _remove(self, old: Old) -> bool:
        """Remove a run unless it was resumed, read or removed in the meantime."""
        still = _finished(old.used).where(runs.c.id == old.id)
        with self.store.engine.begin() as connection:
            if not connection.execute(still.with_for_update(of=runs)).first():
                return False
            connection.execute(delete(runs).where(runs.c.id == old.id))
        self.checkpoints.discard(old.id)
        with about(run=old.id, task=old.task):
            log.info("run %s removed, %d bytes", old.id, old.size)
        return True

    def _sweep(self) -> None:
        """Remove checkpoints that outlived their run: its remover may have died."""
        saved = self.checkpoints.sizes()  # before the runs: theirs come after them
        if not saved:
            return
        with self.store.engine.connect() as raw:
            connection = raw.execution_options(reading=True)
            known = set(connection.execute(select(runs.c.id)).scalars())
        for run_id in saved.keys() - known:
            self.checkpoints.discard(run_id)


def _finished(used: float | None = None) -> Select[str, str, float]:
    """Select runs that nobody trains, least recently used first."""
    ended = func.coalesce(runs.c.finished, runs.c.created)
    last = case((reads.c.at > ended, reads.c.at), else_=ended)
    query = (
        select(runs.c.id, runs.c.task, last)
        .outerjoin(reads, reads.c.run == runs.c.id)
        .where(runs.c.status.not_in(ACTIVE))
        .order_by(last)
    )
    return query if used is None else query.where(last <= used)


def _bytes_held(connection: Connection) -> dict[str, int]:
    """Return the bytes of each run's data, result, points and snapshots."""
    snapshot = func.coalesce(func.length(points.c.snapshot), 0)
    each = (
        (files.c.run, func.length(files.c.content)),
        (points.c.run, func.length(points.c.metrics) + snapshot),
    )
    held: dict[str, int] = {}
    for run, size in each:
        for row in connection.execute(select(run, func.sum(size)).group_by(run)):
            held[row[0]] = held.get(row[0], 0) + int(row[1])
    return held
