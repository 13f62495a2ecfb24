"""What a worker does with a run: iterate its training and keep the store told."""

import functools
import gc
import logging
import time
from typing import Literal, cast

from distributed import get_worker

from core.arrays import pack
from core.logs import about
from core.registry import get_task
from core.runs.checkpoint import Checkpoints
from core.runs.logbook import Logbook
from core.runs.run import Point, Status, Superseded
from core.runs.settings import Site
from core.runs.store import Store
from core.task import Outcome, Progress, Training, UserError

log = logging.getLogger(__name__)

RECORD_SECONDS = 0.15  # between two writes to the store
EPOCH_SECONDS = 0.1  # between two checkpoints at the ends of epochs
CHECKPOINT_SECONDS = 0.7  # between two checkpoints within an epoch
BEYOND_SECONDS = 0.5  # on new ground before a death there is another matter
NO_RESULT = (
    "What it has learned so far was not computed: that takes longer than the training "
    "may. Resume goes on training; fewer or smaller networks take less."
)


class ResultLateError(Exception):
    """A stopped training takes longer over its result than it might train."""


def execute(run_id: str) -> None:
    """Train a run to its end; the function that Dask calls in a worker.

    Does nothing if the run has ended or is gone. Gives up silently when another
    execution takes the run over.
    """
    site, store, checkpoints = _office()
    logbook = Logbook.claim(store, run_id)
    if logbook is None:
        if store.status(run_id) == "done":  # whoever finished it died at that moment
            checkpoints.discard(run_id)
        return
    run = logbook.run
    where = get_worker().address
    with about(run=run.id, task=run.task, attempt=run.attempt, worker=where):
        log.info("run %s starts", run.id)
        try:
            Execution(site, logbook, checkpoints).train()
        except Superseded:
            log.warning("run %s: taken over by another execution", run.id)
    gc.collect()  # graphs hold on to each other; now nobody waits for an epoch


@functools.cache
def _office() -> tuple[Site, Store, Checkpoints]:
    site = Site.from_env()
    return site, Store(site.database_url), Checkpoints(site.checkpoints)


