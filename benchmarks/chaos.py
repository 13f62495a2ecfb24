"""Kills at random moments of many runs: is anything lost, done twice, or different?

Each round has an installation of its own and four runs, on SQLite and PostgreSQL in
turn. The same seed draws the same faults; how far the runs are when they come is up
to the machine.
"""

import argparse
import secrets
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.chaos.faults import KILLS
from tests.chaos.installation import Installation
from tests.chaos.series import Series
from tests.postgres import programs

ROUND = 4  # runs
KINDS = {"both": ("sqlite", "postgresql")}


def main():
    """Run all rounds, print what happened and the totals; exit 1 if not all is well."""
    args = parse()
    print(f"seed {args.seed}: {args.kills} kills over {args.runs} runs", flush=True)
    kinds = KINDS.get(args.store, (args.store,))
    rounds = -(-args.runs // ROUND)
    reports = []
    for number in range(rounds):
        kills, runs = (share(all_, rounds, number) for all_ in (args.kills, args.runs))
        kind = kinds[number % len(kinds)] if programs() else "sqlite"
        print(f"round {number + 1} of {rounds}, {kind}: {kills} kills over {runs} runs")
        reports.append(play(kind, f"{args.seed}.{number}", kills, runs))
    sys.exit(0 if summarise(reports, args.runs) else 1)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    stores = ("both", "sqlite", "postgresql")
    parser.add_argument("--store", choices=stores, default="both")
    return parser.parse_args()


def share(total, parts, number):
    """The part of a whole number that falls to one of some nearly equal parts."""
    return total * (number + 1) // parts - total * number // parts


def play(kind, seed, kills, runs):
    """Play one round in a home of its own; its logs are kept if all is not well."""
    home = Path(tempfile.mkdtemp())
    say(f"logs in {home}")
    installation = Installation(home, kind)
    try:
        series = Series(
            installation, seed=seed, kills=kills, runs=runs, size=1, say=say
        )
        report = series.run()
    finally:
        installation.close()
    if report.verdict.good:
        shutil.rmtree(home)
    return report


def say(line):
    print(line, flush=True)


def summarise(reports, runs):
    """Print the totals; return whether all is well."""
    verdicts = [report.verdict for report in reports]
    for verdict in verdicts:
        for sentence in (*verdict.lost, *verdict.duplicated, *verdict.different):
            print(sentence)
    happened = sum((report.happened for report in reports), Counter())
    for name, number in sorted(happened.items()):
        print(f"{name:<24}{number:>4}")
    kills = sum(happened[name] for name in KILLS)
    print(f"{kills} kills and {happened.total() - kills} pauses over {runs} runs,")
    print(f"{sum(report.missed for report in reports)} more found nothing to hit;")
    executions = sum(v.executions for v in verdicts)
    refused = sum(v.refused for v in verdicts)
    print(f"{executions} executions, {refused} refused writes, longest overlap", end="")
    print(f" {max(v.longest_overlap for v in verdicts):.2f} s")
    print(
        f"lost {sum(len(v.lost) for v in verdicts)}, "
        f"duplicated {sum(len(v.duplicated) for v in verdicts)}, "
        f"different {sum(len(v.different) for v in verdicts)}"
    )
    return all(verdict.good for verdict in verdicts)


if __name__ == "__main__":
    main()
