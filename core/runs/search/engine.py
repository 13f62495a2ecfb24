"""Advances studies: queues their next runs, and ends them."""

import hashlib
import json
import logging
import statistics
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from core.registry import get_task
from core.runs.run import Run, StoreError
from core.runs.search.pruning import Pruning, pruning_of
from core.runs.search.space import Plan
from core.runs.search.trials import LAG, Assessment, Observed, Trial, winner
from core.runs.search.verdict import compare
from core.runs.store.studies import Studies, Study
from core.task import AnyTask, Scalar, Settings, UserError, bounds_of

log = logging.getLogger(__name__)

FRESH_SEEDS = 5  # fewest seeds for the confirmation of the best settings
NewRun = dict[str, Any]


class Engine:
    """Advances all unfinished studies. Several engines may share a store.

    The trials of a study are derived from its runs alone, so the outcome does not
    depend on the engine, its caches or the time.
    """

    def __init__(self, studies: Studies) -> None:
        self.studies = studies
        self._curves: dict[str, tuple[int, tuple[float, ...]]] = {}  # heartbeat, losses
        self._decided: dict[tuple[str, int], Trial] = {}  # trials by study and number

    def advance(self) -> int:
        """Queue the next runs, end finished studies, and return how many are active."""
        active = self.studies.active()
        self._forget({study.id for study in active})
        for study in active:
            try:
                self._advance(study)
            except StoreError:
                raise
            except Exception as error:  # one study must not block the others
                log.exception("study %s failed", study.id)
                why = str(error) if isinstance(error, UserError) else UNEXPECTED
                self._end(study, study.summary, why)
        return len(active)

    def _advance(self, study: Study) -> None:
        search = Search(study)
        runs = {run.id: run for run in self.studies.runs(study.id)}
        curves = self._read_curves(search, runs)
        if study.status == "confirming":
            self._confirm(search, runs, curves)
            return
        trials, new_runs = search.trials(runs, curves, self._decided)
        summary: dict[str, Any] = {"trials": [search.entry(each) for each in trials]}
        tried = len(trials) == search.plan.extent.trials
        late = study.until is not None and time.time() > study.until
        if not (late or (tried and all(trial.decided for trial in trials))):
            if new_runs or summary != study.summary:
                self.studies.advance(
                    study, new_runs=new_runs, status="running", summary=summary
                )
            return
        if (best := winner(trials)) is None:
            failed = [each for each in runs.values() if each.status == "failed"]
            why = (failed[0].error or UNEXPECTED) if failed else TOO_SHORT
            self._end(study, summary, f"No trial was completed. {why}")
            return
        log.info("study %s: trial %d is to be confirmed", study.id, best.number)
        summary["best"] = best.number
        self.studies.advance(
            study,
            new_runs=search.confirmation(best.number, dict(best.settings)),
            status="confirming",
            summary=summary,
        )

    def _confirm(
        self,
        search: "Search",
        runs: Mapping[str, Run],
        curves: Mapping[str, tuple[float, ...]],
    ) -> None:
        """End a study after the trainings of best and default with new seeds."""
        study = search.study
        number = study.summary["best"]
        settings = study.summary["trials"][number]["settings"]
        wanted = search.confirmation(number, settings)
        found = [runs[run["id"]] for run in wanted if run["id"] in runs]
        if len(found) < len(wanted):  # runs missing after a restore
            self.studies.advance(
                study, new_runs=wanted, status=study.status, summary=study.summary
            )
        elif not any(run.active or run.closing for run in found):
            values: dict[str, list[float | None]] = {BEST: [], DEFAULT: []}
            tests: dict[str, list[dict[str, Scalar]]] = {BEST: [], DEFAULT: []}
            for run in found:
                which = BEST if run.trial == search.plan.extent.trials else DEFAULT
                values[which].append(search.value(run, curves))
                tests[which].append(run.summary)
            verdict = compare(values[BEST], values[DEFAULT]) if number else None
            summary = {
                **study.summary,
                "confirmed": {name: each for name, each in values.items() if each},
                "test": {name: _means(each) for name, each in tests.items() if each},
                "beats_default": verdict.beats_default if verdict else False,
                "p": verdict.p if verdict else None,
            }
            log.info("study %s done", study.id)
            self.studies.advance(study, new_runs=(), status="done", summary=summary)

    def _end(self, study: Study, summary: Mapping[str, Any], error: str) -> None:
        self.studies.advance(
            study, new_runs=(), status="failed", summary=summary, error=error
        )

    def _read_curves(
        self, search: "Search", runs: Mapping[str, Run]
    ) -> dict[str, tuple[float, ...]]:
        changed = {
            run.id
            for run in runs.values()
            if self._curves.get(run.id, (-1,))[0] != run.heartbeat
        }
        found = self.studies.curves(changed, search.task.OBJECTIVE)
        for run_id, curve in found.items():
            self._curves[run_id] = runs[run_id].heartbeat, curve
        return {run_id: self._curves[run_id][1] for run_id in runs}

    def _forget(self, active: set[str]) -> None:
        if not active:
            self._curves.clear()
        for key in [key for key in self._decided if key[0] not in active]:
            del self._decided[key]


BEST, DEFAULT = "best", "default"
UNEXPECTED = "The search ended on an unexpected error. The details are in the log."
TOO_SHORT = "The time limit was reached first; set more minutes, or shorter trainings."


