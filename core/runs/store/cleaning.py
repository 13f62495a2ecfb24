"""Clean-up: removes deleted and old runs, and the least recently used above a size."""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Table,
    case,
    delete,
    func,
    or_,
    select,
)

from core.logs import log_context
from core.runs.run import ACTIVE, SEARCHING
from core.runs.settings import Site
from core.runs.store import joining
from core.runs.store.checkpoints import Checkpoints
from core.runs.store.joining import RUNS
from core.runs.store.limits import ROW_BYTES, forget_requests
from core.runs.store.run_list import UNDO_SECONDS
from core.runs.store.schema import (
    classes,
    files,
    paths,
    points,
    reads,
    runs,
    studies,
    trainings,
)
from core.runs.store.store import Store

log = logging.getLogger(__name__)

DAY, MEGABYTE = 86_400.0, 2**20
IN_USE_SECONDS = 3_600.0  # a run that was read since then may be on a page
BATCH = 50  # runs that the supervisor removes at a time

# A training may have finished before the run of it was requested.
FINISHED = trainings.c.finished
ENDED = case((runs.c.created < FINISHED, FINISHED), else_=runs.c.created)
LAST_USED = case((reads.c.at > ENDED, reads.c.at), else_=ENDED)


@dataclass(frozen=True)
class OldRun:
    """A finished run, the time of its last use, and its size."""

    id: str
    task: str
    training: str
    last_used: float
    size: int
    deleted: bool  # deletion too long ago to be undone


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The runs to remove, least recently used first, and the size of all runs."""

    removed: list[OldRun]
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

    Safe to run concurrently: each run is removed in its own transaction, which checks
    again. A training is removed with its last run. The site's `keep_days` and `keep_mb`
    are the limits; without them only deleted runs are removed.
    """

    def __init__(self, site: Site, store: Store) -> None:
        self.site, self.store = site, store

    @property
    def checkpoints(self) -> Checkpoints:
        """Those of the current installation, which a restore replaces."""
        return Checkpoints(self.site.checkpoints, self.store.installation())

    @property
    def wanted(self) -> bool:
        """Whether there is a limit, or a deleted run to remove."""
        if (self.site.keep_days, self.site.keep_mb) != (None, None):
            return True
        return (
            self.store.first(select(runs.c.id).where(_deleted_for_good())) is not None
        )

    def plan(self) -> Plan:
        """Choose the runs to remove, without removing any.

        One statement reads runs and sizes: read at two moments, a concurrent clean-up
        would make this one remove too many.
        """
        saved = self.checkpoints.sizes()
        rows = self.store.rows(_runs_with_sizes())
        sizes: dict[str, int] = {}
        finished = defaultdict[str, list[OldRun]](list)
        for run_id, task, training, status, used, gone, stored in rows:
            sizes[training] = int(stored) + saved.get(training, 0)
            if status not in ACTIVE:
                old = OldRun(run_id, task, training, used, ROW_BYTES, bool(gone))
                finished[training].append(old)
        total = ROW_BYTES * len(rows) + sum(sizes.values())
        held = [_held_by_last(those, sizes[key]) for key, those in finished.items()]
        return Plan(removed=self._choose(held, total), total=total)

    def clean(self, most: int | None = None) -> Plan:
        """Remove at most so many of the planned runs; return the removed ones."""
        plan = self.plan()
        removed = [old for old in plan.removed[:most] if self._remove(old)]
        self._remove_empty_searches()
        self._remove_old_paths()
        self.remove_orphans()
        if removed:
            log.info("cleaned up: %d runs", len(removed))
        return Plan(removed=removed, total=plan.total)

    def _choose(self, finished: Sequence[Sequence[OldRun]], total: int) -> list[OldRun]:
        """Choose from the runs of each finished training, ordered by last use."""
        days, megabytes = self.site.keep_days, self.site.keep_mb
        most = float("inf") if megabytes is None else megabytes * MEGABYTE
        idle = time.time() - IN_USE_SECONDS
        oldest = float("-inf") if days is None else time.time() - days * DAY
        chosen: list[OldRun] = []
        kept = []
        for those in finished:
            gone = [
                old for old in those if old.deleted or old.last_used < min(oldest, idle)
            ]
            chosen += gone
            if rest := [old for old in those if old not in gone]:
                kept.append(rest)
        total -= sum(old.size for old in chosen)
        for those in sorted(kept, key=lambda those: those[-1].last_used):
            if total <= most or those[-1].last_used > idle:
                break
            chosen += those
            total -= sum(old.size for old in those)
        last = {old.training: old.last_used for old in chosen}
        return sorted(  # the run with its training's size after the others
            chosen, key=lambda old: (last[old.training], old.training, old.size)
        )

    def _remove(self, old: OldRun) -> bool:
        """Remove a run unless it was resumed, read or removed in the meantime."""
        useless = _deleted_for_good() if old.deleted else old.last_used >= LAST_USED
        study = trainings.c.study
        still = (
            select(runs.c.id)
            .select_from(RUNS)
            .outerjoin(reads, reads.c.run == runs.c.id)
            .where(
                runs.c.id == old.id,
                trainings.c.status.not_in(ACTIVE),
                or_(study.is_(None), study.not_in(_searching())),
                useless,
            )
        )
        with self.store.engine.begin() as connection:
            training = joining.lock_training(connection, old.id)
            found = connection.execute(still.with_for_update(of=runs)).first()
            if training is None or found is None:
                return False
            checkpoints = self.checkpoints  # read in the transaction, before a restore
            connection.execute(delete(runs).where(runs.c.id == old.id))
            unused = joining.remove_unused(connection, training)
        if unused:
            checkpoints.discard(training)
        with log_context(run=old.id, task=old.task):
            log.info("run %s removed, %d bytes", old.id, old.size)
        return True

    def remove_ended_classes(self) -> None:
        """Remove ended classes with their names, and outdated class requests."""
        with self.store.engine.begin() as connection:
            connection.execute(delete(classes).where(classes.c.ends <= time.time()))
            forget_requests(connection)

    def _remove_empty_searches(self) -> None:
        """Remove searches without a run."""
        used = select(trainings.c.study).where(trainings.c.study.is_not(None))
        useless = studies.c.id.not_in(used), studies.c.id.not_in(_searching())
        with self.store.engine.begin() as connection:
            connection.execute(delete(studies).where(*useless))

    def _remove_old_paths(self) -> None:
        """Remove old progress on the guided path."""
        if (days := self.site.keep_days) is not None:
            oldest = time.time() - max(days * DAY, IN_USE_SECONDS)
            with self.store.engine.begin() as connection:
                connection.execute(delete(paths).where(paths.c.changed < oldest))

    def remove_orphans(self) -> None:
        """Remove checkpoints without a training, such as those of deleted searches.

        Files of other installations stay.
        """
        checkpoints = self.checkpoints
        # Read first: a checkpoint follows its training.
        saved = checkpoints.sizes().keys()
        if not saved:
            return
        known = {row.id for row in self.store.rows(select(trainings.c.id))}
        for training in saved - known:
            checkpoints.discard(training)


