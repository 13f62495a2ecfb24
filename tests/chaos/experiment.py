"""Runs with faults at random moments: planned by a seed, checked at the end."""

import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace

from core import emoji, music, registry, stock
from core.lesson import adding, writing
from core.runs.run import StoreError
from core.runs.store import Checkpoints
from tests.chaos import moments
from tests.chaos.faults import FAULTS, KILLS, PAUSES, AtMoment, NoTargetError
from tests.chaos.findings import Findings, StopFound, check_runs, check_stops
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
    stops: int = 0  # of runs, each of which went on
    findings: Findings = field(default_factory=Findings)

    @property
    def kills(self):
        return sum(self.happened[name] for name in KILLS)


def requests(size):
    """One training of each task; `size` times some seconds of work each."""
    _, prices = stock.TASK.tiny()
    _, names = writing.TASK.tiny()
    (answers, sentences), (melodies, pieces) = emoji.TASK.tiny(), music.TASK.tiny()
    classic = {"units": 8, "window": 40, "batch": 30, "epochs": round(300 * size)}
    honest = {"units": 4, "window": 16, "batch": 8, "folds": 2, "seeds": 2}
    lesson = {"units": 8, "epochs": round(150 * size), "steps": 20}
    many = counting.Config(epochs=round(20_000 * size))
    return [
        Request("stock", stock.Config.preset("classic", **classic), prices),
        Request("adding", adding.Config(**lesson, length=12, batch=16), None),
        Request("stock", stock.Config(**honest, epochs=round(20 * size)), prices),
        Request("text", writing.Config(**lesson, batch=8, sample=2), names),
        Request("emoji", replace(answers, epochs=round(20 * size)), sentences),
        Request("music", replace(melodies, epochs=round(40 * size)), pieces),
        Request("counting", many, 1.0),
    ]


def plan_faults(rng, kills, runs, postgresql):
    """Draw the faults: which, and when. Many kills are of every kind."""
    times = sorted(rng.uniform(0, LAST * runs) for _ in range(kills))
    kinds = _possible(KILLS, postgresql)
    names = rng.sample(kinds, min(kills, len(kinds)))
    names += [_draw(rng, KILLS, postgresql) for _ in range(kills - len(names))]
    rng.shuffle(names)
    faults = []
    for number, (name, moment) in enumerate(zip(names, times, strict=True)):
        if number % KILLS_A_PAUSE == KILLS_A_PAUSE - 1:
            faults.append(Fault(_draw(rng, PAUSES, True), moment, 0))
        soon = number and rng.random() < AT_ONCE
        at = None if soon else moment
        faults.append(Fault(name, at, rng.uniform(*SOON_SECONDS)))
    return faults


def _possible(kinds, postgresql):
    return [name for name in kinds if postgresql or name != "stop database"]


def _draw(rng, kinds, postgresql):
    names = _possible(kinds, postgresql)
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
        self.runs = {}
        self._progress = {}
        self._asked = []  # names of faults whose moments have not come
        self._stops = []  # stopped runs, as they were resumed
        self._restored = set()  # runs that a back-up has as stopped

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
            self.report.missed += len(self._asked)
            pairs = [(run, self._expectation(r)) for run, r in self.runs.items()]
            self.report.findings = check_runs(self.installation, pairs)
            check_stops(self._stops, self.report.findings)
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
        since = self._now()

        def has_come():
            if fault.progress is None:
                return self._now() - since >= fault.seconds
            return self._all_progress() >= fault.progress

        wait_until(lambda: self._over() or has_come(), END_SECONDS, fault.name)

    def _over(self):
        return self._now() > self.seconds or self._ended(self.runs)

    def _strike(self):
        """Kill a worker that stands still at a moment that was asked for."""
        home = self.installation.home
        for name in dict.fromkeys(self._asked):
            fault = FAULTS[name]
            if not (pid := moments.reached(home, fault.moment)):
                continue
            with suppress(NoTargetError):  # another fault was quicker
                fault.strike(self.installation, pid)
                self._asked.remove(name)
                self._note(name)
            moments.leave(home, fault.moment, pid)
            for other in self._asked:
                moments.ask(home, FAULTS[other].moment)
            return

    def _note(self, name):
        self.report.happened[name] += 1
        done = f"{self._all_progress():.2f} of {len(self.runs)} runs done"
        self.say(f"{self._now():6.1f} s  {name:<22}{done}")

    def _resume(self, owner, run_id):
        """Press Resume, after a note of what a stopped run has learned so far."""
        run, result = (f(owner, run_id) for f in (self.store.get, self.store.result))
        place = self.installation.site.checkpoints
        state, _ = Checkpoints(place, self.store.installation()).load(run_id)
        # A back-up of the moment has an older checkpoint, or no result; one that was
        # ended by force has none.
        if not (run.error or run_id in self._restored):
            request = self.runs[owner, run_id]
            self._stops.append(StopFound(run_id, request, state, result))
        self._restored.discard(run_id)
        self.report.stops += 1
        self.store.request_resume(owner, run_id)

    def _all_progress(self):
        """The parts of all runs that are done, added up."""
        for owner, run_id in self.runs:
            with suppress(StoreError):
                run = self.store.get(owner, run_id)
                part = run.progress / run.total if run.total else 0.0
                ended = run.status in ("done", "failed")
                self._progress[run_id] = 1.0 if ended else part
        return sum(self._progress.values())

    def _inject(self, fault):
        for _ in range(TRIES):
            try:
                FAULTS[fault.name](self.installation, self.rng)
            except NoTargetError:
                time.sleep(0.5)
                continue
            if isinstance(FAULTS[fault.name], AtMoment):
                self._asked.append(fault.name)
            else:
                self._note(fault.name)
            if fault.name == "restore of back-up":
                found = [self.store.get(*run) for run in self.runs]
                self._restored = {run.id for run in found if run.status == "stopped"}
            return
        self.report.missed += 1
        self.say(f"{self._now():6.1f} s  {fault.name:<22}nothing there to hit")

    def _until_all_ended(self, runs):
        wait_until(lambda: self._ended(runs), END_SECONDS, "the end of all runs")

    def _ended(self, runs):
        """Whether all runs have ended; strike and resume meanwhile."""
        self._strike()
        with suppress(StoreError):
            found = {run: self.store.get(*run) for run in runs}
            for which, run in found.items():
                if run.status == "stopped" and not run.closing:
                    self._resume(*which)
            return all(run.status in ("done", "failed") for run in found.values())
        return False
