"""Readiness probe, such as for a load balancer: whether a training can run."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from sqlalchemy import Column, Engine, LargeBinary, MetaData, Table, insert

from core.runs.cluster import Cluster, View
from core.runs.run import MissingStoreError, SchemaError, StoreError
from core.runs.settings import Site
from core.runs.store import Store
from core.runs.store.checkpoints import write_a_byte

ANSWER_SECONDS = 4.0  # timeout of each check
PROBE_BYTES = 2**22  # more than SQLite caches before it writes to the disk
OK = "ok"
MISSING = "missing"
ON_DEMAND = "starts when needed"


@dataclass(kw_only=True)
class Readiness:
    """The outcome of the checks."""

    # "ok", or the error; the store may be "missing"
    store: str = OK
    schema: str = OK
    checkpoints: str = OK
    scheduler: str = OK
    workers: int | None = None  # number of workers, None if unknown
    # Numbers of queued and running trainings, None if unknown
    queue: int | None = None
    training: int | None = None
    # Duration of the checks; until they finish, the time of their start
    seconds: float = field(default_factory=time.monotonic)

    @property
    def ready(self) -> bool:
        """Whether a training that is requested now will run."""
        can_store = self.store == self.schema == self.checkpoints == OK
        answers = can_store and self.scheduler in (OK, ON_DEMAND)
        return answers and (self.scheduler == ON_DEMAND or self.workers != 0)

    def summary(self) -> dict[str, object]:
        """Return the outcome as it is printed."""
        return {"ready": self.ready, **asdict(self)}


def check_readiness(site: Site) -> Readiness:
    """Check store, checkpoints and scheduler, each with a timeout."""
    found = Readiness()
    found.store = _with_timeout(lambda: _check_store(site, found), "the store")
    if found.store != MISSING:
        found.checkpoints = _with_timeout(
            lambda: _check_checkpoints(site), "their place"
        )
    found.scheduler = _with_timeout(
        lambda: _check_cluster(site, found), "the scheduler"
    )
    if found.store != OK:
        found.schema = "unknown"
    found.seconds = round(time.monotonic() - found.seconds, 2)
    return found


def _check_store(site: Site, found: Readiness) -> str:
    store = Store(site.database_url, create=False)
    try:
        counts = store.counts()
        found.queue = counts.get("queued", 0)
        found.training = counts.get("running", 0)
        _write_and_roll_back(store.engine)
    except MissingStoreError:
        return MISSING
    except SchemaError as error:
        found.schema = str(error)
    except StoreError as error:
        return str(error)
    finally:
        store.close()
    return OK


def _write_and_roll_back(engine: Engine) -> None:
    """Write a table that needs room on the disk, and undo it."""
    name = f"readiness_{secrets.token_hex(4)}"
    table = Table(name, MetaData(), Column("content", LargeBinary))
    with engine.connect() as connection:
        table.create(connection)
        content = secrets.token_bytes(PROBE_BYTES)
        connection.execute(insert(table).values(content=content))
        connection.rollback()


def _check_checkpoints(site: Site) -> str:
    write_a_byte(site.checkpoints)
    return OK


def _check_cluster(site: Site, found: Readiness) -> str:
    cluster = Cluster(site)
    if cluster.local and not cluster.local.address():
        return ON_DEMAND
    try:
        if not cluster.connect(start=False):
            return f"does not answer at {site.scheduler or 'its address'}"
        view: View = cluster.view()
        found.workers = len(view.workers)
        if not view.workers and cluster.local:  # workers start after the scheduler
            return ON_DEMAND
    finally:
        cluster.close()
    return OK


def _with_timeout(check: Callable[[], str], what: str) -> str:
    """Return the outcome of a check: a paused server times out instead of refusing."""
    answers: list[str] = []

    def run() -> None:
        try:
            answers.append(check())
        except Exception as error:  # any error is an outcome
            reason = getattr(error, "strerror", None) or type(error).__name__
            answers.append(f"failed ({reason})")

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    return answers[0] if answers else f"{what} did not answer in {ANSWER_SECONDS:g} s"
