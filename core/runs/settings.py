"""Where this installation keeps things, and what one person may use."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from distributed.security import Security
from fsspec import get_filesystem_class

from core.task import UserError

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Site:
    """One installation, read from the environment.

    Attributes
    ----------
    home
        Folder of what this machine keeps: the store and the checkpoints, unless
        they are elsewhere, and the logs (`UNROLLED_HOME`).
    database_url
        SQLAlchemy address of the store (`DATABASE_URL`).
    scheduler
        Address of an existing Dask scheduler (`DASK_SCHEDULER_ADDRESS`), or None:
        then a local cluster is started when it is needed.
    checkpoint_url
        Where the checkpoints are, as fsspec knows it (`UNROLLED_CHECKPOINTS`), such
        as `file:///shared/checkpoints`; None: in the home folder.
    priority
        What trainings on this machine get (`UNROLLED_PRIORITY`): "idle", processor
        time that nothing else wants, or "low", a small share in any case.
    run_seconds
        Longest time one run may train before it is stopped (`UNROLLED_RUN_SECONDS`).
    idle_minutes
        Minutes without a run after which the local cluster ends
        (`UNROLLED_IDLE_MINUTES`).
    queued_per_owner
        Runs that one person may have waiting besides the one that trains.
    queued_in_all
        Runs that all people together may have waiting (`UNROLLED_QUEUED`): a new
        owner's token costs nothing, so the limit for one person is none alone.
    attempts
        Starts without any progress between them before a run counts as failed.
    keep_days
        Days after its last use that a finished run is kept (`UNROLLED_KEEP_DAYS`);
        None keeps it for ever.
    keep_mb
        Megabytes that all runs may take before the least recently used finished
        ones are removed (`UNROLLED_KEEP_MB`); None is no limit.
    admin_token
        What opens the admin page (`UNROLLED_ADMIN_TOKEN`); None: there is no such
        page.
    """

    home: Path
    database_url: str
    scheduler: str | None = None
    checkpoint_url: str | None = None
    priority: str = "idle"
    run_seconds: float = 600
    idle_minutes: float = 30
    queued_per_owner: int = 3
    queued_in_all: int = 200
    attempts: int = 6
    keep_days: float | None = None
    keep_mb: float | None = None
    admin_token: str | None = field(default=None, repr=False)

    @property
    def checkpoints(self) -> str:
        """Folder or URL of the checkpoints, seen by every worker."""
        return self.checkpoint_url or str(self.home / "checkpoints")

    @classmethod
    def from_env(cls) -> "Site":
        """Read the environment and make sure that the home folder exists.

        Raises
        ------
        UserError
            If the checkpoints cannot be where they are said to be, there are no keys
            for the scheduler, or the priority is none.
        """
        home = Path(os.environ.get("UNROLLED_HOME") or PROJECT / ".unrolled").resolve()
        home.mkdir(parents=True, exist_ok=True)
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'runs.sqlite'}"
        return cls(
            home=home,
            database_url=_with_driver(url),
            scheduler=_scheduler(),
            checkpoint_url=_checkpoint_url(),
            priority=_priority(),
            run_seconds=float(os.environ.get("UNROLLED_RUN_SECONDS", 600)),
            idle_minutes=float(os.environ.get("UNROLLED_IDLE_MINUTES", 30)),
            queued_in_all=int(os.environ.get("UNROLLED_QUEUED", 200)),
            keep_days=_limit("UNROLLED_KEEP_DAYS"),
            keep_mb=_limit("UNROLLED_KEEP_MB"),
            admin_token=os.environ.get("UNROLLED_ADMIN_TOKEN") or None,
        )


def _scheduler() -> str | None:
    """Return the address of a scheduler, if it can be spoken to in its own way."""
    address = os.environ.get("DASK_SCHEDULER_ADDRESS") or None
    encrypted = (address or "").startswith("tls://")
    if encrypted and not Security().get_connection_args("client").get("ssl_context"):
        raise UserError(
            f"DASK_SCHEDULER_ADDRESS: {address} is spoken to with keys only. Set "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ..._TLS__CLIENT__CERT and "
            "..._TLS__CLIENT__KEY, or name a scheduler at tcp://."
        )
    return address


def _priority() -> str:
    given = os.environ.get("UNROLLED_PRIORITY") or "idle"
    if given not in ("idle", "low"):
        raise UserError(f"UNROLLED_PRIORITY: expected idle or low, got {given!r}.")
    return given


def _limit(name: str) -> float | None:
    given = os.environ.get(name)
    return float(given) if given else None


def _checkpoint_url() -> str | None:
    """Return where the checkpoints are, if fsspec can get there from other machines."""
    given = os.environ.get("UNROLLED_CHECKPOINTS")
    if not given:
        return None
    protocol, marks, path = given.partition("://")
    relative = protocol in ("file", "local") and not path.startswith("/")
    if not marks or protocol == "memory" or relative:
        raise UserError(
            "UNROLLED_CHECKPOINTS: expected the URL of a folder that all workers "
            f"share, such as file:///shared/checkpoints, got {given!r}."
        )
    try:
        get_filesystem_class(protocol)
    except (ValueError, ImportError) as error:
        raise UserError(
            f"UNROLLED_CHECKPOINTS: {given!r} cannot be opened: {error}."
        ) from error
    return given


def _with_driver(url: str) -> str:
    """Name the PostgreSQL driver that is installed, as hosting services do not."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
