"""Old runs are removed: by age, by their size in all, and those that were deleted."""

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
from core.runs.store.curation import UNDO_SECONDS
from core.runs.store.joining import RUNS, trainings
from core.runs.store.limits import ROW_BYTES, forget_requests
from core.runs.store.schema import (
    classes,
    files,
    paths,
    points,
    reads,
    runs,
    studies,
)
from core.runs.store.store import Store

log = logging.getLogger(__name__)

DAY, MEGABYTE = 86_400.0, 2**20
IN_USE_SECONDS = 3_600.0  # a run that was read since then may be on a page
BATCH = 50  # runs that the supervisor removes at a time

# Whoever asks for a training that has ended gets one that is older than the request.
FINISHED = trainings.c.finished
ENDED = case((runs.c.created < FINISHED, FINISHED), else_=runs.c.created)
LAST_USED = case((reads.c.at > ENDED, reads.c.at), else_=ENDED)


@dataclass(frozen=True)
class OldRun:
    """A finished run: when it was last of use to somebody, and what goes with it."""

    id: str
    task: str
    training: str
    last_used: float
    size: int
    deleted: bool  # so long ago that it no longer comes back


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be removed, least recently used first, out of how much."""

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

    Several may work at once: each run is removed in a transaction of its own that
    looks once more whether it may be. What others follow of it is handed over to them.
    The site's `keep_days` and `keep_mb` say what is kept; a limit of None removes
    nothing but what its owner deleted.
    """

    def __init__(self, site: Site, store: Store) -> None:
        self.site, self.store = site, store

    @property
    def checkpoints(self) -> Checkpoints:
        """Those of the store as it is now: a restore puts others in their place."""
        return Checkpoints(self.site.checkpoints, self.store.installation())

    @property
    def wanted(self) -> bool:
        """Whether there is a limit, or a deleted run to remove."""
        if (self.site.keep_days, self.site.keep_mb) != (None, None):
            return True
        with self.store.engine.connect() as raw:
            connection = raw.execution_options(reading=True)
            query = select(runs.c.id).where(_deleted_for_good()).limit(1)
            return connection.execute(query).first() is not None

    def plan(self) -> Plan:
        """Choose the runs to remove, without removing any.

        All is read at one moment: with the sizes of one and the runs of another,
        a cleaner beside another one would remove too many.
        """
        saved = self.checkpoints.sizes()  # of a run that is there next: whole
        with self.store.engine.connect() as raw:
            connection = raw.execution_options(reading=True)
            rows = connection.execute(_runs_with_sizes()).all()
        total, trainings = 0, defaultdict[str, list[OldRun]](list)
        for run_id, task, training, status, used, gone, stored in rows:
            size = int(stored) + saved.get(run_id, 0)
            total += ROW_BYTES + size
            if status not in ACTIVE:
                old = OldRun(run_id, task, training, used, size, deleted=bool(gone))
                trainings[training].append(old)
        finished = [_held_by_last(those) for those in trainings.values()]
        return Plan(removed=self._choose(finished, total), total=total)

    def clean(self, most: int | None = None) -> Plan:
        """Remove what is to be removed, at most so many; return what was."""
        plan = self.plan()
        removed = [old for old in plan.removed[:most] if self._remove(old)]
        self._remove_empty_searches()
        self._remove_old_paths()
        self.remove_orphans()
        if removed:
            log.info("cleaned up: %d runs", len(removed))
        return Plan(removed=removed, total=plan.total)

    def _choose(
        self, trainings: Sequence[Sequence[OldRun]], total: int
    ) -> list[OldRun]:
        """Choose among the finished runs of each training, which are ordered by use."""
        days, megabytes = self.site.keep_days, self.site.keep_mb
        most = float("inf") if megabytes is None else megabytes * MEGABYTE
        idle = time.time() - IN_USE_SECONDS
        oldest = float("-inf") if days is None else time.time() - days * DAY
        chosen: list[OldRun] = []
        kept = []
        for those in trainings:
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
        # What others follow goes after them: then there is nothing to hand over.
        last = {old.training: old.last_used for old in chosen}
        return sorted(
            chosen,
            key=lambda old: (last[old.training], old.training, old.id == old.training),
        )

    def _remove(self, old: OldRun) -> bool:
        """Remove a run unless it was resumed, read or removed in the meantime."""
        useless = _deleted_for_good() if old.deleted else old.last_used >= LAST_USED
        still = (
            select(runs.c.id)
            .select_from(RUNS)
            .outerjoin(reads, reads.c.run == runs.c.id)
            .where(
                runs.c.id == old.id,
                trainings.c.status.not_in(ACTIVE),
                or_(runs.c.study.is_(None), runs.c.study.not_in(_searching())),
                useless,
            )
        )
        with self.store.engine.begin() as connection:
            # Its state is in another row, which is not to change from here on.
            joining.lock_training(connection, old.id)
            if not connection.execute(still.with_for_update(of=runs)).first():
                return False
            checkpoints = self.checkpoints  # which a restore cannot replace before
            joining.hand_over(connection, old.id, checkpoints.copy)
            connection.execute(delete(runs).where(runs.c.id == old.id))
        checkpoints.discard(old.id)
        with log_context(run=old.id, task=old.task):
            log.info("run %s removed, %d bytes", old.id, old.size)
        return True

    def remove_ended_classes(self) -> None:
        """Remove ended classes with all their names, whatever else is kept.

        And what the limits of classes no longer need of requests.
        """
        with self.store.engine.begin() as connection:
            connection.execute(delete(classes).where(classes.c.ends <= time.time()))
            forget_requests(connection)

    def _remove_empty_searches(self) -> None:
        """Remove searches without a run."""
        with_runs = select(runs.c.study).where(runs.c.study.is_not(None))
        useless = studies.c.id.not_in(with_runs), studies.c.id.not_in(_searching())
        with self.store.engine.begin() as connection:
            connection.execute(delete(studies).where(*useless))

    def _remove_old_paths(self) -> None:
        """Remove how far people were on the path who have not gone on with it."""
        if (days := self.site.keep_days) is not None:
            oldest = time.time() - max(days * DAY, IN_USE_SECONDS)
            with self.store.engine.begin() as connection:
                connection.execute(delete(paths).where(paths.c.changed < oldest))

    def remove_orphans(self) -> None:
        """Remove checkpoints without a run: those of a search that was deleted.

        Or of a run whose clean-up was killed before it removed them. Files of unknown
        installations stay.
        """
        checkpoints = self.checkpoints
        saved = checkpoints.in_folder()  # before the runs: theirs come after them
        if not saved:
            return
        with self.store.engine.connect() as raw:
            connection = raw.execution_options(reading=True)
            known = set(connection.execute(select(runs.c.id)).scalars())
        for run_id in saved - known:
            checkpoints.discard(run_id)


