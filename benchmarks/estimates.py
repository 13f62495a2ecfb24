"""Estimated and actual times of trainings, over all presets.

    python -m benchmarks.estimates             all, an hour of one core
    python -m benchmarks.estimates text emoji  of some tasks

Each task's default settings are trained first. Then each preset is trained twice, with
two seeds: the first estimate is from other settings, the second from the same ones.
Before each training the page's estimate is noted. `taskset -c 0` gives it one core.
"""

import multiprocessing
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from core.layers.setup import single_thread
from core.registry import TASKS, get_task
from core.runs import Site
from core.runs.estimate import Estimates
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.worker import Execution

OWNER = "benchmark"
LONGEST = 7200  # seconds of one training, twelve times the limit of a dashboard
FACTOR = 1.5  # between estimate and actual time, of a good estimate


def plan(task):
    """Yield a name and settings for each training of a task, in their order."""
    example, _ = get_task(task).example()
    yield "default", example
    for name, values in type(example).presets.items():
        preset = replace(example, **values)
        yield f"{name} (new)", preset
        yield f"{name} (known)", replace(preset, seed=preset.seed + 1)


def measure(task, pipe):
    """Train in this process; send the name, estimated and actual seconds of each."""
    single_thread()
    home = Path(tempfile.mkdtemp())
    site = Site(home=home, database_url=f"sqlite:///{home}/runs.sqlite")
    store = Store(site.database_url, seconds=LONGEST)
    checkpoints = Checkpoints(site.checkpoints, store.installation())
    module = get_task(task)
    _, data = module.example()
    title, content = module.title(data), module.encode_data(data)
    for name, config in plan(task):
        expected = Estimates.read(store, task, workers=1).of(config, title)
        run_id = store.create(OWNER, task, config, title=title, data=content)
        Execution(site, RunWriter.claim(store, run_id), checkpoints).train()
        run = store.get(OWNER, run_id)
        if run.status != "done":
            print(f"{task}, {name}: {run.error}", flush=True)
        elif expected is not None:
            pipe.send((name, expected.seconds, run.finished - run.started))
    pipe.send(None)


def main():
    """Print each estimate beside what came, and the share of good ones."""
    ratios = {"new": [], "known": []}
    print(f"{'task':<8}{'estimated s':>12}{'actual s':>10}{'ratio':>7}  preset")
    for task in sys.argv[1:] or TASKS:
        here, there = multiprocessing.Pipe()
        spawn = multiprocessing.get_context("spawn")
        child = spawn.Process(target=measure, args=(task, there))
        child.start()
        there.close()
        while (row := here.recv()) is not None:
            name, expected, actual = row
            kind = "new" if name.endswith("(new)") else "known"
            ratios[kind].append(ratio := expected / actual)
            print(f"{task:<8}{expected:>12.1f}{actual:>10.1f}{ratio:>7.2f}  {name}")
        child.join()
    for kind, found in ratios.items():
        good = sum(1 / FACTOR <= ratio <= FACTOR for ratio in found)
        print(f"{kind} settings: {good} of {len(found)} within a factor of {FACTOR}")


if __name__ == "__main__":
    main()
