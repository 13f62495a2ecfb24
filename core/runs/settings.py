"""The settings of an installation: its folders, addresses and limits."""

import contextlib
import difflib
import logging
import math
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from distributed import Security
from fsspec import get_filesystem_class
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from core.cli import exit_on_user_error
from core.task import UserError

log = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
PRIVATE = 0o077  # umask: files are for the installation's account only
OTHERS = stat.S_IRWXG | stat.S_IRWXO
HOME_FILES = (
    "runs.sqlite*",
    "checkpoints",
    "dask",
    "prices",
    "yahoo",
    "cluster.*",
    "scheduler.*",
    "worker.pid",
)
TOKEN_LENGTH = 16  # characters at least, against guessing over the network
NO_LIMIT = "none"
VARIABLES = (
    "UNROLLED_HOME",
    "UNROLLED_CHECKPOINTS",
    "UNROLLED_PRIORITY",
    "UNROLLED_RUN_SECONDS",
    "UNROLLED_QUEUED",
    "UNROLLED_OPEN_PAGES",
    "UNROLLED_IDLE_MINUTES",
    "UNROLLED_KEEP_DAYS",
    "UNROLLED_KEEP_MB",
    "UNROLLED_LOG",
    "UNROLLED_HOSTS",
    "UNROLLED_ADMIN_TOKEN",
    "UNROLLED_SIGN_IN_SECRET",
)
# A name or an address, perhaps with a port, as in a Host header
HOST = re.compile(
    r"([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(:\d+)?", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Site:
    """One installation, read from the environment."""

    # Folder of the logs, and of store and checkpoints unless these are configured
    # (`UNROLLED_HOME`)
    home: Path
    database_url: str  # SQLAlchemy address of the store (`DATABASE_URL`)
    # Address of an existing Dask scheduler (`DASK_SCHEDULER_ADDRESS`); None: a local
    # cluster is started on demand
    scheduler: str | None = None
    # fsspec URL of the checkpoints (`UNROLLED_CHECKPOINTS`), such as
    # `file:///shared/checkpoints`; None: in the home folder
    checkpoint_url: str | None = None
    # Of trainings on this machine (`UNROLLED_PRIORITY`): "idle", only unused processor
    # time, "low", always a small share, or "usual", that of the dashboard
    priority: str = "idle"
    # Longest time one run may train before it is stopped (`UNROLLED_RUN_SECONDS`)
    run_seconds: float = 600
    # Minutes without a run after which the local cluster ends (`UNROLLED_IDLE_MINUTES`)
    idle_minutes: float = 30
    queued_per_owner: int = 3  # queued runs of one person besides the one that trains
    # Queued runs of all people (`UNROLLED_QUEUED`): needed because a new owner's token
    # costs nothing
    queued_in_all: int = 200
    open_pages: int = 500  # open pages of one network address (`UNROLLED_OPEN_PAGES`)
    attempts: int = 6  # starts without progress before a run counts as failed
    # Days after its last use that a finished run is kept (`UNROLLED_KEEP_DAYS`); None:
    # for ever
    keep_days: float | None = None
    # Megabytes of all runs above which the least recently used finished ones are
    # removed (`UNROLLED_KEEP_MB`); None: no limit
    keep_mb: float | None = 2000
    # Names in the addresses of the dashboard, besides this machine's (`UNROLLED_HOSTS`)
    hosts: tuple[str, ...] = ()
    # Password of the admin page (`UNROLLED_ADMIN_TOKEN`); None disables the page
    admin_token: str | None = field(default=None, repr=False)
    # Known to the proxy that signs users in (`UNROLLED_SIGN_IN_SECRET`); None: a
    # browser's cookie is the owner
    sign_in_secret: str | None = field(default=None, repr=False)

    @property
    def checkpoints(self) -> str:
        """Folder or URL of the checkpoints, shared by all workers."""
        return self.checkpoint_url or str(self.home / "checkpoints")

    @classmethod
    def from_env(cls, *, create: bool = True) -> "Site":
        """Read the environment; `create` the home folder, for this account only.

        Sets the umask of the process accordingly.
        """
        home = _home(create)
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'runs.sqlite'}"
        _choice("UNROLLED_LOG", "text", "json")
        return cls(
            home=home,
            database_url=_database(url),
            scheduler=_scheduler(),
            checkpoint_url=_checkpoint_url(),
            priority=_choice("UNROLLED_PRIORITY", "idle", "low", "usual"),
            run_seconds=_number("UNROLLED_RUN_SECONDS", cls.run_seconds, 1, 604_800),
            idle_minutes=_number("UNROLLED_IDLE_MINUTES", cls.idle_minutes, 1, 10_080),
            queued_in_all=_whole("UNROLLED_QUEUED", cls.queued_in_all, 1, 100_000),
            open_pages=_whole("UNROLLED_OPEN_PAGES", cls.open_pages, 1, 100_000),
            keep_days=_limit("UNROLLED_KEEP_DAYS", cls.keep_days, 36_500),
            keep_mb=_limit("UNROLLED_KEEP_MB", cls.keep_mb, 1e9),
            hosts=_hosts(),
            admin_token=_secret("UNROLLED_ADMIN_TOKEN"),
            sign_in_secret=_secret(  # is in a file of the proxy as well
                "UNROLLED_SIGN_IN_SECRET", "[A-Za-z0-9]", "letters and digits"
            ),
        )


def checked_environment(*, create: bool = True) -> Site:
    """Read the environment; exit with one line and status 2 if it is wrong.

    The first step of every command.
    """
    return exit_on_user_error("unrolled", lambda: Site.from_env(create=create))


