"""A Dask cluster: submit runs, and list its tasks and workers."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import psutil
from distributed import Client, fire_and_forget
from distributed.utils import LoopRunner

from core.runs.local import LocalCluster
from core.runs.settings import Site
from core.runs.worker import execute

CONNECT_SECONDS = 3  # timeout, also of a lost scheduler
ANSWER_SECONDS = 10  # timeout of an answer


class NoClusterError(ConnectionError):
    """No scheduler answers."""


@dataclass(frozen=True, kw_only=True)
class View:
    """Tasks and workers of the scheduler at one moment."""

    # State and worker (or "") of each run's task, by run id
    tasks: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # Memory in use, bytes, by worker address
    workers: Mapping[str, int] = field(default_factory=dict)
    # Name of each worker, by worker address
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def busy(self) -> int:
        """Number of busy workers."""
        return len({worker for _, worker in self.tasks.values() if worker})


class Cluster:
    """An existing cluster, or a local one that is started when needed."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.local = None if site.scheduler else LocalCluster(site)
        self.connections = 0  # made so far: a new one may be to a new scheduler
        self._client: Client | None = None

    def connect(self, start: bool) -> bool:
        """Connect to a scheduler, starting one with `start`; return the success."""
        if self.local:
            self.local.end_outdated()
            if start:
                self.local.ensure()
        if self._client is not None and self._client.status == "running":
            return True
        self.close()
        address = self.local.address() if self.local else self.site.scheduler
        with contextlib.suppress(OSError, TimeoutError):
            if address:
                self._client = Client(
                    address,
                    security=self.local.security() if self.local else None,
                    timeout=CONNECT_SECONDS,
                    set_as_default=False,
                    loop=_event_loop().loop,
                )
                self.connections += 1
        return self._client is not None

    def submit(self, run_id: str) -> None:
        """Submit a run; a run that the cluster already has is not run twice."""
        key = ("train", run_id)
        fire_and_forget(self._connected().submit(execute, run_id, key=key, pure=False))

    def view(self) -> View:
        """Query the scheduler's tasks and workers."""
        found = self._ask(_view)
        return View(
            tasks={name: (state, worker) for name, state, worker in found["tasks"]},
            workers=found["workers"],
            names=found["names"],
        )

    def restart_worker(self, address: str) -> None:
        """Restart a worker that does not respond, without waiting for it.

        A worker on this machine is killed here: its nanny may not respond either.
        """
        self._ask(_restart, address)
        with contextlib.suppress(psutil.Error):
            kill_listener(address)

    def close(self) -> None:
        """Disconnect from the scheduler. Runs continue."""
        if self._client is not None:
            with contextlib.suppress(OSError, TimeoutError):
                self._client.close(timeout=1)
        self._client = None

    def _ask(self, function: Callable[..., Any], *args: str) -> Any:  # noqa: ANN401
        """Run a function on the scheduler; a TimeoutError without an answer."""
        return self._connected().run_on_scheduler(
            function, *args, callback_timeout=ANSWER_SECONDS
        )

    def _connected(self) -> Client:
        if self._client is None or self._client.status != "running":
            raise NoClusterError("The scheduler does not answer.")
        return self._client


def kill_listener(address: str) -> None:
    """Kill the process of this machine and user that listens at `tcp://host:port`."""
    host, _, port = address.rpartition("/")[2].rpartition(":")
    for each in psutil.net_connections("tcp"):
        listens = each.status == psutil.CONN_LISTEN and each.pid
        if listens and each.laddr == (host.strip("[]"), int(port)):
            psutil.Process(each.pid).kill()


@cache
def _event_loop() -> LoopRunner:
    """Start the event loop of all connections of this process.

    A `Client` that starts its own does not end it when it cannot connect.
    """
    runner = LoopRunner()
    runner.start()
    return runner


# The functions below use undocumented attributes of Dask's scheduler: the client API
# cannot list tasks without a worker, nor restart a worker without waiting.
# tests/core/runs/test_dask_internals.py fails when their names change.


def _restart(address: str, dask_scheduler: Any) -> None:  # noqa: ANN401 - as below
    """Run on the scheduler: begin to restart a worker, which gets no other run."""
    stimulus = f"restart-{address}"
    dask_scheduler.handle_worker_status_change("paused", address, stimulus)
    dask_scheduler.loop.add_callback(
        dask_scheduler.restart_workers,
        [address],
        wait_for_workers=False,
        on_error="return",
        stimulus_id=stimulus,
    )


def _view(dask_scheduler: Any) -> dict[str, Any]:  # noqa: ANN401 - Dask's own type
    """Run on the scheduler: list the runs it has, and its workers."""
    tasks = [
        (key[1], task.state, task.processing_on.address if task.processing_on else "")
        for key, task in dask_scheduler.tasks.items()
        if isinstance(key, tuple) and key[0] == "train"
    ]
    workers = {
        worker.address: worker.metrics.get("memory", 0)
        for worker in dask_scheduler.workers.values()
    }
    names = {
        worker.address: str(worker.name) for worker in dask_scheduler.workers.values()
    }
    return {"tasks": tasks, "workers": workers, "names": names}
