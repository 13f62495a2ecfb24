"""A local Dask cluster, which outlives the dashboard."""

import contextlib
import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
from distributed import Security
from filelock import FileLock, Timeout

from core.runs.settings import PRIVATE, PROJECT, Site
from core.version import code_version

log = logging.getLogger(__name__)

WORKER_BYTES = 2 * 2**30  # a worker that needs more memory is ended and restarted
LOG_BYTES = 5 * 2**20  # a longer log is begun again
START_SECONDS = 300  # timeout of a worker's start
END_SECONDS = 5  # timeout of a killed process
SPAWN_SECONDS = 90  # time for the processes of all workers to start
LOST_SECONDS = 30.0  # absence after which a worker that is not starting is lost
LONGEST_WAIT_SECONDS = 3600.0  # longest time between restarts for lost workers
NICENESS = 10
HAS_IDLE = hasattr(os, "SCHED_IDLE")  # True on Linux
LOOPBACK = "127.0.0.1"
KEY_SECONDS = 300 * 86_400  # the keys, valid for a year, are replaced before
# Variables withheld from workers
WEB_ONLY = ("STREAMLIT_", "UNROLLED_ADMIN_TOKEN", "UNROLLED_SIGN_IN_SECRET")
WORKER_PAGES = "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES"  # a list that is set is kept
ENVIRONMENT = {
    # One task a worker; the others stay in the scheduler's queue.
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
    # The store counts crashes, and resets the count after progress.
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1000",
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False",
    # With Dask's limit the allocator returns NumPy's larger arrays to the system after
    # each operation: trainings of the lessons would take twice as long.
    "DASK_DISTRIBUTED__NANNY__PRE_SPAWN_ENVIRON": "{'MALLOC_TRIM_THRESHOLD_': None}",
    # Only the health page: other pages would be open to every account of the machine.
    "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "['distributed.http.health']",
    WORKER_PAGES: "['distributed.http.health']",
    # 50 checks of each event loop a second use more than all else of an idle process.
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_LOGGING__DISTRIBUTED": "warning",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONPATH": str(PROJECT),
}


