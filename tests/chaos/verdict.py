"""Whether runs came through: none lost, none done twice, all with the same end."""

import dataclasses
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np

from core import registry
from tests.chaos import witness

TOLERANCE = 1e-6
OWN = ("seconds", "model")  # what differs between two runs of the same training


@dataclass
class Verdict:
    """What was found, in sentences.

    `lost` and `different` are about runs; `duplicated` about writes of an execution
    whose run had been taken over.
    """

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    executions: int = 0
    refused: int = 0  # writes of superseded executions that found the door shut
    longest_overlap: float = 0.0  # seconds one trained on before it found out

    @property
    def good(self):
        return not (self.lost or self.duplicated or self.different)


def judge(installation, pairs):
    """Compare runs with undisturbed ones, both as (owner, id)."""
    verdict = Verdict()
    store, notes = installation.store, witness.read(installation.home)
    for run, expected in pairs:
        mine = [note for note in notes if note["run"] == run[1]]
        check_executions(mine, verdict)
        found = store.get(*run)
        if found is None or found.status != "done":
            state = f"{found.status} ({found.error})" if found else "gone"
            verdict.lost.append(f"run {run[1]} of {found and found.task} is {state}")
        elif not any(note["what"] == "finish" for note in mine):
            verdict.lost.append(f"run {run[1]}: no worker was seen to finish it")
        else:
            verdict.different += differences(store, run, expected)
    return verdict


def differences(store, run, expected):
    """Return what differs between the points and the results of two runs."""
    mine, theirs = (points(store, run_id) for _, run_id in (run, expected))
    total = store.get(*run).total
    told = f"run {run[1]}:"
    if store.get(*expected).starts != 1:
        return [f"{told} the run it is compared with was disturbed"]
    if list(mine) != list(range(1, len(theirs) + 1)) or list(mine) != list(theirs):
        return [f"{told} has {len(mine)} points, expected {len(theirs)} of {total}"]
    differ = [e for e in mine if not alike(mine[e].metrics, theirs[e].metrics)]
    if differ:
        return [f"{told} {len(differ)} points differ, the first at epoch {differ[0]}"]
    results = [_result(store, *which) for which in (run, expected)]
    return [] if alike(*results) else [f"{told} its result differs"]


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


def check_executions(notes, verdict):
    """Look for two executions of one run at work at once.

    A write counts as late only if it began after the claim of a later execution had
    been answered: between the two, either may come first.
    """
    claims = {n["start"]: n for n in notes if n["what"] == "claim"}
    verdict.executions += len(claims)
    writes = [n for n in notes if n["what"] not in ("claim", "refused")]
    for note in writes:
        later = [c for start, c in claims.items() if start > note["start"]]
        if any(note["began"] > claim["ended"] for claim in later):
            told = f"run {note['run']}: execution {note['start']} wrote"
            verdict.duplicated.append(f"{told} {note['what']} after it was superseded")
    ends = Counter(n["what"] for n in writes)["finish"]
    if ends > 1:
        verdict.duplicated.append(f"run {notes[0]['run']} was finished {ends} times")
    refused = defaultdict(list)
    for note in (n for n in notes if n["what"] == "refused"):
        verdict.refused += 1
        refused[note["start"]].append(note)
        taken = [c["ended"] for start, c in claims.items() if start > note["start"]]
        if taken:
            overlap = note["ended"] - min(taken)
            verdict.longest_overlap = max(verdict.longest_overlap, overlap)
    for start, some in refused.items():
        if len(some) > 1:
            told = f"run {some[0]['run']}: execution {start} went on"
            verdict.duplicated.append(f"{told} after a write of its was refused")
