"""The thread that hands queued runs to the cluster and recovers lost ones."""

import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass

from core.logs import about
from core.runs.cleaning import BATCH, Cleaner
from core.runs.cluster import Cluster, NoClusterError, View
from core.runs.run import Run, StoreError
from core.runs.settings import Site
from core.runs.store import Store

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
CLEAN_SECONDS = 600.0  # between two looks for old runs
SILENT_SECONDS = 4.0  # a run without a sign for so long, unknown to Dask, is lost
STOP_SECONDS = 5.0  # a run that ignores its stop flag for so long is ended by force
STARTS = 5  # tries to hand a run to one scheduler that end without a claim


@dataclass
class Sign:
    """The latest sign of life of a running run, on this process's own clock."""

    request: float  # when the run entered the queue: a resumed run is a new request
    beat: int
    at: float
    asked_to_stop: float | None = None


class Supervisor:
    """Looks at the store once a second, or at once when woken.

    Several may work on the same store: what they do, they may do twice.

    Parameters
    ----------
    site, store
        What to look after.
    """

    def __init__(self, site: Site, store: Store) -> None:
        self.site, self.store = site, store
        self.cluster = Cluster(site)
        self.view: View | None = None  # None while no scheduler answers
        self._signs: dict[str, Sign] = {}
        self._trouble = ""  # what the log was told of, until it changes or is over
        self._handed: Counter[tuple[int, str]] = Counter()
        self._bell = threading.Event()
        self._cleaner = Cleaner(site, store)
        self._cleaned = float("-inf")
        self._wanted = False
        self._ending = False
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at the store now: there is a new request."""
        self._bell.set()

    def warm(self) -> None:
        """Have the cluster started, if it is not: somebody is about to train."""
        self._wanted = True

    def close(self, patience: float | None = None) -> None:
        """End the thread. The cluster and its runs go on.

        It may just now wait for a store or a scheduler that does not answer: it gets
        so many seconds to come back, or all it wants.
        """
        self._ending = True
        self._bell.set()
        self._thread.join(patience)
        self.cluster.close()

    def _watch(self) -> None:
        while not self._ending:
            try:
                self._tick()
            except (NoClusterError, OSError, TimeoutError) as error:
                if self._ending:  # its connection was closed under it
                    return
                self._tell(f"cluster or its files not reachable: {error}")
                self.view = None
            except StoreError as error:
                self._tell(str(error))
            except Exception as error:  # a bug, say: the next look may work
                self._tell(f"supervisor: {type(error).__name__}", error)
            else:
                if self._trouble:
                    log.info("store and cluster answer again")
                self._trouble = ""
            self._bell.wait(TICK_SECONDS)
            self._bell.clear()

    def _tell(self, trouble: str, error: Exception | None = None) -> None:
        """Log what is the matter, once: it is met again every second."""
        if trouble != self._trouble:
            level = logging.ERROR if error else logging.WARNING
            log.log(level, "%s", trouble, exc_info=error)
        self._trouble = trouble
        self._signs.clear()  # nobody listened: silence says nothing of a run

    def _tick(self) -> None:
        self._clean()
        active = self.store.active()
        self._forget({run.id for _, run in active})
        if not self.cluster.connect(start=bool(active) or self._wanted):
            self.view = None
            return
        self._wanted = False
        view = self.cluster.view()
        training = {owner for owner, run in active if run.status == "running"}
        for owner, run in active:
            worker = view.tasks.get(run.id, ("", ""))[1]
            with about(run=run.id, task=run.task, attempt=run.attempt, worker=worker):
                if run.status == "running":
                    self._look_after(run, view)
                elif owner not in training:
                    self._hand_over(run, view)
                    training.add(owner)
        self.view = self.cluster.view() if active else view

    def _clean(self) -> None:
        """Remove old runs, a few at a time, where there is a limit."""
        if self._cleaner.wanted and time.monotonic() - self._cleaned > CLEAN_SECONDS:
            self._cleaned = time.monotonic()
            self._cleaner.clean(BATCH)

    def _hand_over(self, run: Run, view: View) -> None:
        if view.tasks.get(run.id, ("", ""))[0] not in ("", "erred", "forgotten"):
            return
        attempt = (self.cluster.connections, run.id)
        self._handed[attempt] += 1
        if self._handed[attempt] > STARTS:
            self.store.give_up(
                run.id,
                "failed",
                "No worker could start this run. The details are in the cluster's log.",
            )
            return
        log.info("run %s handed to the cluster", run.id)
        self.cluster.submit(run.id)

    def _look_after(self, run: Run, view: View) -> None:
        now = time.monotonic()
        sign = self._signs.get(run.id)
        if sign is None or sign.request != run.queued:
            sign = self._signs[run.id] = Sign(run.queued, run.beat, now)
        if sign.beat != run.beat:
            sign.beat, sign.at = run.beat, now
            self._handed.pop((self.cluster.connections, run.id), None)
        state, worker = view.tasks.get(run.id, ("", ""))
        if run.stop:
            sign.asked_to_stop = sign.asked_to_stop or now
            if now - sign.asked_to_stop > STOP_SECONDS:
                self._force(run, worker)
        elif state in ("", "erred") and now - sign.at > SILENT_SECONDS:
            log.warning("run %s is lost, handing it over again", run.id)
            self._hand_over(run, view)
            sign.at = now
        elif worker and now - sign.at > self.site.run_seconds:
            self._force(run, worker)  # no run may train longer, silent or not

    def _force(self, run: Run, worker: str) -> None:
        log.warning("run %s does not answer, ending its worker", run.id)
        self.store.give_up(
            run.id,
            "stopped",
            "The training did not answer and was ended. Resume goes on from its "
            "last checkpoint.",
        )
        if worker:
            self.cluster.restart_worker(worker)

    def _forget(self, active: set[str]) -> None:
        for run_id in self._signs.keys() - active:
            del self._signs[run_id]
        for attempt in [key for key in self._handed if key[1] not in active]:
            del self._handed[attempt]
