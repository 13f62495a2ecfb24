"""The thread that submits queued runs to the cluster and recovers lost ones."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from core.logs import log_context
from core.runs.cluster import Cluster, NoClusterError, View
from core.runs.run import StoreError, Training
from core.runs.search.engine import Engine
from core.runs.settings import Site
from core.runs.store import Store
from core.runs.store.cleaning import BATCH, Cleaner
from core.runs.store.studies import Studies

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
SEARCH_SECONDS = 0.25  # during searches, whose trials wait for the tick
CLEAN_SECONDS = 600.0  # time between two clean-ups
SILENT_SECONDS = 4.0  # without a heartbeat, after which a run unknown to Dask is lost
STOP_SECONDS = 5.0  # time between the stop flag and the end by force
MAX_SUBMISSIONS = 5  # most submissions of a run to one scheduler without a claim


@dataclass
class Heartbeat:
    """The latest heartbeat of a running training, on the clock of this process."""

    request: float  # time of queueing, which a resume renews
    count: int
    at: float
    stop_requested: float | None = None


class Supervisor:
    """Polls the store every TICK_SECONDS, and when woken.

    Several supervisors may share a store: their actions are idempotent.
    """

    def __init__(self, site: Site, store: Store) -> None:
        self.site, self.store = site, store
        self.cluster = Cluster(site)
        self.view: View | None = None  # None while no scheduler answers
        self._heartbeats: dict[str, Heartbeat] = {}
        self._logged_error = ""  # last error, to log a repeated one once
        self._submissions: Counter[tuple[int, str]] = Counter()
        self._woken = threading.Event()
        self._cleaner = Cleaner(site, store)
        self._engine = Engine(Studies(store))
        self._cleaned = float("-inf")  # time of the latest clean-up
        self._start_cluster = False
        self._searching = False
        self._closing = False
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Poll the store now, for a new request."""
        self._woken.set()

    def warm(self) -> None:
        """Start the local cluster, if needed, before the first training."""
        self._start_cluster = True

    def close(self, timeout: float | None = None) -> None:
        """End the thread. The cluster and its runs continue.

        Waits at most `timeout` seconds: store or scheduler may not answer.
        """
        self._closing = True
        self._woken.set()
        self._thread.join(timeout)
        self.cluster.close()

    def _loop(self) -> None:
        while not self._closing:
            try:
                self._tick()
            except (NoClusterError, OSError, TimeoutError) as error:
                if self._closing:  # connection closed by `close`
                    return
                self._log_once(f"cluster or its files not reachable: {error}")
                self.view = None
            except StoreError as error:
                self._log_once(str(error))
            except Exception as error:  # a bug, say: the next tick may work
                self._log_once(f"supervisor: {type(error).__name__}", error)
            else:
                if self._logged_error:
                    log.info("store and cluster answer again")
                self._logged_error = ""
            self._woken.wait(SEARCH_SECONDS if self._searching else TICK_SECONDS)
            self._woken.clear()

    def _log_once(self, message: str, error: Exception | None = None) -> None:
        """Log an error that recurs every second once."""
        if message != self._logged_error:
            level = logging.ERROR if error else logging.WARNING
            log.log(level, "%s", message, exc_info=error)
        self._logged_error = message
        self._heartbeats.clear()  # silence during the error does not count

    def _tick(self) -> None:
        self._clean()
        self._searching = self._engine.advance() > 0
        active, closing = self.store.active(), self.store.closing()
        unfinished = [*(run for _, run in active), *closing]
        self._forget({run.id for run in unfinished})
        if not self.cluster.connect(start=bool(unfinished) or self._start_cluster):
            self.view = None
            return
        self._start_cluster = False
        view = self.cluster.view()
        if self.cluster.local:
            self.cluster.local.restart_if_worker_lost(len(view.workers))
        first = next_in_queue(active)
        trials = [(min(owners, default=""), run) for owners, run in active if run.study]
        paused, begun = place_trials([*first, *closing], trials, view)
        if paused:
            self.store.request_pause([run.id for run in paused])
        for run in (*first, *begun):
            with _context(run, view):
                self._submit(run, view)
        for run in unfinished:
            if run.status != "queued":
                with _context(run, view):
                    self._check_execution(run, view)
        self.view = self.cluster.view() if unfinished else view

    def _clean(self) -> None:
        """Remove ended classes, and a batch of old and deleted runs."""
        if time.monotonic() - self._cleaned > CLEAN_SECONDS:
            self._cleaned = time.monotonic()
            self._cleaner.remove_ended_classes()
            if self._cleaner.wanted:
                self._cleaner.clean(BATCH)
            else:
                self._cleaner.remove_orphans()

    def _submit(self, run: Training, view: View) -> None:
        if _is_known(run, view):
            return
        key = (self.cluster.connections, run.id)
        self._submissions[key] += 1
        if self._submissions[key] > MAX_SUBMISSIONS:
            self.store.give_up(
                run.id,
                "stopped" if run.closing else "failed",
                "No worker could start this run. The details are in the cluster's log.",
            )
            return
        log.info("run %s submitted to the cluster", run.id)
        self.cluster.submit(run.id)

    def _check_execution(self, run: Training, view: View) -> None:
        """Restart a lost run, and end one that does not respond."""
        now = time.monotonic()
        last = self._heartbeats.get(run.id)
        if last is None or last.request != run.queued:
            last = Heartbeat(run.queued, run.heartbeat, now)
            self._heartbeats[run.id] = last
        if last.count != run.heartbeat:
            last.count, last.at = run.heartbeat, now
            self._submissions.pop((self.cluster.connections, run.id), None)
        state, worker = view.tasks.get(run.id, ("", ""))
        if not worker:  # its next worker sees the stop flag
            last.stop_requested = None
        if run.stop and worker and not run.closing:
            last.stop_requested = last.stop_requested or now
            if now - last.stop_requested > STOP_SECONDS:
                self._end_by_force(run, worker)
        elif state in ("", "erred") and now - last.at > SILENT_SECONDS:
            log.warning("run %s is lost, submitting it again", run.id)
            self._submit(run, view)
            last.at = now
        elif worker and now - last.at > self.site.run_seconds:
            self._end_by_force(run, worker)  # the limit of every run

    def _end_by_force(self, run: Training, worker: str) -> None:
        log.warning("run %s does not respond, ending its worker", run.id)
        if worker:  # first: it may hold the lock of an SQLite store
            self.cluster.restart_worker(worker)
        self.store.give_up(
            run.id,
            "stopped",
            "The training did not respond and was ended. Resume continues from its "
            "last checkpoint, or from the start without one.",
        )

    def _forget(self, active: set[str]) -> None:
        for run_id in self._heartbeats.keys() - active:
            del self._heartbeats[run_id]
        for key in [key for key in self._submissions if key[1] not in active]:
            del self._submissions[key]


