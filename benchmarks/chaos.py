"""Process kills at random moments of many runs, and their effect on the results.

Each round has its own installation and four runs, alternately on SQLite and PostgreSQL.
The same seed draws the same faults; the progress of the runs at that time depends on
the machine. At the end, runs that crash their workers: the time until they fail, and
their effect on another run.
"""

import argparse
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from core import registry, stock
from tests.chaos import recorder
from tests.chaos.experiment import Experiment, Request, queue
from tests.chaos.faults import KILLS
from tests.chaos.installation import Installation
from tests.conftest import wait_until
from tests.core.runs import counting
from tests.postgres import programs

ROUND = 4  # runs
SIZE = 2  # of a run, see `tests.chaos.experiment.requests`
STORES = {"both": ("sqlite", "postgresql")}
FAIL_SECONDS = 60  # for a poisoned run


def main():
    """Run what the arguments say; exit 1 if something is wrong."""
    args = parse()
    well = poison() if args.poison else run_rounds(args)
    sys.exit(0 if well else 1)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    stores = ("both", "sqlite", "postgresql")
    parser.add_argument("--store", choices=stores, default="both")
    parser.add_argument(
        "--seconds", type=float, default=900, help="of kills, the longest in a round"
    )
    parser.add_argument("--poison", action="store_true", help="Only poisoned runs.")
    return parser.parse_args()


def run_rounds(args):
    """Run all rounds, print what happened and the totals; return whether all is well.

    The seed of a round is that of the experiment and the number of the round.
    """
    say(f"seed {args.seed}: {args.kills} kills over {args.runs} runs")
    stores = STORES.get(args.store, (args.store,))
    rounds = -(-args.runs // ROUND)
    reports = []
    for number in range(rounds):
        kills, runs = (share(all_, rounds, number) for all_ in (args.kills, args.runs))
        store = stores[number % len(stores)] if programs() else "sqlite"
        say(f"round {number + 1} of {rounds}, {store}: {kills} kills over {runs} runs")
        with installed(store) as installation:
            experiment = Experiment(
                installation,
                seed=f"{args.seed}.{number}",
                kills=kills,
                runs=runs,
                size=SIZE,
                seconds=args.seconds,
                say=say,
            )
            reports.append(experiment.run())
            installation.keep = not reports[-1].findings.good
    return summarise(reports, args.runs)


def share(total, parts, number):
    """The part of a whole number that falls to one of some nearly equal parts."""
    return total * (number + 1) // parts - total * number // parts


@contextmanager
def installed(store):
    """An installation for a while; its files stay if all is not well."""
    home = Path(tempfile.mkdtemp())
    say(f"files in {home}")
    installation = Installation(home, store)
    try:
        yield installation
    finally:
        installation.close()
    if not installation.keep:
        shutil.rmtree(home)


def say(line):
    print(line, flush=True)


def summarise(reports, runs):
    """Print the totals; return whether all is well."""
    all_findings = [report.findings for report in reports]
    for findings in all_findings:
        for sentence in (*findings.lost, *findings.duplicated, *findings.different):
            say(sentence)
    happened = sum((report.happened for report in reports), Counter())
    for name, number in sorted(happened.items()):
        say(f"{name:<24}{number:>4}")
    kills = sum(happened[name] for name in KILLS)
    say(f"{kills} kills and {happened.total() - kills} pauses over {runs} runs")
    executions = sum(findings.executions for findings in all_findings)
    refused = sum(findings.refused for findings in all_findings)
    overlap = max(findings.longest_overlap for findings in all_findings)
    say(f"{executions} executions; {refused} writes refused to superseded ones,")
    say(f"which trained beside their successor for {overlap:.2f} s at most")
    results = sum(findings.results_so_far for findings in all_findings)
    say(f"{sum(report.stops for report in reports)} runs were stopped and resumed,")
    say(f"{results} after their results so far; a forced end or a restore leaves none")
    totals = [
        f"{name} {sum(len(getattr(findings, name)) for findings in all_findings)}"
        for name in ("lost", "duplicated", "different")
    ]
    say(", ".join(totals))
    return all(findings.good for findings in all_findings)


def poison():
    """Time how long runs that kill their workers take to fail, beside a long one."""
    registry.TASKS.update(recorder.TASKS)
    well = True
    with installed("sqlite") as installation:
        store = installation.store
        long = {"units": 8, "window": 120, "batch": 60, "epochs": 1000}
        config = stock.Config.preset("classic", **long)
        beside = queue(
            store, "beside", Request("stock", config, stock.TASK.example()[1])
        )
        wait_until(lambda: store.get("beside", beside).progress > 1, 240)
        for task in ("poisoned", "out_of_memory"):
            began = time.monotonic()
            run_id = queue(store, task, Request(task, counting.Config(), 1.0))
            wait_until(lambda run_id=run_id, o=task: not store.get(o, run_id).active)
            seconds, run = time.monotonic() - began, store.get(task, run_id)
            say(f"{task:<10}{run.status} after {seconds:4.1f} s (<= {FAIL_SECONDS})")
            well &= run.status == "failed" and seconds <= FAIL_SECONDS
        other = store.get("beside", beside)
        say(f"the run beside them is {other.status}, started {other.starts} time(s)")
    return well and other.status == "running" and other.starts == 1


if __name__ == "__main__":
    main()
