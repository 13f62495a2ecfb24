"""The training loop of both models: pauses after every step, resumes anywhere."""

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, fields, replace

import keras
import numpy as np

from core.music.concluding import conclude
from core.music.config import Config
from core.music.corpora import Corpus
from core.music.film import due, film_over, snapshot
from core.music.fit import Fit
from core.music.judged import nats_of
from core.music.result import Result, player_of, range_of
from core.music.seed_fit import SeedFit
from core.music.shipped import markov_of, start_weights
from core.task import Progress, State, Training, UserError


@dataclass(kw_only=True)
class Journey:
    """Where a training stands, apart from its weights."""

    epoch: int = 0  # completed
    step: int = 0  # completed in the next epoch
    nats: float = 0.0  # sum over the next epoch so far
    tokens: int = 0
    train: float = math.nan  # nats a token of the last epoch
    best: float = math.inf  # nats a sixteenth on the watched validation pieces
    waited: int = 0  # epochs since the best
    seconds: float = 0.0  # spent training, pauses left out
    cpu_seconds: float = 0.0


def train(config: Config, corpus: Corpus, resume: State | None = None) -> Training:
    """Train the model of `config`; see `core.task.Training`."""
    keras.backend.clear_session(free_memory=False)  # the worker does that
    return _Loop(config, corpus, resume).run()


class _Loop:
    """A fit on its journey."""

    def __init__(self, config: Config, corpus: Corpus, resume: State | None) -> None:
        started = _clocks()
        self.config, self.corpus = config, corpus
        start = start_weights(config)
        self.started_from = "folk" if start else "nothing"
        kind = SeedFit if config.model == "seed" else Fit
        self.fit: Fit | SeedFit = kind(config, corpus, start)
        self.journey = Journey()
        self.best = self.fit.values()
        if resume is not None:
            self._restore(resume)
        else:
            self._add_time(started)

    def run(self) -> Training:
        """Prepare, train, and judge, with pauses all the way."""
        stop = yield self._pause()
        for _ in self._timed(self.fit.prepare()):
            stop = (yield self._pause()) or stop
        markov = markov_of(self.corpus)
        while not stop and not self._finished():
            started = _clocks()
            metrics = self._advance()
            if metrics:
                metrics["markov"] = markov.watched
            self._add_time(started)
            stop = yield self._pause(metrics)
        if self.config.patience and self.journey.best < math.inf:
            self.fit.use(self.best)
        judging = conclude(self.fit, self.journey.train, markov)
        while True:
            started = _clocks()
            try:
                next(judging)
            except StopIteration as end:
                self._add_time(started)
                return self._signed(end.value)
            self._add_time(started)
            yield self._pause()

    def _signed(self, result: Result) -> Result:
        journey = self.journey
        return replace(
            result,
            epochs=journey.epoch,
            seconds=journey.seconds,
            fit_cpu_seconds=journey.cpu_seconds,
            started_from=self.started_from,
        )

    def _timed(self, work: Iterator[None]) -> Generator[None, None, None]:
        while True:
            started = _clocks()
            try:
                next(work)
            except StopIteration:
                return
            finally:
                self._add_time(started)
            yield

    def _pause(self, metrics: dict[str, float] | None = None) -> Progress:
        journey = self.journey
        heard = metrics and due(journey.epoch, self.config)
        return Progress(
            epoch=journey.epoch,
            total=self.config.epochs,
            fraction=journey.step / self.fit.steps,
            metrics=metrics or {},
            snapshot=self._snapshot() if heard else None,
            state=self._state,
        )

    def _snapshot(self) -> State:
        over = film_over(self.corpus)
        values, vocabulary = self.fit.values(), self.fit.vocabulary
        player = player_of(self.config, values, vocabulary, over)
        return snapshot(player, over, range_of(self.corpus), self.config)

    def _finished(self) -> bool:
        journey, patience = self.journey, self.config.patience
        impatient = patience and journey.waited >= patience
        return journey.epoch >= self.config.epochs or bool(impatient)

    def _advance(self) -> dict[str, float]:
        """Do one step; return the metrics of the epoch if it was the last of one."""
        journey = self.journey
        nats, tokens = self.fit.step(journey.epoch, journey.step)
        _check_finite(nats, journey.epoch)
        journey.nats += nats
        journey.tokens += tokens
        journey.step += 1
        if journey.step < self.fit.steps:
            return {}
        validation = nats_of(self.fit.on_watched())
        _check_finite(validation, journey.epoch)
        journey.train = journey.nats / journey.tokens
        journey.waited += 1
        if validation < journey.best:
            journey.best, journey.waited = validation, 0
            self.best = self.fit.values()
        journey.epoch += 1
        journey.step, journey.nats, journey.tokens = 0, 0.0, 0
        return {"loss": journey.train, "val_loss": validation}

    def _state(self) -> State:
        numbers = asdict(self.journey).items()
        return {
            **{name: np.array(value) for name, value in numbers},
            **{f"variable/{n}": v.numpy() for n, v in enumerate(self.fit.variables)},
            **{f"best/{name}": value for name, value in self.best.items()},
            "started_from": np.array(self.started_from),
        }

    def _restore(self, state: State) -> None:
        for number, variable in enumerate(self.fit.variables):
            variable.assign(state[f"variable/{number}"])
        self.best = {name: state[f"best/{name}"] for name in self.fit.named}
        numbers = {item.name: state[item.name].item() for item in fields(Journey)}
        self.journey = Journey(**numbers)
        self.started_from = str(state["started_from"])

    def _add_time(self, started: tuple[float, float]) -> None:
        wall, processor = _clocks()
        self.journey.seconds += wall - started[0]
        self.journey.cpu_seconds += processor - started[1]


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _check_finite(nats: float, epoch: int) -> None:
    if not math.isfinite(nats):
        raise UserError(
            f"Expected a loss that is a number, got {nats} in epoch {epoch + 1}: the "
            "steps were too large. Train again with a smaller learning rate."
        )
