"""A search on all workers against its trainings one after the other.

    python -m benchmarks.search               24 trials of two seeds, about six minutes
    python -m benchmarks.search --trials 8    a short one

The search is run twice with an installation of its own; in the second, a worker is
killed and the search is stopped and resumed. Both must come to the same. Then the
settings of its trials are trained one after the other in one process, each with all
its seeds and to its last epoch.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported, as in a worker

import psutil

from core.lesson import adding
from core.runs import Platform, Site
from core.runs.search.engine import Search
from core.runs.search.space import Extent, Plan, parse_space
from tests.conftest import end_cluster, wait_until

OWNER = "benchmark"
SECONDS = 600  # for one search
CONFIG = adding.Config(units=16, length=30, epochs=20, steps=40, batch=32)
SPACE = ("units=4:32", "learning_rate=1e-4:0.3:log", "clip=0.1:10:log")


def main():
    """Run both searches and the trainings; exit 1 if the searches differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=24)
    parser.add_argument("--seeds", type=int, default=2)
    args = parser.parse_args()
    space = parse_space(SPACE, adding.Config)
    extent = Extent(trials=args.trials, seeds=args.seeds, minutes=60)
    plan = Plan(space=space, extent=extent)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        site = Site(
            home=home, database_url=f"sqlite:///{home / 'runs.sqlite'}", priority="low"
        )
        platform = Platform(site)
        try:
            same, settings, seconds = compare(platform, plan)
        finally:
            platform.close()
            end_cluster(home)
    began = time.perf_counter()
    for config in settings:
        for _ in adding.train(config):
            pass
    alone = time.perf_counter() - began
    say(f"its {len(settings)} trainings one after the other: {alone:.0f} s")
    say(f"{alone / seconds:.2f} times as long as the search")
    sys.exit(0 if same else 1)


def compare(platform, plan):
    """Search twice; return whether both are the same, all settings, and the time."""
    platform.supervisor.warm()
    wait_until(lambda: workers(platform), what="workers")
    say(f"{workers(platform)} workers, {plan.extent.trials} trials")
    seconds, study = search(platform, plan)
    trials, best = study.summary["trials"], study.summary["best"]
    states = [trial["state"] for trial in trials]
    say(f"the search: {seconds:.0f} s, {states.count('pruned')} trials stopped early")
    say(f"best {trials[best]['settings']}, p {study.summary['p']}")
    longer, disturbed = search(platform, plan, disturb)
    same = figures(disturbed) == figures(study)
    say(
        f"again, with a worker killed, stopped and resumed: {longer:.0f} s, "
        + ("the same result" if same else "ANOTHER RESULT")
    )
    settings = [
        adding.Config.from_dict(
            {**CONFIG.values, **trial["settings"], "seed": CONFIG.seed + seed}
        )
        for trial in trials
        for seed in range(plan.extent.seeds)
    ]
    settings += [
        adding.Config.from_json(run["config"])
        for run in Search(study).confirmation(best, trials[best]["settings"])
    ]
    return same, settings, seconds


def search(platform, plan, disturb=None):
    """Run a search to its end; return its seconds and its study."""
    began = time.perf_counter()
    study_id = platform.start_search(OWNER, "adding", CONFIG, None, plan)
    if disturb:
        disturb(platform, study_id, plan.extent.trials)

    def ended():
        study = platform.studies.get(OWNER, study_id)
        return None if study.active else study

    study = wait_until(ended, SECONDS, "the end of the search")
    assert study.status == "done", study.error
    return time.perf_counter() - began, study


def disturb(platform, study_id, trials):
    """Kill a worker after a third of the trials; stop and resume after two thirds."""

    def tried(count):
        summary = platform.studies.get(OWNER, study_id).summary
        return len(summary.get("trials", ())) >= count

    wait_until(lambda: tried(trials // 3), SECONDS, "a third of the trials")
    nannies = psutil.Process(int((platform.site.home / "worker.pid").read_text()))
    workers = (p for p in nannies.children() if "spawn_main" in " ".join(p.cmdline()))
    next(workers).send_signal(signal.SIGKILL)
    wait_until(lambda: tried(2 * trials // 3), SECONDS, "two thirds of the trials")
    platform.stop_search(OWNER, study_id)
    platform.resume_search(OWNER, study_id)


def figures(study):
    """What a search came to, but for the ids of its runs."""
    summary = study.summary
    trials = [{**trial, "run": None} for trial in summary["trials"]]
    return trials, summary["best"], summary["confirmed"], summary["p"]


def workers(platform):
    view = platform.supervisor.view
    return len(view.workers) if view else 0


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
