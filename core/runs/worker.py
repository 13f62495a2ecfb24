"""A worker's execution of a run: iterates the training and writes to the store."""

import functools
import logging
import time
from typing import Literal, NoReturn

from distributed import get_worker

from core.arrays import pack
from core.logs import log_context
from core.process import release_memory
from core.registry import get_task
from core.runs.run import PRUNED, Status, Superseded
from core.runs.search.pruning import Pruning
from core.runs.settings import Site
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.store.writer import Request
from core.task import Outcome, Point, Progress, Training, UserError

log = logging.getLogger(__name__)

RECORD_SECONDS = 0.15  # time between two writes to the store
EPOCH_SECONDS = 0.1  # time between two checkpoints at the ends of epochs
CHECKPOINT_SECONDS = 0.7  # time between two checkpoints within an epoch
PROGRESS_SECONDS = 0.5  # past the last crash, after which attempts count anew
NO_RESULT = (
    "The result so far was not computed: that takes longer than the time limit of a "
    "training. Resume continues the training; fewer or smaller networks take less time."
)
DIED = (
    "The result so far was not computed: the worker crashed {} times in a row. Resume "
    "continues the training; fewer units or a smaller batch take less memory."
)

EXPLODED = (
    "The training ended before its last epoch: its loss or its gradients had become "
    "too large."
)


class NoResultError(Exception):
    """The result of a stopped training is not computed; the text is for its owner."""


class Left(Exception):  # noqa: N818 - expected, no error
    """A training was ended without a result, with its state in the store."""


def execute(run_id: str) -> None:
    """Train a run to its end; the function that Dask calls in a worker.

    Does nothing if the run has ended or was deleted, and stops silently when another
    execution claims it.
    """
    site, store = _context()
    writer = RunWriter.claim(store, run_id)
    if writer is None:
        checkpoints = Checkpoints(site.checkpoints, store.installation())
        if store.status(run_id) == "done":  # the worker crashed right after the end
            checkpoints.discard(run_id)
        return
    run = writer.run
    address = get_worker().address
    with log_context(run=run.id, task=run.task, attempt=run.attempt, worker=address):
        log.info("run %s starts", run.id)
        try:
            checkpoints = Checkpoints(site.checkpoints, writer.installation())
            Execution(site, writer, checkpoints).train()
        except Superseded:
            log.warning("run %s: claimed by another execution", run.id)
    release_memory()  # here it delays no epoch; TensorFlow's graphs are cycles


@functools.cache
def _context() -> tuple[Site, Store]:
    site = Site.from_env()
    return site, Store(site.database_url)


