import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest

from core import registry
from core.runs import Platform, Site
from core.runs.local import ENVIRONMENT
from core.runs.settings import PROJECT
from tests.chaos import recorder
from tests.conftest import end_cluster, wait_until
from tests.core.runs import conftest as runs
from tests.core.runs.counting import Config, Result

# pytest finds them by name
checkpoints, counting, postgres = runs.checkpoints, runs.counting, runs.postgres
sqlite_files = runs.sqlite_files
another_postgres_store = runs.another_postgres_store
sqlite_store, postgres_store = runs.sqlite_store, runs.postgres_store
postgres_url, site, store, url = runs.postgres_url, runs.site, runs.store, runs.url

CLOCK = f"{PROJECT / 'tests' / 'chaos' / 'clock'}{os.pathsep}{PROJECT}"
MEMORY = 400 * 2**20  # bytes a worker may take; it starts with a third of it


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A platform over a cluster of two small workers, whose clock can be set."""
    home = tmp_path_factory.mktemp("own")
    clock = home / "clock"
    clock.write_text("0")
    environment = {
        "UNROLLED_HOME": str(home),
        "CHAOS_CLOCK": str(clock),
        "PYTHONPATH": CLOCK,
    }
    scheduler = dask(environment, "scheduler", "--port", "0")
    nanny = dask(
        environment,
        "worker",
        "--nworkers=2",
        "--nthreads=1",
        f"--memory-limit={MEMORY}",
        "--preload=tests.chaos.recorder",
    )
    address = wait_until(lambda: written(home / "own.json"), what="the scheduler")
    before = dict(registry.TASKS)
    registry.TASKS.update(recorder.TASKS)
    platform = Platform(
        replace(
            Site.from_env(),
            home=home,
            database_url=f"sqlite:///{home / 'runs.sqlite'}",
            scheduler=address["address"],
        )
    )
    wait_until(lambda: len(workers(platform)) == 2, what="workers")
    yield SimpleNamespace(
        platform=platform, home=home, scheduler=scheduler, clock=clock
    )
    platform.close()
    registry.TASKS.clear()
    registry.TASKS.update(before)
    end_cluster(home)
    for process in (scheduler, nanny):
        process.wait()


def dask(environment, role, *options):
    command = [sys.executable, "-m", "dask", role]
    where = f"--scheduler-file={environment['UNROLLED_HOME']}/own.json"
    return subprocess.Popen(
        [*command, *options, where, "--host=127.0.0.1", "--no-dashboard"],
        env=os.environ | ENVIRONMENT | environment,
        cwd=PROJECT,
        stderr=subprocess.DEVNULL,
    )


def written(file):
    with suppress(OSError, ValueError):
        return json.loads(file.read_text())


def workers(platform):
    view = platform.supervisor.view
    return view.workers if view else {}


@pytest.fixture
def undisturbed():
    """Returns a function that tells what some settings come to, with all points."""

    def undisturbed(**settings):
        task = registry.get_task("counting")
        points, training = [], task.train(Config(**settings), 1.0)
        try:
            while True:
                if metrics := next(training).metrics:
                    points.append(dict(metrics))
        except StopIteration as end:
            return end.value, points

    return undisturbed


def begin(platform, owner, task="counting", **settings):
    return platform.start(owner, task, Config(**settings), 1.0)


def ended(store, owner, run_id):
    """Wait for the end of a run, and return it."""
    return wait_until(
        lambda: (run := store.get(owner, run_id)) and not run.active and run,
        what=f"the end of run {run_id}",
    )


def came_to(store, owner, run_id):
    """A run's result and the metrics of its points, in order."""
    result = Result.decode(store.result(owner, run_id))
    points = store.points(run_id, most=10**9)
    assert [p.epoch for p in points] == list(range(1, result.epochs + 1))
    return result, [p.metrics for p in points]