def _held_by_last(those: Sequence[OldRun], size: int) -> list[OldRun]:
    """Add a training's size to the run of it that is removed last."""
    last = max(those, key=lambda old: (not old.deleted, old.last_used))
    return [replace(old, size=old.size + size * (old is last)) for old in those]


def _searching() -> Select[str]:
    """Select the unfinished studies, whose runs are still needed."""
    return select(studies.c.id).where(studies.c.status.in_(SEARCHING))


def _deleted_for_good() -> ColumnElement[bool]:
    return runs.c.deleted < time.time() - UNDO_SECONDS


def _runs_with_sizes() -> Select[str, str, str, str, float, bool, int]:
    """Select all runs with their bytes, least recently used first, in one statement."""
    snapshot = func.coalesce(func.length(points.c.snapshot), 0)
    content = _sums(files, func.length(files.c.content))
    snapshots = _sums(points, func.length(points.c.metrics) + snapshot)
    searched = _shares_of_data()
    stored = (
        func.coalesce(content.c.size, 0)
        + func.coalesce(snapshots.c.size, 0)
        + func.coalesce(searched.c.size, 0)
    )
    return (
        select(
            runs.c.id,
            trainings.c.task,
            trainings.c.id,
            trainings.c.status,
            LAST_USED,
            _deleted_for_good(),
            stored,
        )
        .select_from(RUNS)
        .outerjoin(reads, reads.c.run == runs.c.id)
        .outerjoin(content, content.c.training == trainings.c.id)
        .outerjoin(snapshots, snapshots.c.training == trainings.c.id)
        .outerjoin(searched, searched.c.study == trainings.c.study)
        .order_by(LAST_USED)
    )


def _sums(table: Table, size: ColumnElement[int]) -> Subquery:
    summed = select(table.c.training, func.sum(size).label("size"))
    return summed.group_by(table.c.training).subquery()


def _shares_of_data() -> Subquery:
    """Select the size of each search's data, divided by its trainings."""
    size = func.max(func.length(studies.c.data)) // func.count()
    shared = select(trainings.c.study, size.label("size"))
    return (
        shared.join(studies, studies.c.id == trainings.c.study)
        .group_by(trainings.c.study)
        .subquery()
    )
