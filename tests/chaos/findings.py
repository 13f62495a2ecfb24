"""Whether runs are as they should be: none lost, none done twice, all the same."""

import dataclasses
import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from core import registry
from tests.chaos import recorder

TOLERANCE = 1e-6
# What differs between two runs of the same training
OWN = ("seconds", "fit_cpu_seconds", "model")


@dataclass
class Findings:
    """What is wrong with runs, in sentences.

    `lost` and `different` are about runs; `duplicated` about writes of an execution
    whose run had been taken over.
    """

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    executions: int = 0
    results_so_far: int = 0  # of stopped runs
    refused: int = 0  # writes of superseded executions
    longest_overlap: float = 0.0  # seconds that one trained after it was superseded

    @property
    def good(self):
        return not (self.lost or self.duplicated or self.different)


@dataclass(frozen=True)
class StopFound:
    """A run that was stopped, as it was when its result so far was to be there."""

    run_id: str
    request: object
    state: dict | None  # of its checkpoint
    result: bytes | None


def check_stops(stops, findings):
    """Compare the results so far with what the checkpoints of the stops come to."""
    for stop in stops:
        prefix = f"run {stop.run_id}: the result of its stop"
        task = registry.get_task(stop.request.task)
        if stop.result is None:
            findings.lost.append(f"{prefix} is missing")
            continue
        findings.results_so_far += 1
        training = task.train(stop.request.config, stop.request.data, stop.state)
        next(training)
        expected = _ended_now(training).encode()
        if not alike(*map(task.Result.decode, (stop.result, expected))):
            findings.different.append(f"{prefix} differs")


def _ended_now(training):
    try:
        while True:
            training.send(True)
    except StopIteration as end:
        return end.value


def check_runs(installation, pairs):
    """Compare runs with undisturbed ones, both as (owner, id)."""
    findings = Findings()
    store, records = installation.store, recorder.read(installation.home)
    restores = [record["began"] for record in records if record["what"] == "restore"]
    for run, expected in pairs:
        mine = [record for record in records if record["run"] == run[1]]
        # Starts count from those in the back-up; older executions are dead.
        for since, until in pairwise([-math.inf, *restores, math.inf]):
            part = [record for record in mine if since <= record["began"] < until]
            check_executions(part, findings)
        found = store.get(*run)
        if found is None or found.status != "done":
            state = f"{found.status} ({found.error})" if found else "gone"
            findings.lost.append(f"run {run[1]} of {found and found.task} is {state}")
        elif not any(record["what"] == "finish" for record in mine):
            findings.lost.append(f"run {run[1]}: no worker was seen to finish it")
        else:
            findings.different += differences(store, run, expected)
    return findings


def differences(store, run, expected):
    """Return what differs between the points and the results of two runs."""
    mine, theirs = (points(store, run_id) for _, run_id in (run, expected))
    total = store.get(*run).total
    prefix = f"run {run[1]}:"
    if store.get(*expected).starts != 1:
        return [f"{prefix} the run it is compared with was disturbed"]
    if list(mine) != list(range(1, len(theirs) + 1)) or list(mine) != list(theirs):
        return [f"{prefix} has {len(mine)} points, expected {len(theirs)} of {total}"]
    differ = [e for e in mine if not alike(mine[e].metrics, theirs[e].metrics)]
    if differ:
        return [f"{prefix} {len(differ)} points differ, the first at epoch {differ[0]}"]
    results = [_result(store, *which) for which in (run, expected)]
    return [] if alike(*results) else [f"{prefix} its result differs"]


def points(store, run_id):
    return {point.epoch: point for point in store.points(run_id, most=10**9)}


def _result(store, owner, run_id):
    task = store.get(owner, run_id).task
    return registry.get_task(task).Result.decode(store.result(owner, run_id))


def alike(one, other):
    """Whether two values are the same, numbers within the tolerance."""
    if type(one) is not type(other):
        return False
    if dataclasses.is_dataclass(one):
        names = [f.name for f in dataclasses.fields(one) if f.name not in OWN]
        return all(alike(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, np.ndarray) and one.dtype.kind != "f":
        return np.array_equal(one, other)
    if isinstance(one, float | np.ndarray):
        return np.shape(one) == np.shape(other) and np.allclose(
            one, other, rtol=0, atol=TOLERANCE, equal_nan=True
        )
    return one == other


def check_executions(records, findings):
    """Look for two executions of one run at the same time.

    A write counts as late only if it began after the claim of a later execution had
    been answered: between the two, either may come first.
    """
    claims = {n["start"]: n for n in records if n["what"] == "claim"}
    findings.executions += len(claims)
    writes = [n for n in records if n["what"] not in ("claim", "refused")]
    for record in writes:
        later = [c for start, c in claims.items() if start > record["start"]]
        if any(record["began"] > claim["ended"] for claim in later):
            findings.duplicated.append(
                f"run {record['run']}: execution {record['start']} wrote "
                f"{record['what']} after it was superseded"
            )
    ends = sum(n.get("status") == "done" for n in writes)
    if ends > 1:
        findings.duplicated.append(f"run {records[0]['run']} was finished {ends} times")
    refused = defaultdict(list)
    for record in (n for n in records if n["what"] == "refused"):
        findings.refused += 1
        refused[record["start"]].append(record)
        superseded = [
            c["ended"] for start, c in claims.items() if start > record["start"]
        ]
        if superseded:
            overlap = record["ended"] - min(superseded)
            findings.longest_overlap = max(findings.longest_overlap, overlap)
    for start, some in refused.items():
        if len(some) > 1:
            prefix = f"run {some[0]['run']}: execution {start} went on"
            findings.duplicated.append(f"{prefix} after a write of its was refused")