class Search:
    """One study with its plan."""

    def __init__(self, study: Study) -> None:
        self.study = study

    @cached_property
    def plan(self) -> Plan:
        """Space and extent of the search."""
        return Plan.from_json(self.study.plan)

    @cached_property
    def task(self) -> AnyTask:
        """The task that is trained."""
        return get_task(self.study.task)

    @cached_property
    def base(self) -> Settings:
        """The settings that it starts from."""
        base: Settings = self.task.Config.from_json(self.study.config)
        return base

    def trials(
        self,
        runs: Mapping[str, Run],
        curves: Mapping[str, tuple[float, ...]],
        cache: dict[tuple[str, int], Trial],
    ) -> tuple[list[Trial], list[NewRun]]:
        """Return the trials so far, and the next runs.

        Parameters
        ----------
        runs, curves
            The runs of the study, and their objective after each epoch, by run id.
        cache
            Final trials by study and number; new ones are added.
        """
        trials: list[Trial] = []
        new_runs: list[NewRun] = []
        for number in range(self.plan.extent.trials):
            known = trials[: max(0, number - LAG + 1)]
            if not all(trial.decided for trial in known):
                break
            if (key := (self.study.id, number)) not in cache:
                pruning = self._pruning(known, runs.get(self.run_id(number, 0)))
                trial = self._trial(number, trials, pruning, runs, curves)
                new_runs += self._missing(trial, pruning, runs)
                if trial.state not in ("complete", "pruned"):
                    trials.append(trial)
                    continue
                cache[key] = trial
            trials.append(cache[key])
        return trials, new_runs

    def _pruning(self, known: Sequence[Trial], first: Run | None) -> Pruning:
        """Return the pruning limits of a trial, fixed when its first run was queued.

        They are computed again if the owner has resumed that run to its result.
        """
        if first and first.pruning:
            return Pruning.from_json(first.pruning)
        complete = [trial.best for trial in known if trial.state == "complete"]
        return pruning_of(self.task.OBJECTIVE, complete)

    def _trial(
        self,
        number: int,
        before: Sequence[Trial],
        pruning: Pruning,
        runs: Mapping[str, Run],
        curves: Mapping[str, tuple[float, ...]],
    ) -> Trial:
        names = [dimension.name for dimension in self.plan.space]
        ids = [self.run_id(number, seed) for seed in range(self.plan.extent.seeds)]
        if ids[0] in runs:
            values = runs[ids[0]].settings
        elif number:
            # Imported here: Optuna is needed by searches only.
            from core.runs.search.suggestion import suggest

            values = suggest(self.plan, before, number)
        else:
            values = self.base.values
        trial = Trial(number=number, settings={name: values[name] for name in names})
        observed = [
            Observed(status=runs[run_id].status, curve=curves[run_id])
            for run_id in ids
            if run_id in runs
        ]
        seeds = self.plan.extent.seeds
        return self._assessment(trial.settings).trial(trial, observed, seeds, pruning)

    def _assessment(self, settings: Mapping[str, Scalar]) -> Assessment:
        epochs = settings.get("epochs", self.base.values["epochs"])
        assert isinstance(epochs, int)
        keeps_best = bool(getattr(self.base, "patience", 0))
        return Assessment(keeps_best=keeps_best, epochs=epochs)

    def value(self, run: Run, curves: Mapping[str, tuple[float, ...]]) -> float | None:
        """Return the value of a finished run, None if it failed."""
        observed = Observed(status=run.status, curve=curves[run.id])
        return self._assessment(run.settings).value(observed)

    def _missing(
        self, trial: Trial, pruning: Pruning, runs: Mapping[str, Run]
    ) -> list[NewRun]:
        """Return the next runs of a trial: the first seed, then the others."""
        if trial.decided:
            return []
        first = runs.get(self.run_id(trial.number, 0))
        if first is None:
            return [self._run(trial.number, 0, trial.settings, pruning)]
        if first.active:
            return []
        no_limit = Pruning(metric=pruning.metric)
        return [
            self._run(trial.number, seed, trial.settings, no_limit)
            for seed in range(1, self.plan.extent.seeds)
            if self.run_id(trial.number, seed) not in runs
        ]

    def confirmation(self, number: int, settings: Mapping[str, Scalar]) -> list[NewRun]:
        """Return the runs of the best settings and of the default, with new seeds.

        The seeds of the search selected the best settings: their values are biased.
        """
        extent = self.plan.extent
        groups = {extent.trials: settings, extent.trials + 1: {}}
        if number == 0:
            del groups[extent.trials]
        return [
            self._run(trial, extent.seeds + seed, changes, None)
            for trial, changes in groups.items()
            for seed in range(max(FRESH_SEEDS, extent.seeds))
        ]

    def run_id(self, trial: int, seed: int) -> str:
        """Return the deterministic id of a run."""
        text = f"{self.study.id} {trial} {seed}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _run(
        self,
        trial: int,
        seed: int,
        settings: Mapping[str, Scalar],
        pruning: Pruning | None,
    ) -> NewRun:
        values = self.base.values
        first = values["seed"]
        assert isinstance(first, int)
        most = int(bounds_of(self.task.Config.__dataclass_fields__["seed"]).high)
        values |= {**settings, "seed": (first + seed) % (most + 1)}
        return {
            "id": self.run_id(trial, seed),
            "trial": trial,
            "config": json.dumps(values),
            "pruning": pruning.to_json() if pruning else None,
        }

    def entry(self, trial: Trial) -> dict[str, Any]:
        """Return a trial for the summary."""
        return {
            "number": trial.number,
            "settings": dict(trial.settings),
            "state": trial.state,
            "value": trial.value,
            "spread": trial.spread,
            "run": self.run_id(trial.number, 0),
        }


def _means(summaries: Sequence[Mapping[str, Scalar]]) -> dict[str, float]:
    """Return the mean of each number that all summaries have."""
    found = {}
    for name in summaries[0]:
        values = [each.get(name) for each in summaries]
        numbers = [v for v in values if isinstance(v, float)]
        if len(numbers) == len(values):
            found[name] = statistics.fmean(numbers)
    return found
