"""What an administrator sees of an installation, and may do to it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import psutil
from sqlalchemy import text

from core.logs import about
from core.runs import Platform
from core.runs.cleaning import Cleaner, Plan
from core.runs.run import Run
from core.runs.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One worker, and the run that it trains, if any."""

    name: str
    address: str
    memory: int  # bytes
    run: Run | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """An installation at one moment. Sizes in bytes; counts by status.

    `workers` is None where no scheduler answers.
    """

    workers: Sequence[Worker] | None
    training: Sequence[Run]
    queue: Sequence[Run]
    failures: Sequence[Run]
    counts: dict[str, int]
    web_memory: int
    store_size: int
    checkpoints_size: int


class Admin:
    """The administrator's view of a platform: everybody's runs, but not their data.

    Parameters
    ----------
    platform
        What to look at.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform, self.store = platform, platform.store
        self.cleaner = Cleaner(platform.site, platform.store)

    def overview(self) -> Overview:
        """Look at everything once."""
        active = [run for _, run in self.store.active()]
        return Overview(
            workers=self._workers({run.id: run for run in active}),
            training=[run for run in active if run.status == "running"],
            queue=[run for run in active if run.status == "queued"],
            failures=self.store.failures(),
            counts=self.store.counts(),
            web_memory=psutil.Process().memory_info().rss,
            store_size=_size(self.store),
            checkpoints_size=sum(self.cleaner.checkpoints.sizes().values()),
        )

    def stop(self, run_id: str) -> None:
        """Stop anybody's run; it ends soon."""
        with about(run=run_id):
            log.warning("run %s stopped by the administrator", run_id)
        self.store.request_any_stop(run_id)
        self.platform.supervisor.wake()

    def clean(self) -> Plan:
        """Remove old runs now."""
        return self.cleaner.clean()

    def _workers(self, active: dict[str, Run]) -> list[Worker] | None:
        view = self.platform.supervisor.view
        if view is None:
            return None
        has = {worker: run_id for run_id, (_, worker) in view.tasks.items() if worker}
        return [
            Worker(
                name=view.names.get(address, address),
                address=address,
                memory=memory,
                run=active.get(has.get(address, "")),
            )
            for address, memory in sorted(view.workers.items())
        ]


def _size(store: Store) -> int:
    """Return what the store takes on the disk, as the database itself counts."""
    queries = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count, "
        "pragma_page_size",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    query = text(queries[store.engine.dialect.name])
    with store.engine.connect() as connection:
        reading = connection.execution_options(reading=True)
        return int(reading.execute(query).scalar_one())