def next_in_queue(active: Sequence[tuple[frozenset[str], Training]]) -> list[Training]:
    """Return the next queued trainings: one of each owner without a running one.

    `active` are all unfinished trainings with their waiting owners, oldest request
    first.
    """
    ordinary = [(owners, run) for owners, run in active if run.study is None]
    training = {
        owner for owners, run in ordinary if run.status == "running" for owner in owners
    }
    first = []
    for owners, run in ordinary:
        if run.status == "queued" and not owners <= training:
            training |= owners
            first.append(run)
    return first


def place_trials(
    first: Sequence[Training], trials: Sequence[tuple[str, Training]], view: View
) -> tuple[list[Training], list[Training]]:
    """Return the trials to pause, and the trials to start.

    Trials use idle workers only. The owner with the fewest trials in the cluster is
    next.

    Parameters
    ----------
    first
        The next ordinary trainings in the queue.
    trials
        All unfinished trials with their owners' keys, oldest request first.
    view
        Tasks and workers of the cluster.
    """
    placed = [
        (owner, run)
        for owner, run in trials
        if run.status == "running" or _is_known(run, view)
    ]
    asked = [*first, *(run for _, run in placed)]
    waiting = [run for run in asked if not _has_worker(run, view)]
    free = len(view.workers) - view.busy - len(waiting)
    running = [run for _, run in placed if run.status == "running"]
    pausing = sum(bool(run.pause) for run in running)
    people_wait = any(not _has_worker(run, view) for run in first)
    wanted = max(0, -free - pausing) if people_wait else 0
    latest_first = [run for run in reversed(running) if not run.pause]
    shares = Counter(owner for owner, _ in placed)
    queued = [each for each in trials if each not in placed]
    begun: list[Training] = []
    while queued and len(begun) < free:
        owner, run = min(queued, key=lambda each: (shares[each[0]], each[1].queued))
        queued.remove((owner, run))
        shares[owner] += 1
        begun.append(run)
    return latest_first[:wanted], begun


def _has_worker(run: Training, view: View) -> bool:
    return bool(view.tasks.get(run.id, ("", ""))[1])


def _is_known(run: Training, view: View) -> bool:
    """Whether the cluster has a run queued or running."""
    return view.tasks.get(run.id, ("", ""))[0] not in ("", "erred", "forgotten")


def _context(run: Training, view: View) -> AbstractContextManager[None]:
    worker = view.tasks.get(run.id, ("", ""))[1]
    return log_context(run=run.id, task=run.task, attempt=run.attempt, worker=worker)