class Execution:
    """One attempt at one run."""

    def __init__(self, site: Site, writer: RunWriter, checkpoints: Checkpoints) -> None:
        self.site, self.writer, self.checkpoints = site, writer, checkpoints
        self.run = writer.run
        self.latest: Progress
        self.new_points: list[Point] = []  # points to write
        self.request: Request = None
        pruning = self.run.pruning
        self.pruning = Pruning.from_json(pruning) if pruning else None
        self.curve: list[float] = []  # objective of a trial after each epoch
        self.ending: Literal["requested", "time"] | None = None
        self.ended = float("inf")  # time from which the result is computed
        self.no_result: str | None = None  # reason for the owner
        self.reached_epoch = 0.0  # progress of the last execution, with fraction
        self.passed_since: float | None = None  # time at which this one went beyond
        self.attempts_reset = False
        self.unsaved = False
        self.began = self.saved = time.monotonic()
        self.recorded = float("-inf")
        self.shows_epoch = False  # whether an epoch of this execution is in the store
        if self.run.closing:  # the worker that stopped it crashed before the result
            self.ending = "requested" if self.run.stop else "time"
            self.ended = self.began

    def train(self) -> None:
        """Run the training and write its outcome to the store."""
        try:
            self._check_attempts()
            self._finish(self._iterate(self._open()))
        except Superseded:
            raise
        except Left:
            log.info("run %s left after %.1f s", self.run.id, self._seconds())
        except NoResultError as error:
            self.no_result = str(error)
            log.warning("run %s: result given up", self.run.id)
            self.writer.finish("stopped", error=self._stop_reason)
        except UserError as error:
            self._fail(error, str(error))
        except MemoryError as error:
            self._fail(
                error,
                "The training ran out of memory. Try fewer units or a smaller batch.",
            )
        except Exception as error:  # a bug of a task must end the run
            self._fail(
                error,
                f"Training ended on an unexpected error ({type(error).__name__}). The "
                "details are in the server's log. Other settings may work.",
            )

    def _check_attempts(self) -> None:
        if self.run.attempt > self.site.attempts:
            if self.ending:
                raise NoResultError(DIED.format(self.site.attempts))
            raise UserError(
                f"The worker crashed {self.site.attempts} times in a row on this run, "
                "most likely out of memory. Try fewer units or a smaller batch."
            )

    def _open(self) -> Training[Outcome]:
        task = get_task(self.run.task)
        config = task.Config.from_json(self.run.config)
        data = task.decode_data(self.writer.data())
        state, epoch = self.checkpoints.load(self.run.id)
        self.writer.rewind(epoch)
        if self.pruning:
            self.curve = self.writer.curve(self.pruning.metric)
        if state is not None:
            self.reached_epoch = self.run.progress
        return task.train(config, data, state)

    def _iterate(self, training: Training[Outcome]) -> Outcome:
        answer = None
        try:
            while True:
                answer = self._handle(training.send(answer))
        except StopIteration as end:
            result: Outcome = end.value
            return result

    def _handle(self, progress: Progress) -> bool:
        """Update store and checkpoint; return whether to end now."""
        self.latest = progress
        if progress.metrics or (progress.preview and not self.pruning):
            # Trials have no snapshots: hundreds of them would fill the disk.
            self.new_points.append(_point(progress, with_snapshot=not self.pruning))
            if self.pruning:
                self.curve.append(progress.metrics[self.pruning.metric])
        first_epoch = bool(self.new_points) and not self.shows_epoch
        if first_epoch or time.monotonic() - self.recorded > RECORD_SECONDS:
            self._record()
        if self.ending:  # the result is being computed
            if time.monotonic() - self.ended > self.site.run_seconds:
                raise NoResultError(NO_RESULT)
            return True
        if self.request == "pause":
            self._save(progress)
            self.writer.pause()
            raise Left
        interval = EPOCH_SECONDS if progress.metrics else CHECKPOINT_SECONDS
        if time.monotonic() - self.saved > interval:
            self._save(progress)
        if self.request == "stop":
            self.ending = "requested"
        elif self._seconds() > self.run.until:
            self.ending = "time"
        if self.pruning:
            self._end_trial(progress, self.pruning)
        if self.ending:
            self.ended = time.monotonic()
            self._save(progress)
            self.writer.rewind(progress.epoch)  # a preview
            self.writer.stopped(self._stop_reason)
        return self.ending is not None

    def _end_trial(self, progress: Progress, pruning: Pruning) -> None:
        """End a trial without its result, so that its test metrics stay unknown.

        A pruned trial keeps a checkpoint, from which its owner can resume it.
        """
        epochs = len(self.curve)
        if epochs and pruning.ends(epochs, min(self.curve)):
            self._save(progress)
            self._leave("stopped", PRUNED)
        if progress.final:
            self._record()
            self._leave("done")
        if self.ending:
            self._save(progress)
            self._leave("stopped", self._stop_reason)

    def _leave(self, status: Status, why: str | None = None) -> NoReturn:
        self.writer.finish(status, error=why)
        if status == "done":
            self.checkpoints.discard(self.run.id)
        raise Left

    @property
    def _stop_reason(self) -> str | None:
        """The reasons of the stop and of missing epochs, for the owner."""
        late = (
            f"Stopped after {self.site.run_seconds / 60:g} minutes of training, the "
            "limit for one go. Press Resume to train on."
        )
        lost = (
            "The last epochs could not be saved: the server's disk may be full. "
            "Resume continues from an earlier one."
        )
        reasons = (
            (late, self.ending == "time" and not self.run.closing),
            (lost, self.unsaved and self.ending),
            (self.run.error, self.run.closing),  # state at the stop
            (self.no_result, True),
        )
        return " ".join(text for text, true in reasons if true and text) or None

    def _record(self) -> None:
        new_points, self.new_points = self.new_points, []
        self.shows_epoch |= bool(new_points)
        self.recorded = time.monotonic()
        self.request = self.writer.record(
            new_points,
            progress=self.latest.epoch + self.latest.fraction,
            total=self.latest.total,
            seconds=self._seconds(),
        )

    def _save(self, progress: Progress) -> None:
        """Write new points, then a checkpoint.

        On a full disk the training continues with the last checkpoint; the next save
        may succeed.
        """
        self._record()
        try:
            self.checkpoints.save(
                self.run.id, progress.state(), progress.epoch, self.run.starts
            )
        except OSError as error:
            if not self.unsaved:  # logged once: the log takes space, too
                log.warning("run %s: checkpoint not saved", self.run.id, exc_info=error)
            self.unsaved = True
        else:
            self.unsaved = False
            self._note_progress(progress)
        self.saved = time.monotonic()

    def _note_progress(self, progress: Progress) -> None:
        """Reset the count of attempts some time after passing the last crash.

        A run that always crashes at the same place saves checkpoints before it, too.
        """
        if self.run.attempt == 1 or self.attempts_reset:
            return
        if progress.epoch + progress.fraction <= self.reached_epoch:
            return
        self.passed_since = self.passed_since or time.monotonic()
        if time.monotonic() - self.passed_since >= PROGRESS_SECONDS:
            self.writer.reset_attempts()
            self.attempts_reset = True

    def _finish(self, result: Outcome) -> None:
        self._record()
        if self.pruning:
            if self.latest.epoch >= self.latest.total:
                self._leave("done")
            self._leave("failed", EXPLODED)
        status: Status = "stopped" if self.ending else "done"
        self.writer.finish(
            status,
            error=self._stop_reason,
            summary=result.summary(),
            result=result.encode(),
        )
        if not self.ending:
            self.checkpoints.discard(self.run.id)
        log.info("run %s %s after %.1f s", self.run.id, status, self._seconds())

    def _fail(self, error: Exception, why: str) -> None:
        """End the run with a reason for its owner, which may quote their input."""
        log.error("run %s failed", self.run.id, exc_info=error)
        self.writer.finish("failed", error=why)

    def _seconds(self) -> float:
        """Seconds of training, those before a resume included."""
        return self.run.seconds + time.monotonic() - self.began


def _point(progress: Progress, with_snapshot: bool) -> Point:
    packed = None
    if with_snapshot and progress.snapshot is not None:
        packed = pack(progress.snapshot)
    epoch = progress.epoch + bool(progress.preview)
    metrics = dict(progress.metrics or progress.preview)
    return Point(epoch=epoch, metrics=metrics, snapshot=packed)
