"""Studies: searches for settings, whose trials are runs."""

import json
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    false,
    insert,
    or_,
    select,
    update,
)

from core.runs.run import PRUNED, SEARCHING, Run
from core.runs.store.joining import end_trainings
from core.runs.store.limits import address_key, check_searches
from core.runs.store.schema import points, runs, studies, trainings
from core.runs.store.store import (
    QUEUE_LOCK,
    RUN_ID,
    Store,
    as_run,
    owner_key,
    select_runs,
)
from core.task import Scalar, Settings

MINUTE = 60.0


@dataclass(frozen=True, kw_only=True)
class Study:
    """One search: its plan, its state and its findings.

    `config` and `plan` are JSON. `status` is "running" or "confirming", then "stopped",
    "done" or "failed". `seconds` is the time before it was last resumed, `until` the
    end of its time budget. `summary` is written by `core.runs.search.engine`. Times are
    seconds since 1970, UTC.
    """

    id: str
    task: str
    title: str
    config: str
    plan: str
    status: str
    created: float
    finished: float | None
    seconds: float
    until: float | None
    error: str | None
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether it is unfinished."""
        return self.status in SEARCHING

    @property
    def settings(self) -> dict[str, Scalar]:
        """The settings that it starts from, by name."""
        settings: dict[str, Scalar] = json.loads(self.config)
        return settings

    @property
    def minutes(self) -> float:
        """The time budget of its trials."""
        return float(json.loads(self.plan)["extent"]["minutes"])

    @property
    def elapsed(self) -> float:
        """Seconds since its start, without pauses."""
        if self.until is None:
            return self.seconds
        return self.minutes * MINUTE - (self.until - time.time())


COLUMNS = [studies.c[name] for name in Study.__dataclass_fields__]


class Studies:
    """The searches in a store. Methods that take an owner ignore those of others."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def create(
        self,
        owner: str,
        task: str,
        config: Settings,
        *,
        title: str,
        data: bytes,
        plan: str,
        minutes: float,
        address: str | None = None,
    ) -> str:
        """Start a search and return its id; a LimitError if the owner has another."""
        now = time.time()
        values = {
            "id": secrets.token_hex(16),
            "task": task,
            "owner": owner_key(owner),
            "address": address_key(address),
            "title": title.replace("\0", ""),
            "config": config.to_json(),
            "plan": plan,
            "status": "running",
            "created": now,
            "until": now + minutes * MINUTE,
            "data": data,
        }
        self.store.check_stored_bytes(owner, address, len(data))
        with self.store.locked(QUEUE_LOCK) as connection:
            check_searches(connection, owner_key(owner), address_key(address))
            connection.execute(insert(studies).values(values))
        return str(values["id"])

    def get(self, owner: str, study_id: str) -> Study | None:
        """Return the owner's study, or None."""
        query = select(*COLUMNS).where(*_owned_by(owner, study_id))
        row = self.store.first(query)
        return _as_study(row) if row else None

    def of_owner(self, owner: str) -> list[Study]:
        """Return the owner's 100 newest studies, newest first."""
        query = select(*COLUMNS).where(studies.c.owner == owner_key(owner))
        newest = query.order_by(studies.c.created.desc()).limit(100)
        return [_as_study(row) for row in self.store.rows(newest)]

    def active(self) -> list[Study]:
        """Return the unfinished studies of all owners, oldest first."""
        query = select(*COLUMNS).where(studies.c.status.in_(SEARCHING))
        oldest = query.order_by(studies.c.created)
        return [_as_study(row) for row in self.store.rows(oldest)]

    def data(self, owner: str, study_id: str) -> bytes | None:
        """Return the encoded data of the owner's study, or None."""
        query = select(studies.c.data).where(*_owned_by(owner, study_id))
        row = self.store.first(query)
        return bytes(row.data) if row else None

    def runs(self, study_id: str) -> list[Run]:
        """Return the runs of a study, by trial."""
        query = select_runs().where(trainings.c.study == study_id)
        rows = self.store.rows(query.order_by(trainings.c.trial))
        return [as_run(row) for row in rows]

    def curves(
        self, run_ids: Iterable[str], metric: str
    ) -> dict[str, tuple[float, ...]]:
        """Return a metric of each run after each of its epochs, by run id."""
        found: dict[str, list[float]] = {run_id: [] for run_id in run_ids}
        query = (
            select(points.c.training, points.c.metrics)
            .where(points.c.training.in_(found))
            .order_by(points.c.training, points.c.epoch)
        )
        for run_id, metrics in self.store.rows(query):
            if (value := json.loads(metrics).get(metric)) is not None:
                found[run_id].append(value)
        return {run_id: tuple(curve) for run_id, curve in found.items()}

    def advance(
        self,
        study: Study,
        *,
        new_runs: Sequence[Mapping[str, Any]],
        status: str,
        summary: Mapping[str, Any],
        error: str | None = None,
    ) -> None:
        """Queue runs of an unfinished study, and write its summary.

        Safe to call concurrently: ids of runs are deterministic, and a study whose
        status has changed is left alone. A new status stops the unfinished trials.
        """
        now = time.time()
        ended = status not in SEARCHING
        changes = {
            "status": status,
            "summary": json.dumps(summary),
            "error": error,
            **(
                {"finished": now, "seconds": study.elapsed, "until": None}
                if ended
                else {}
            ),
        }
        with self.store.locked(QUEUE_LOCK) as connection:
            still = update(studies).where(
                studies.c.id == study.id,
                studies.c.status == study.status,
                studies.c.until == study.until,
            )
            changed = connection.execute(still.values(changes))
            if not changed.rowcount:
                return
            if status != study.status:
                end_trainings(connection, trainings.c.study == study.id)
            self._queue(connection, study, new_runs)

    def _queue(
        self, connection: Connection, study: Study, new: Sequence[Mapping[str, Any]]
    ) -> None:
        ids = [run["id"] for run in new]
        there = select(trainings.c.id).where(trainings.c.id.in_(ids))
        known = set(connection.execute(there).scalars())
        owner = select(studies.c.owner).where(studies.c.id == study.id)
        now = time.time()
        same = {
            "study": study.id,
            "task": study.task,
            "title": study.title,
            "status": "queued",
            "queued": now,
            "until": self.store.seconds,
        }
        theirs = {
            "owner": connection.execute(owner).scalar_one(),
            "created": now,
            "requested": now,
            "joined": False,
        }
        if rows := [run for run in new if run["id"] not in known]:
            connection.execute(insert(trainings), [{**run, **same} for run in rows])
            own = [{"id": run["id"], "training": run["id"], **theirs} for run in rows]
            connection.execute(insert(runs), own)

    def stop(self, owner: str, study_id: str) -> None:
        """Stop a search and its runs; both can be resumed."""
        with self.store.locked(QUEUE_LOCK) as connection:
            study = self._locked(connection, owner, study_id)
            if study is None or not study.active:
                return
            changes = {"status": "stopped", "seconds": study.elapsed, "until": None}
            this = studies.c.id == study_id
            connection.execute(
                update(studies).where(this).values(finished=time.time(), **changes)
            )
            end_trainings(connection, trainings.c.study == study_id)

    def resume(self, owner: str, study_id: str, address: str | None = None) -> None:
        """Resume a stopped search; the limits of new searches apply."""
        with self.store.locked(QUEUE_LOCK) as connection:
            study = self._locked(connection, owner, study_id)
            if study is None or study.status != "stopped":
                return
            check_searches(connection, owner_key(owner), address_key(address))
            left = study.minutes * MINUTE - study.seconds
            confirming = "best" in study.summary
            connection.execute(
                update(studies)
                .where(studies.c.id == study_id)
                .values(
                    status="confirming" if confirming else "running",
                    until=time.time() + left,
                    finished=None,
                    address=address_key(address),
                )
            )
            trials = int(json.loads(study.plan)["extent"]["trials"])
            # Runs that are being stopped leave their workers, which end by themselves.
            stopping = and_(trainings.c.status == "running", trainings.c.stop)
            theirs = update(trainings).where(
                trainings.c.study == study_id,
                trainings.c.trial >= (trials if confirming else 0),
                or_(trainings.c.status == "stopped", stopping),
                or_(trainings.c.error.is_(None), trainings.c.error != PRUNED),
            )
            connection.execute(theirs.values(self.store.queued_again()))

    def delete(self, owner: str, study_id: str) -> None:
        """Remove a search with its runs."""
        with self.store.locked(QUEUE_LOCK) as connection:
            if self._locked(connection, owner, study_id) is not None:
                connection.execute(
                    delete(trainings).where(trainings.c.study == study_id)
                )
                connection.execute(delete(studies).where(studies.c.id == study_id))

    def _locked(
        self, connection: Connection, owner: str, study_id: str
    ) -> Study | None:
        query = select(*COLUMNS).where(*_owned_by(owner, study_id))
        row = connection.execute(query.with_for_update()).first()
        return _as_study(row) if row else None


def _as_study(row: Row[Any]) -> Study:
    values = dict(row._mapping)
    return Study(**{**values, "summary": json.loads(values["summary"] or "{}")})


def _owned_by(owner: str, study_id: str) -> tuple[ColumnElement[bool], ...]:
    if not RUN_ID.fullmatch(study_id):
        return (false(),)
    return studies.c.id == study_id, studies.c.owner == owner_key(owner)