def warn_of_unknown_variables() -> None:
    """Log the names in the environment that look like settings and are none."""
    for name in sorted(os.environ):
        if name.startswith("UNROLLED_") and name not in VARIABLES:
            (nearest,) = difflib.get_close_matches(name, VARIABLES, n=1, cutoff=0)
            log.warning(
                "%s is not a setting and has no effect. Did you mean %s?", name, nearest
            )


def hostname(host: str) -> str:
    """Return the name in a Host header or in `UNROLLED_HOSTS`, or an empty text."""
    try:
        return (urlsplit(f"//{host.strip()}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _home(create: bool) -> Path:
    """Return the home folder, made private; `create` it if missing."""
    home = Path(os.environ.get("UNROLLED_HOME") or PROJECT / ".unrolled").resolve()
    os.umask(PRIVATE)
    try:
        if create:
            home.mkdir(parents=True, exist_ok=True)
        elif not home.exists():
            return home
        mode = home.stat().st_mode
    except OSError as error:
        raise UserError(
            f"UNROLLED_HOME: expected a folder, or where one can be made, got {home}: "
            f"{error.strerror}."
        ) from error
    if mode & stat.S_ISVTX:
        raise UserError(
            f"UNROLLED_HOME: expected a folder of its own, got {home}, where all "
            "accounts write. Name a folder in it."
        )
    if mode & OTHERS:
        _make_private(home)
    return home


def _make_private(home: Path) -> None:
    """Remove the rights of other accounts to a home folder and its files."""
    found = [path for pattern in HOME_FILES for path in home.glob(pattern)]
    inside = [path for folder in found if folder.is_dir() for path in folder.rglob("*")]
    try:
        for path in (home, *found, *inside):
            with contextlib.suppress(FileNotFoundError):  # checkpoint already removed
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode & 0o7777 & ~OTHERS)
    except OSError as error:
        log.warning("other accounts may read %s: %s", home, error.strerror)


def _number(name: str, default: float, low: float, high: float) -> float:
    """Return a number from the environment."""
    given = os.environ.get(name) or str(default)
    try:
        number = float(given)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise UserError(
            f"{name}: expected a number from {low:,.10g} to {high:,.10g}, got "
            f"{given!r}."
        )
    return number


def _whole(name: str, default: int, low: int, high: int) -> int:
    number = _number(name, default, low, high)
    if not number.is_integer():
        raise UserError(f"{name}: expected a whole number, got {os.environ[name]!r}.")
    return int(number)


def _limit(name: str, default: float | None, most: float) -> float | None:
    """Return a limit of clean-up, or None for no limit."""
    given = os.environ.get(name) or (NO_LIMIT if default is None else str(default))
    if given == NO_LIMIT:
        return None
    try:
        number = float(given)
    except ValueError:
        number = math.nan
    if not 0 < number <= most:
        raise UserError(
            f"{name}: expected a number above 0, at most {most:,.10g}, or {NO_LIMIT} "
            f"for no limit, got {given!r}."
        )
    return number


def _choice(name: str, *options: str) -> str:
    """Return one of the options; the first one is the default."""
    given = os.environ.get(name) or options[0]
    if given not in options:
        raise UserError(f"{name}: expected {' or '.join(options)}, got {given!r}.")
    return given


def _hosts() -> tuple[str, ...]:
    given = os.environ.get("UNROLLED_HOSTS", "").split(",")
    listed = [host.strip() for host in given if host.strip()]
    for host in listed:
        if not HOST.fullmatch(host):
            raise UserError(
                "UNROLLED_HOSTS: expected names such as class.example, separated by "
                f"commas, got {host!r}. Leave out https:// and paths, and write each "
                "name in full."
            )
    return tuple(map(hostname, listed))


def _secret(name: str, allowed: str = ".", words: str = "characters") -> str | None:
    given = os.environ.get(name) or None
    if given and not re.fullmatch(rf"{allowed}{{{TOKEN_LENGTH},}}", given):
        raise UserError(
            f"{name}: expected at least {TOKEN_LENGTH} {words}, got {len(given)} "
            f"characters. `openssl rand -hex {TOKEN_LENGTH}` prints some."
        )
    return given


def _has_host_and_port(address: str) -> bool:
    """Whether an address of Dask is complete. Without a protocol it means tcp."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        return parts.scheme in ("tcp", "tls") and bool(parts.hostname and parts.port)
    except ValueError:  # a port that is no number
        return False


def _scheduler() -> str | None:
    """Return the address of a scheduler; for tls:// check that keys are configured."""
    address = os.environ.get("DASK_SCHEDULER_ADDRESS") or None
    if address and not _has_host_and_port(address):
        raise UserError(
            "DASK_SCHEDULER_ADDRESS: expected an address such as tls://host:8786 "
            f"or tcp://host:8786, got {address!r}."
        )
    encrypted = (address or "").startswith("tls://")
    if encrypted and not Security().get_connection_args("client").get("ssl_context"):
        raise UserError(
            f"DASK_SCHEDULER_ADDRESS: {address} needs TLS keys. Set "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ..._TLS__CLIENT__CERT and "
            "..._TLS__CLIENT__KEY, or name a scheduler at tcp://."
        )
    return address


def _checkpoint_url() -> str | None:
    """Return the URL of the checkpoints, if fsspec can open it on other machines."""
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


def _database(url: str) -> str:
    """Add the installed PostgreSQL driver to an address, and check its scheme."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    try:
        known = make_url(url).drivername in ("sqlite", "postgresql+psycopg")
    except ArgumentError:
        known = False
    if not known:  # the address may contain a password
        raise UserError(
            "DATABASE_URL: expected an address such as postgresql://user@host/name or "
            f"sqlite:////folder/runs.sqlite, got one that begins with "
            f"{url.partition(':')[0][:20]!r}."
        )
    return url