class LocalCluster:
    """One scheduler and one worker a core, on loopback, shared by all processes.

    Files in the site's home folder lead to it. The scheduler and its workers end after
    a while without tasks.

    Every account of the machine can connect to loopback, and clients of a scheduler can
    run code as its user. So all traffic uses mutual TLS, with keys that are generated
    when the scheduler starts and are readable by this account only.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.scheduler_file = site.home / "scheduler.json"
        self._children: list[subprocess.Popen[bytes]] = []
        self._version = code_version()
        self._version_checked = False
        self._missing_since: float | None = None  # a worker, and nothing starts it
        self._lost_after = LOST_SECONDS

    def address(self) -> str | None:
        """Return the address of the running scheduler, or None."""
        if self._outdated or not self._alive("scheduler"):
            return None
        return self._written_address()

    def security(self) -> Security:
        """Return the TLS keys of a client."""
        certificate, key = map(str, self._keys)
        return Security(
            require_encryption=True,
            tls_ca_file=certificate,
            tls_client_cert=certificate,
            tls_client_key=key,
        )

    def ensure(self) -> None:
        """Start the missing processes, without waiting for them."""
        self._children = [child for child in self._children if child.poll() is None]
        if self._alive("scheduler") and self._alive("worker"):
            return
        lock = FileLock(self.site.home / "cluster.lock", timeout=0)
        with contextlib.suppress(Timeout), lock:
            if not self._alive("scheduler"):
                self._end("worker")  # it waits for the old scheduler
                self.scheduler_file.unlink(missing_ok=True)
                self._make_keys()
                self._version_file.write_text(self._version)
                self._spawn(
                    "scheduler",
                    "--protocol=tls",
                    "--port=0",
                    f"--idle-timeout={self.site.idle_minutes * 60:g}s",
                    "--preload=core.logs",
                )
            if not self._alive("worker"):
                self._spawn(
                    "worker",
                    f"--nworkers={worker_count()}",
                    "--nthreads=1",
                    f"--memory-limit={WORKER_BYTES}",
                    f"--death-timeout={START_SECONDS}s",
                    f"--local-directory={self.site.home / 'dask'}",
                    "--preload=core.runs.preload",
                    "--preload-nanny=core.logs",
                )

    def restart_if_worker_lost(self, connected: int) -> None:
        """Restart the workers if one of them is lost for good.

        Dask's nanny of a worker exits when a restart of the worker takes more than
        START_SECONDS, or when the worker loses its connection to the scheduler. The
        process of all nannies exits with the last of them. The interval between
        restarts doubles each time, as a restart also ends the healthy workers.
        """
        nannies = self._process("worker")
        if nannies and not _lacks_workers(nannies, connected):
            self._missing_since = None
            if connected:
                self._lost_after = LOST_SECONDS
            return
        age = time.time() - (nannies.create_time() if nannies else 0)
        self._missing_since = self._missing_since or time.monotonic()
        missing = time.monotonic() - self._missing_since
        if age < max(SPAWN_SECONDS, self._lost_after) or missing < LOST_SECONDS:
            return
        lock = FileLock(self.site.home / "cluster.lock", timeout=0)
        with contextlib.suppress(Timeout), lock:
            if self._process("worker") == nannies:  # not restarted by another process
                log.warning("restarting the workers: one of them was lost")
                self._end("worker")
        self._missing_since = None
        self._lost_after = min(2 * self._lost_after, LONGEST_WAIT_SECONDS)
        self.ensure()

    def end_outdated(self) -> None:
        """End a cluster of another version of this code, or with old keys.

        Its runs resume in the next one, from their checkpoints. The version is checked
        once, when this process first connects: of two dashboards of different versions
        the later one wins.
        """
        other = not self._version_checked and self._is_of_other_version
        self._version_checked = True
        if not (other or self._outdated):
            return
        lock = FileLock(self.site.home / "cluster.lock", timeout=0)
        with contextlib.suppress(Timeout), lock:
            log.warning("ending the local cluster: it is of another version")
            self._end("worker")
            self._end("scheduler")
            self.scheduler_file.unlink(missing_ok=True)

    @property
    def _outdated(self) -> bool:
        if not (scheduler := self._process("scheduler")):
            return False
        old = time.time() - scheduler.create_time() > KEY_SECONDS
        return old or (self._written_address() or "tls://").startswith("tcp://")

    @property
    def _is_of_other_version(self) -> bool:
        if not self._alive("scheduler"):
            return False
        try:
            return self._version_file.read_text() != self._version
        except OSError:  # unreadable
            return True

    @property
    def _version_file(self) -> Path:
        return self.site.home / "cluster.version"

    def _written_address(self) -> str | None:
        try:
            return str(json.loads(self.scheduler_file.read_text())["address"])
        except (OSError, ValueError, KeyError):
            return None  # it has not written the file yet

    @property
    def _keys(self) -> tuple[Path, Path]:
        """The certificate, which is its own authority, and its key."""
        return self.site.home / "cluster.crt", self.site.home / "cluster.key"

    def _make_keys(self) -> None:
        made = Security.temporary()
        for path, content in zip(
            self._keys, (made.tls_ca_file, made.tls_client_key), strict=True
        ):
            path.unlink(missing_ok=True)
            path.touch(mode=0o600)
            path.write_text(content)

    def _pid_file(self, role: str) -> Path:
        return self.site.home / f"{role}.pid"

    def _alive(self, role: str) -> bool:
        return self._process(role) is not None

    def _process(self, role: str) -> psutil.Process | None:
        try:
            process = psutil.Process(int(self._pid_file(role).read_text()))
            alive = process.status() != psutil.STATUS_ZOMBIE
            # One string where setproctitle is installed: Dask then sets a title.
            words = " ".join(process.cmdline()).split() if alive else ()
            ours = {"dask", role} <= set(words)
            return process if ours else None
        except (OSError, ValueError, psutil.Error):
            return None

    def _end(self, role: str) -> None:
        """Kill a process and its children. Runs resume from their checkpoints."""
        if process := self._process(role):
            with contextlib.suppress(psutil.Error):
                members = [*process.children(recursive=True), process]
                for member in members:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        member.kill()
                psutil.wait_procs(members, timeout=END_SECONDS)

    def _spawn(self, role: str, *options: str) -> None:
        log.info("starting the local cluster's %s", role)
        path = self.site.home / "cluster.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.write_bytes(b"")
        certificate, key = self._keys
        command = [sys.executable, "-m", "dask", role]
        common = [
            f"--host={LOOPBACK}",
            f"--dashboard-address={LOOPBACK}:0",  # port of the health page as well
            "--no-dashboard",
            f"--scheduler-file={self.scheduler_file}",
            f"--tls-ca-file={certificate}",
            f"--tls-cert={certificate}",
            f"--tls-key={key}",
        ]
        with path.open("ab") as output:  # several processes write it
            child = subprocess.Popen(
                [*command, *common, *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=PROJECT,
                env=self._environment(),
                umask=PRIVATE,
                start_new_session=True,  # Ctrl+C at the dashboard does not reach it
            )
        self._lower_priority(child.pid, role)
        self._pid_file(role).write_text(str(child.pid))
        self._children.append(child)

    def _lower_priority(self, pid: int, role: str) -> None:
        """Give trainings a lower priority than the dashboard, if so set.

        With SCHED_IDLE a page gets the core at once. With a low nice value alone the
        delays of fifty pages add up to seconds.
        """
        if self.site.priority == "usual":
            return
        with contextlib.suppress(psutil.Error, OSError):
            psutil.Process(pid).nice(NICENESS)
            if role == "worker" and self.site.priority == "idle" and HAS_IDLE:
                os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))

    def _environment(self) -> dict[str, str]:
        given = {k: v for k, v in os.environ.items() if not k.startswith(WEB_ONLY)}
        elsewhere = self.site.checkpoint_url
        return {
            **given,
            **ENVIRONMENT,
            WORKER_PAGES: given.get(WORKER_PAGES, ENVIRONMENT[WORKER_PAGES]),
            **({"UNROLLED_CHECKPOINTS": elsewhere} if elsewhere else {}),
            "UNROLLED_HOME": str(self.site.home),
            "DATABASE_URL": self.site.database_url,
            "UNROLLED_RUN_SECONDS": str(self.site.run_seconds),
        }


def _lacks_workers(nannies: psutil.Process, connected: int) -> bool:
    """Whether a worker is neither connected nor starting."""
    try:
        options = " ".join(nannies.cmdline())
        wanted = int(options.partition("--nworkers=")[2].split()[0])
        children = nannies.children()
    except (psutil.Error, ValueError, IndexError):  # it has just ended
        return False
    return max(connected, sum(map(_is_worker, children))) < wanted


def _is_worker(child: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):  # it has just ended
        return (
            child.status() != psutil.STATUS_ZOMBIE
            and "resource_tracker" not in " ".join(child.cmdline())
        )
    return False


def worker_count() -> int:
    """Return the number of workers for this machine: one a core, limited by memory."""
    memory = psutil.virtual_memory().total // WORKER_BYTES
    return max(1, min(os.cpu_count() or 1, memory))