def _held_by_last(those: Sequence[OldRun]) -> list[OldRun]:
    """Count what the runs of a training share for the one that is removed last."""
    last = max(those, key=lambda old: (not old.deleted, old.last_used))
    size = sum(old.size for old in those)
    return [
        replace(old, size=ROW_BYTES + (size if old is last else 0)) for old in those
    ]


def _searching() -> Select[str]:
    """Select the studies that go on: they may need their trials' runs again."""
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
            runs.c.task,
            trainings.c.id,
            trainings.c.status,
            LAST_USED,
            _deleted_for_good(),
            stored,
        )
        .select_from(RUNS)
        .outerjoin(reads, reads.c.run == runs.c.id)
        .outerjoin(content, content.c.run == runs.c.id)
        .outerjoin(snapshots, snapshots.c.run == runs.c.id)
        .outerjoin(searched, searched.c.study == runs.c.study)
        .order_by(LAST_USED)
    )


def _sums(table: Table, size: ColumnElement[int]) -> Subquery:
    summed = select(table.c.run, func.sum(size).label("size"))
    return summed.group_by(table.c.run).subquery()


def _shares_of_data() -> Subquery:
    """Select what each run of a search holds of its data, which go with the last."""
    size = func.max(func.length(studies.c.data)) // func.count()
    shared = select(runs.c.study, size.label("size"))
    return (
        shared.join(studies, studies.c.id == runs.c.study)
        .group_by(runs.c.study)
        .subquery()
    )
