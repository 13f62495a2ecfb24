"""Kills at random moments of many runs: is anything lost, done twice, or different?

Each round has an installation of its own and four runs, on SQLite and PostgreSQL in
turn. The same seed draws the same faults; how far the runs are when they come is up
to the machine. Last, runs that kill their workers: how soon do they fail, and does
the run beside them notice?
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
from tests.chaos import witness
from tests.chaos.faults import KILLS
from tests.chaos.installation import Installation
from tests.chaos.series import Request, Series, ask
from tests.conftest import wait_until
from tests.core.runs import counting
from tests.postgres import programs

ROUND = 4  # runs
SIZE = 2  # of a run, see `tests.chaos.series.requests`
STORES = {"both": ("sqlite", "postgresql")}
FAIL_SECONDS = 60  # for a poisoned run


def main():
    """Do what is asked for; exit 1 if not all is well."""
    args = parse()
    well = poison() if args.poison else storms(args)
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


def storms(args):
    """Play all rounds, print what happened and the totals; return whether all is well.

    The seed of a round is that of the series and the number of the round.
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
            series = Series(
                installation,
                seed=f"{args.seed}.{number}",
                kills=kills,
                runs=runs,
                size=SIZE,
                seconds=args.seconds,
                say=say,
            )
            reports.append(series.run())
            installation.keep = not reports[-1].verdict.good
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
    verdicts = [report.verdict for report in reports]
    for verdict in verdicts:
        for sentence in (*verdict.lost, *verdict.duplicated, *verdict.different):
            say(sentence)
    happened = sum((report.happened for report in reports), Counter())
    for name, number in sorted(happened.items()):
        say(f"{name:<24}{number:>4}")
    kills = sum(happened[name] for name in KILLS)
    say(f"{kills} kills and {happened.total() - kills} pauses over {runs} runs")
    executions = sum(verdict.executions for verdict in verdicts)
    refused = sum(verdict.refused for verdict in verdicts)
    overlap = max(verdict.longest_overlap for verdict in verdicts)
    say(f"{executions} executions; {refused} writes refused to superseded ones,")
    say(f"which trained beside their successor for {overlap:.2f} s at most")
    totals = [
        f"{name} {sum(len(getattr(verdict, name)) for verdict in verdicts)}"
        for name in ("lost", "duplicated", "different")
    ]
    say(", ".join(totals))
    return all(verdict.good for verdict in verdicts)


def poison():
    """Time how long runs that kill their workers take to fail, beside a long one."""
    registry.TASKS.update(witness.TASKS)
    well = True
    with installed("sqlite") as installation:
        store = installation.store
        long = {"units": 8, "window": 120, "batch": 60, "epochs": 1000}
        config = stock.Config.preset("classic", **long)
        beside = ask(store, "beside", Request("stock", config, stock.example()[1]))
        wait_until(lambda: store.get("beside", beside).progress > 1, 240)
        for task in ("poisoned", "hungry"):
            began = time.monotonic()
            run_id = ask(store, task, Request(task, counting.Config(), 1.0))
            wait_until(lambda run_id=run_id, o=task: not store.get(o, run_id).active)
            seconds, run = time.monotonic() - began, store.get(task, run_id)
            say(f"{task:<10}{run.status} after {seconds:4.1f} s (<= {FAIL_SECONDS})")
            well &= run.status == "failed" and seconds <= FAIL_SECONDS
        other = store.get("beside", beside)
        say(f"the run beside them is {other.status}, started {other.starts} time(s)")
    return well and other.status == "running" and other.starts == 1


if __name__ == "__main__":
    main()
