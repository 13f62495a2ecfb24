"""The administrator's view of an installation, and operations on all runs."""

import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import psutil
from sqlalchemy import text

from core.logs import log_context
from core.runs import Platform
from core.runs.run import Training
from core.runs.settings import Site
from core.runs.store import Store
from core.runs.store.cleaning import Cleaner, Plan

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One worker, and its training, if any."""

    name: str
    address: str
    memory: int  # bytes
    run: Training | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The state of an installation. Sizes in bytes; counts by status.

    `workers` is None without a scheduler.
    """

    workers: Sequence[Worker] | None
    training: Sequence[Training]
    queue: Sequence[Training]
    failures: Sequence[Training]
    counts: dict[str, int]
    web_memory: int
    store_size: int
    checkpoints_size: int


class Admin:
    """The administrator's view of a platform: runs of all owners, without data."""

    def __init__(self, platform: Platform) -> None:
        self.platform, self.store = platform, platform.store
        self.cleaner = Cleaner(platform.site, platform.store)

    def overview(self) -> Overview:
        """Read the present state."""
        active = [run for _, run in self.store.active()]
        return Overview(
            workers=self._workers({run.id: run for run in active}),
            training=[run for run in active if run.status == "running"],
            queue=[run for run in active if run.status == "queued"],
            failures=self.store.failures(),
            counts=self.store.counts(),
            web_memory=psutil.Process().memory_info().rss,
            store_size=_store_size(self.store),
            checkpoints_size=sum(self.cleaner.checkpoints.sizes().values()),
        )

    def stop(self, run_id: str) -> None:
        """Stop a run of any owner."""
        with log_context(run=run_id):
            log.warning("run %s stopped by the administrator", run_id)
        self.store.request_any_stop(run_id)
        self.platform.supervisor.wake()

    def clean(self) -> Plan:
        """Remove old runs now."""
        return self.cleaner.clean()

    def _workers(self, active: dict[str, Training]) -> list[Worker] | None:
        view = self.platform.supervisor.view
        if view is None:
            return None
        trains = {worker: run_id for run_id, (_, worker) in view.tasks.items()}
        return [
            Worker(
                name=view.names.get(address, address),
                address=address,
                memory=memory,
                run=active.get(trains.get(address, "")),
            )
            for address, memory in sorted(view.workers.items())
        ]


def is_admin_token(site: Site, token: str) -> bool:
    """Whether a token is the administrator's. The comparison takes constant time."""
    expected = (site.admin_token or "").encode("utf-8", "surrogateescape")
    given = token.encode("utf-8", "surrogatepass")
    return bool(expected) and hmac.compare_digest(given, expected)


def _store_size(store: Store) -> int:
    """Return the size of the store on the disk, as reported by the database."""
    queries = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count, "
        "pragma_page_size",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    query = text(queries[store.engine.dialect.name])
    with store.engine.connect() as connection:
        reading = connection.execution_options(reading=True)
        return int(reading.execute(query).scalar_one())