class Execution:
    """One try at one run.

    Parameters
    ----------
    site
        Limits.
    logbook
        Where to write about the run.
    checkpoints
        Where to keep its state.
    """

    def __init__(self, site: Site, logbook: Logbook, checkpoints: Checkpoints) -> None:
        self.site, self.logbook, self.checkpoints = site, logbook, checkpoints
        self.run = logbook.run
        self.latest: Progress
        self.news: list[Point] = []
        self.asked_to_stop = False
        self.ending: Literal["asked", "late"] | None = None
        self.ended = float("inf")  # when: its result is computed from then on
        self.result_given_up = False
        self.moved_on = False
        self.known_ground = 0.0  # epochs, as far as the execution before this one came
        self.beyond: float | None = None  # since when it is farther
        self.unsaved = False
        self.began = self.saved = time.monotonic()
        self.recorded = float("-inf")

    def train(self) -> None:
        """Run the training and leave its end in the store, whatever it is."""
        try:
            self._refuse_the_hopeless()
            self._finish(self._iterate(self._open()))
        except Superseded:
            raise
        except ResultLateError:
            self.result_given_up = True
            log.warning("run %s: result given up, it takes too long", self.run.id)
            self.logbook.finish("stopped", error=self._why)
        except UserError as error:
            self._fail(error, str(error))
        except MemoryError as error:
            self._fail(
                error,
                "The training ran out of memory. Try fewer units or a smaller batch.",
            )
        except Exception as error:  # a task's bug must not leave the run hanging
            self._fail(
                error,
                f"Training ended on an unexpected error ({type(error).__name__}). The "
                "details are in the server's log. Other settings may work.",
            )

    def _refuse_the_hopeless(self) -> None:
        if self.run.attempt > self.site.attempts:
            raise UserError(
                f"The worker died {self.site.attempts} times in a row on this run, "
                "most likely for want of memory. Try fewer units or a smaller batch."
            )

    def _open(self) -> Training:
        task = get_task(self.run.task)
        config = task.Config.from_json(self.run.config)
        data = task.decode_data(self.logbook.data())
        state, epoch = self.checkpoints.load(self.run.id)
        self.logbook.rewind(epoch)
        if state is not None:
            self.known_ground = self.run.progress
        return task.train(config, data, state)

    def _iterate(self, training: Training) -> Outcome:
        answer = None
        try:
            while True:
                answer = self._attend(training.send(answer))
        except StopIteration as end:
            return cast(Outcome, end.value)

    def _attend(self, progress: Progress) -> bool:
        """Keep store and checkpoint up to date; return whether to end now."""
        self.latest = progress
        if progress.metrics:
            self.news.append(_point(progress))
        if time.monotonic() - self.recorded > RECORD_SECONDS:
            self._record()
        if self.ending:  # what it does now is its result, not to be resumed
            if time.monotonic() - self.ended > self.site.run_seconds:
                raise ResultLateError
            return True
        patience = EPOCH_SECONDS if progress.metrics else CHECKPOINT_SECONDS
        if time.monotonic() - self.saved > patience:
            self._save(progress)
        if self.asked_to_stop:
            self.ending = "asked"
        elif self._seconds() > self.run.until:
            self.ending = "late"
        if self.ending:
            self.ended = time.monotonic()
            self._save(progress)
            self.logbook.stopped(self._why)
        return self.ending is not None

    @property
    def _why(self) -> str | None:
        """What the person does not know of a stop."""
        late = (
            f"Stopped after {self.site.run_seconds / 60:g} minutes of training, the "
            "limit for one go. Press Resume to train on."
        )
        lost = (
            "The last epochs could not be saved: the server's disk may be full. "
            "Resume goes on from an earlier one."
        )
        said = (
            (late, self.ending == "late"),
            (lost, self.unsaved and self.ending),
            (NO_RESULT, self.result_given_up),
        )
        return " ".join(sentence for sentence, true in said if true) or None

    def _record(self) -> None:
        news, self.news = self.news, []
        self.recorded = time.monotonic()
        self.asked_to_stop = self.logbook.record(
            news,
            progress=self.latest.epoch + self.latest.fraction,
            total=self.latest.total,
            seconds=self._seconds(),
        )

    def _save(self, progress: Progress) -> None:
        """Save a checkpoint, after the points that come before it.

        Without room for it the training goes on: the last one that was saved is
        whole, and there may be room again when it is time for the next.
        """
        self._record()
        try:
            self.checkpoints.save(
                self.run.id, progress.state(), progress.epoch, self.run.starts
            )
        except OSError as error:
            if not self.unsaved:  # once is enough, where the log needs room as well
                log.warning("run %s: checkpoint not saved", self.run.id, exc_info=error)
            self.unsaved = True
        else:
            self.unsaved = False
            self._note_ground(progress)
        self.saved = time.monotonic()

    def _note_ground(self, progress: Progress) -> None:
        """Have the deaths forgotten once it is safely past the place of the last one.

        Whoever dies at the same place each time saves checkpoints before it, too.
        """
        if self.run.attempt == 1 or self.moved_on:
            return
        if progress.epoch + progress.fraction <= self.known_ground:
            return
        self.beyond = self.beyond or time.monotonic()
        if time.monotonic() - self.beyond >= BEYOND_SECONDS:
            self.logbook.moved_on()
            self.moved_on = True

    def _finish(self, result: Outcome) -> None:
        self._record()
        status: Status = "stopped" if self.ending else "done"
        self.logbook.finish(
            status,
            error=self._why,
            summary=result.summary(),
            result=result.encode(),
        )
        if not self.ending:
            self.checkpoints.discard(self.run.id)
        log.info("run %s %s after %.1f s", self.run.id, status, self._seconds())

    def _fail(self, error: Exception, why: str) -> None:
        """End the run with a reason for its owner: it may quote what they gave."""
        log.error("run %s failed", self.run.id, exc_info=error)
        self.logbook.finish("failed", error=why)

    def _seconds(self) -> float:
        """Seconds of training: of this try, and of those it goes on from."""
        return self.run.seconds + time.monotonic() - self.began


def _point(progress: Progress) -> Point:
    snapshot = None if progress.snapshot is None else pack(progress.snapshot)
    return Point(
        epoch=progress.epoch, metrics=dict(progress.metrics), snapshot=snapshot
    )
