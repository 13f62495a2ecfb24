"""Runs with faults at random moments: planned by a seed, checked at the end."""

import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from core import registry, stock
from core.lesson import adding, writing
from core.runs.run import StoreError
from tests.chaos.faults import FAULTS, KILLS, PAUSES, NoTargetError
from tests.chaos.findings import Findings, check_runs
from tests.conftest import wait_until
from tests.core.runs import counting

KILLS_A_PAUSE = 4
AT_ONCE = 0.3  # share of the faults that come while the last one is being repaired
SOON_SECONDS = 0.0, 6.0
LAST = 0.8  # of all progress: by then every fault should have happened
TRIES = 3  # to hit something, 0.5 s apart
END_SECONDS = 240


@dataclass(frozen=True)
class Fault:
    """A fault, and its moment: a progress of all runs, or so long after the last."""

    name: str
    progress: float | None
    seconds: float


@dataclass(frozen=True)
class Request:
    """A training to be queued."""

    task: str
    config: object
    data: object


@dataclass
class Report:
    """The outcome of an experiment."""

    happened: Counter = field(default_factory=Counter)
    missed: int = 0
    findings: Findings = field(default_factory=Findings)

    @property
    def kills(self):
        return sum(self.happened[name] for name in KILLS)


def requests(size):
    """One training of each kind; `size` times some seconds of work each."""
    _, prices = stock.tiny()
    _, names = writing.tiny()
    classic = {"units": 8, "window": 40, "batch": 30, "epochs": round(300 * size)}
    honest = {"units": 4, "window": 16, "batch": 8, "folds": 2, "seeds": 2}
    lesson = {"units": 8, "epochs": round(150 * size), "steps": 20}
    many = counting.Config(epochs=round(20_000 * size))
    return [
        Request("stock", stock.Config.preset("classic", **classic), prices),
        Request("adding", adding.Config(**lesson, length=12, batch=16), None),
        Request("stock", stock.Config(**honest, epochs=round(20 * size)), prices),
        Request("text", writing.Config(**lesson, batch=8, sample=2), names),
        Request("counting", many, 1.0),
    ]


def plan_faults(rng, kills, runs, postgresql):
    """Draw the faults: which, and when."""
    moments = sorted(rng.uniform(0, LAST * runs) for _ in range(kills))
    names = [_draw(rng, KILLS, postgresql) for _ in moments]
    faults = []
    for number, (name, moment) in enumerate(zip(names, moments, strict=True)):
        if number % KILLS_A_PAUSE == KILLS_A_PAUSE - 1:
            faults.append(Fault(_draw(rng, PAUSES, True), moment, 0))
        soon = number and rng.random() < AT_ONCE
        at = None if soon else moment
        faults.append(Fault(name, at, rng.uniform(*SOON_SECONDS)))
    return faults


def _draw(rng, kinds, postgresql):
    names = [name for name in kinds if postgresql or name != "stop database"]
    return rng.choices(names, [kinds[name][0] for name in names])[0]


def queue(store, owner, request):
    """Queue a training as the page does."""
    task = registry.get_task(request.task)
    task.check(request.config, request.data)
    data = task.encode_data(request.data)
    title = task.title(request.data)
    return store.create(owner, request.task, request.config, title=title, data=data)


class Experiment:
    """Runs of a few kinds on one installation.

    Parameters
    ----------
    installation
        Where.
    seed, kills, runs, size
        What the faults are drawn from; how many; how many trainings, how long.
    seconds
        After so many no fault is begun.
    say
        Called with a line about each thing that happens.
    """

    def __init__(
        self,
        installation,
        *,
        seed,
        kills,
        runs,
        size,
        seconds=float("inf"),
        say=lambda _: None,
    ):
        self.installation, self.store = installation, installation.store
        self.seconds, self.say, self.rng = seconds, say, random.Random(seed)
        self.faults = plan_faults(self.rng, kills, runs, bool(installation.postgres))
        kinds = requests(size)
        first = self.rng.randrange(len(kinds))
        self.requests = [kinds[(first + n) % len(kinds)] for n in range(runs)]
        self.report = Report()
        self._progress = {}

    def run(self):
        """Train each kind undisturbed, then all runs with faults; compare them."""
        registry.TASKS["counting"] = counting.__name__
        try:
            self.expected = self._begin("undisturbed", self._kinds())
            self._until_all_ended(self.expected)
            self.began = time.monotonic()
            self.runs = self._begin("run", self.requests)
            for fault in self.faults:
                self._wait_for(fault)
                if self._over():
                    break  # what comes now would hit nobody
                self._inject(fault)
            self._until_all_ended(self.runs)
            self.say(f"{self._now():6.1f} s  all runs have ended")
            pairs = [(run, self._expectation(r)) for run, r in self.runs.items()]
            self.report.findings = check_runs(self.installation, pairs)
        finally:
            del registry.TASKS["counting"]
        return self.report

    def _kinds(self):
        return [r for n, r in enumerate(self.requests) if r not in self.requests[:n]]

    def _begin(self, owner, asked):
        """Queue trainings, each of an owner of its own; return them by (owner, id)."""
        owners = [f"{owner} {number}" for number in range(len(asked))]
        return {
            (owner, queue(self.store, owner, request)): request
            for owner, request in zip(owners, asked, strict=True)
        }

    def _expectation(self, request):
        return next(run for run, other in self.expected.items() if other == request)

    def _now(self):
        return time.monotonic() - self.began

    def _wait_for(self, fault):
        """Wait for the moment of a fault."""
        if fault.progress is None:
            time.sleep(fault.seconds)
            return
        wait_until(
            lambda: self._over() or self._all_progress() >= fault.progress,
            END_SECONDS,
            fault.name,
        )

    def _over(self):
        return self._now() > self.seconds or self._ended(self.runs)

    def _all_progress(self):
        """The parts of all runs that are done, added up."""
        for owner, run_id in self.runs:
            with suppress(StoreError):
                run = self.store.get(owner, run_id)
                part = run.progress / run.total if run.total else 0.0
                self._progress[run_id] = part if run.active else 1.0
        return sum(self._progress.values())

    def _inject(self, fault):
        for _ in range(TRIES):
            try:
                FAULTS[fault.name](self.installation, self.rng)
            except NoTargetError:
                time.sleep(0.5)
                continue
            self.report.happened[fault.name] += 1
            done = f"{self._all_progress():.2f} of {len(self.runs)} runs done"
            self.say(f"{self._now():6.1f} s  {fault.name:<20}{done}")
            return
        self.report.missed += 1
        self.say(f"{self._now():6.1f} s  {fault.name:<20}nothing there to hit")

    def _until_all_ended(self, runs):
        wait_until(lambda: self._ended(runs), END_SECONDS, "the end of all runs")

    def _ended(self, runs):
        with suppress(StoreError):
            found = [self.store.get(*run) for run in runs]
            return not any(run.active or run.closing for run in found)
        return False
