"""Significance tests of settings over random seeds.

Two settings are compared by Welch's t-test of the results of their seeds. The best one
is selected by these same results, so all pairs of settings count as tested, with Holm's
correction.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Literal

from core.comparison.curves import VALIDATION_LOSS
from core.figures.palette import LETTERS
from core.registry import get_task
from core.runs.run import Run, settings_but_seed
from core.stats import finite, holm, welch
from core.table.writer import write_rows
from core.task import Measure, Point

ALPHA = 0.05
SEEDS = 2  # needed for a spread
Kind = Literal["best", "worse", "open", "failed", "one seed", "none"]


LOWEST_LOSS = Measure(
    VALIDATION_LOSS, "Lowest validation loss", "low", "validation"
)  # metrics of the curve, for tasks whose results have no validation metric


def measures_of(task: str, metrics: Sequence[str]) -> list[Measure]:
    """Return the measures by which runs of a task with these metrics are compared."""
    found = list(get_task(task).MEASURES)
    judged = any(measure.part == "validation" for measure in found)
    return found if judged or VALIDATION_LOSS not in metrics else [LOWEST_LOSS, *found]


def lowest_loss(task: str, points: Sequence[Point]) -> float | None:
    """Return the value of `LOWEST_LOSS` from the points of all epochs of a run.

    It is the objective of searches. The prices' `val_loss` is not: it averages all
    folds, and those after the first are validated in the test half.
    """
    metric = get_task(task).OBJECTIVE
    losses = [point.metrics.get(metric, math.inf) for point in points]
    return finite(min(losses, default=None))


@dataclass(frozen=True)
class Setting:
    """The runs of the same settings without the seed, on the same data."""

    places: tuple[int, ...]  # positions of the compared ones
    data: str  # digest of their data: results on different data cannot be compared
    runs: tuple[Run, ...]  # all of them, compared or not, by age

    @property
    def by_seed(self) -> dict[int, Run]:
        """The newest finished run of each seed: the same seed repeats its result."""
        return {_seed(run): run for run in self.runs if run.status == "done"}

    @property
    def failed(self) -> int:
        """Number of seeds whose trainings have failed only."""
        failed = {_seed(run) for run in self.runs if run.status == "failed"}
        return len(failed - self.by_seed.keys())

    @property
    def training(self) -> int:
        """Number of unfinished runs."""
        return sum(run.active for run in self.runs)

    def missing(self, enough: int) -> int:
        """Return the number of further runs for enough seeds."""
        return max(0, enough - len(self.by_seed) - self.training)

    def next_seeds(self, count: int, highest: int) -> list[int]:
        """Return the lowest unused seeds."""
        used = {_seed(run) for run in self.runs if run.active or run.status == "done"}
        free = (seed for seed in range(highest + 1) if seed not in used)
        return list(itertools.islice(free, count))


@dataclass(frozen=True)
class Verdict:
    """The outcome for a setting by one measure."""

    values: tuple[float, ...]  # its results, one for each seed
    # `best` if it is significantly better than every other setting with two seeds or
    # more; `worse` if the setting with the best mean is significantly better; `open`
    # without significance; `failed` if some seeds failed, which biases the mean of the
    # others; `one seed`, too few for a test; `none` without a result
    kind: Kind
    leads: bool = False  # whether its mean is the best
    # Against the setting with the best mean; for that one the largest p of its tests.
    # Corrected for all pairs; None without a test.
    p: float | None = None
    failed: int = 0  # number of seeds without a result

    @property
    def mean(self) -> float:
        """The mean over the seeds."""
        return fmean(self.values)

    @property
    def deviation(self) -> float:
        """The standard deviation over the seeds, two or more."""
        return stdev(self.values)


def group_by_setting(
    compared: Sequence[Run], repeats: Sequence[Run], data_of: Callable[[str], str]
) -> list[Setting]:
    """Return the different settings of the compared runs, in their order.

    `repeats` are runs that may be further seeds, including the compared ones; `data_of`
    returns the digest of a run's data by its id.
    """

    def key(run: Run) -> tuple[str, str]:
        return settings_but_seed(run.task, run.config), data_of(run.id)

    every = {run.id: run for run in (*repeats, *compared)}
    oldest_first = sorted(every.values(), key=lambda run: run.created)
    places: dict[tuple[str, str], list[int]] = {}
    for place, run in enumerate(compared):
        places.setdefault(key(run), []).append(place)
    runs: dict[tuple[str, str], list[Run]] = {name: [] for name in places}
    for run in oldest_first:
        if (name := key(run)) in runs:
            runs[name].append(run)
    return [
        Setting(tuple(at), name[1], tuple(runs[name])) for name, at in places.items()
    ]


def verdicts(
    settings: Sequence[Setting],
    measure: Measure,
    value_of: Callable[[Run, Measure], float | None],
) -> list[Verdict]:
    """Test each setting by a measure against the others on the same data."""
    values = [
        tuple(
            value
            for run in setting.by_seed.values()
            if (value := value_of(run, measure)) is not None
        )
        for setting in settings
    ]
    failed = [
        setting.failed + len(setting.by_seed) - len(each) if each else 0
        for setting, each in zip(settings, values, strict=True)
    ]
    found: dict[int, Verdict] = {}
    for data in dict.fromkeys(setting.data for setting in settings):
        places = [n for n, setting in enumerate(settings) if setting.data == data]
        whole = [() if failed[n] else values[n] for n in places]
        judged = judge(whole, low=measure.better == "low")
        found |= dict(zip(places, judged, strict=True))
    return [
        Verdict(each, "failed", failed=failed[n]) if failed[n] else found[n]
        for n, each in enumerate(values)
    ]


def judge(values: Sequence[tuple[float, ...]], *, low: bool) -> list[Verdict]:
    """Test settings by the results of their seeds; `low` or high ones are better."""
    known = [n for n, each in enumerate(values) if len(each) >= SEEDS]
    p = corrected_p([values[n] for n in known])
    order = min if low else max
    best = order(known, key=lambda n: fmean(values[n])) if len(known) > 1 else None
    found = []
    for n, each in enumerate(values):
        if len(each) < SEEDS:
            found.append(Verdict(each, "one seed" if each else "none"))
        elif best is None:
            found.append(Verdict(each, "open"))
        elif n == best:
            others = [p[_pair(known, n, other)] for other in known if other != n]
            kind: Kind = "best" if max(others) < ALPHA else "open"
            found.append(Verdict(each, kind, leads=True, p=max(others)))
        else:
            against = p[_pair(known, n, best)]
            found.append(
                Verdict(each, "worse" if against < ALPHA else "open", p=against)
            )
    return found


def _pair(known: Sequence[int], one: int, other: int) -> tuple[int, int]:
    first, second = sorted((known.index(one), known.index(other)))
    return first, second


def corrected_p(values: Sequence[Sequence[float]]) -> dict[tuple[int, int], float]:
    """Return the p-value of each pair of samples, corrected for all pairs."""
    pairs = list(itertools.combinations(range(len(values)), 2))
    p_values = [welch(values[a], values[b]) for a, b in pairs]
    return dict(zip(pairs, holm(p_values), strict=True))


def results_csv(
    settings: Sequence[Setting], judged: Mapping[Measure, Sequence[Verdict]]
) -> str:
    """Write one line for each measure and setting."""
    rows = [
        {
            "measure": measure.key,
            "part": measure.part,
            "better": measure.better,
            "runs": " ".join(LETTERS[place] for place in setting.places),
            "seeds": len(verdict.values),
            "mean": verdict.mean if verdict.values else "",
            "deviation": verdict.deviation if len(verdict.values) >= SEEDS else "",
            "p": "" if verdict.p is None else verdict.p,
            "verdict": verdict.kind,
        }
        for measure, found in judged.items()
        for setting, verdict in zip(settings, found, strict=True)
    ]
    return write_rows([rows[0], *(row.values() for row in rows)])


def _seed(run: Run) -> int:
    return int(run.settings["seed"] or 0)
