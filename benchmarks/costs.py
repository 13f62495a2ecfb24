"""Resources of one training of each task, and the load of a live page on the store.

    python -m benchmarks.costs            all, ten minutes of one core
    python -m benchmarks.costs stock      one task

A worker trains the example of each task with default settings. Store and scheduler are
on a separate machine (a network namespace), with TLS: this needs root. docs/scaling.md
uses these figures.
"""

import multiprocessing
import os
import resource
import secrets
import sys
import tempfile
import time
from pathlib import Path

import dask
from dask.config import collect, merge
from sqlalchemy import func, select

from benchmarks.hosts import used_by
from core.layers.setup import single_thread
from core.registry import TASKS, get_task
from core.runs import Site
from core.runs.cluster import Cluster
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.store.schema import files, points
from core.runs.worker import Execution
from core.task import Point
from tests.conftest import wait_until
from tests.hosts.hosts import Installation, unable

OWNER = "benchmark"
REPEATS = 500
EPOCHS = 200  # of the run that is read: as many as a page reads
UPDATES = 2.0  # a second, of a live page
VIEWS = 2.0  # a second, of a web process whose supervisor has something to do
WRITES = 6.7  # a second, at most, of a run that trains: core.runs.worker.RECORD_SECONDS


class MeasuredCheckpoints(Checkpoints):
    """Checkpoints that remember the size of the largest."""

    largest = 0

    def save(self, run_id, state, epoch, start=0):
        super().save(run_id, state, epoch, start)
        self.largest = max(self.largest, self.sizes()[run_id])


def train(task, pipe):
    """Train a task's example in this process, which does nothing else."""
    single_thread()
    home = Path(tempfile.mkdtemp())
    site = Site(home=home, database_url=f"sqlite:///{home}/runs.sqlite")
    store = Store(site.database_url)
    checkpoints = MeasuredCheckpoints(site.checkpoints, store.installation())
    module = get_task(task)
    config, data = module.example()
    content = module.encode_data(data)
    began, used = time.perf_counter(), _used()
    run_id = store.create(OWNER, task, config, title=task, data=content)
    Execution(site, RunWriter.claim(store, run_id), checkpoints).train()
    run = store.get(OWNER, run_id)
    pipe.send(
        {
            "status": run.status,
            "cpu": _used() - used,
            "wall": time.perf_counter() - began,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "data": len(content),
            "points": _size(store, points.c.metrics) + _size(store, points.c.snapshot),
            "result": _size(store, files.c.content) - len(content),
            "checkpoint": checkpoints.largest,
        }
    )


def _used():
    """CPU seconds of this process."""
    return sum(os.times()[:2])


def _size(store, column):
    with store.engine.connect() as connection:
        query = select(func.coalesce(func.sum(func.length(column)), 0))
        return int(connection.execute(query).scalar_one())


def tasks(names):
    """Train each example in a fresh process."""
    print(
        f"{'task':<10}{'CPU s':>8}{'wall s':>8}{'memory MB':>11}{'data kB':>9}"
        f"{'points kB':>11}{'result kB':>11}{'checkpoint kB':>15}"
    )
    for name in names:
        here, there = multiprocessing.Pipe()
        child = multiprocessing.get_context("spawn").Process(
            target=train, args=(name, there)
        )
        child.start()
        there.close()
        cost = here.recv()
        child.join()
        sizes = [cost[k] / 1e3 for k in ("data", "points", "result", "checkpoint")]
        widths = (9, 11, 11, 15)
        print(
            f"{name:<10}{cost['cpu']:>8.1f}{cost['wall']:>8.1f}"
            f"{cost['memory'] / 2**20:>11.0f}"
            + "".join(f"{s:>{w},.0f}" for s, w in zip(sizes, widths, strict=True))
            + ("" if cost["status"] == "done" else f"  {cost['status']}"),
            flush=True,
        )


def services():
    """What database and scheduler, and their clients, do for a page and for a run."""
    if reason := unable():
        print(f"left out: {reason}")
        return
    installation = Installation(workers=0)
    try:
        for part in ("database", "scheduler"):
            installation.main.start(part)
        wait_until(lambda: "ready" in installation.main.log("database"))
        environment = installation.environment()
        os.environ.update(environment)
        dask.config.set(merge(dask.config.config, collect([], environment)))
        site = Site.from_env()
        print(f"{'':<44}{'wall ms':>9}{'client ms':>11}{'server ms':>11}{'a s':>6}")
        _measure_database(installation, Store(site.database_url))
        _measure_scheduler(installation, Cluster(site))
    finally:
        installation.close()


def _measure_database(installation, store):
    task = get_task("adding")
    data = task.encode_data(None)
    run_id = store.create(OWNER, "adding", task.Config(), title="t", data=data)
    writer = RunWriter.claim(store, run_id)
    what = "recording an epoch (3 statements)"
    _time(installation, what, lambda n: _record(writer, n), WRITES)
    with store.engine.begin() as connection:
        connection.execute(points.delete().where(points.c.epoch > EPOCHS))
    what = "reading a run of 200 epochs (3)"
    _time(installation, what, lambda _: _read(store, run_id), UPDATES)
    store.close()


def _measure_scheduler(installation, cluster):
    wait_until(lambda: cluster.connect(start=False), what="the scheduler")
    for waiting in (0, 200):
        for _ in range(waiting):
            cluster.submit(secrets.token_hex(16))
        wait_until(lambda n=waiting: len(cluster.view().tasks) == n)
        what = f"a supervisor's view of {waiting} waiting runs"
        _time(installation, what, lambda _: cluster.view(), VIEWS)
    cluster.close()


def _record(writer, epoch):
    metrics = {f"metric {n}": 0.123456789 for n in range(6)}
    point = Point(epoch=epoch + 1, metrics=metrics, snapshot=bytes(2000))
    writer.record([point], progress=epoch, total=REPEATS, seconds=1.0)


def _read(store, run_id):
    store.get(OWNER, run_id)
    return store.points(run_id)


def _time(installation, what, action, rate):
    began, client, server = time.perf_counter(), _used(), _served(installation)
    for n in range(REPEATS):
        action(n)
    wall, client = time.perf_counter() - began, _used() - client
    figures = [
        1000 * x / REPEATS for x in (wall, client, _served(installation) - server)
    ]
    print(
        f"{what:<44}{figures[0]:>9.2f}{figures[1]:>11.2f}{figures[2]:>11.2f}{rate:>6.1f}",
        flush=True,
    )


def _served(installation):
    """CPU seconds of database and scheduler."""
    return used_by(installation.main)


def main():
    """Measure what the arguments name: tasks, "services", or all."""
    names = sys.argv[1:] or [*TASKS, "services"]
    if chosen := [name for name in names if name in TASKS]:
        tasks(chosen)
    if "services" in names:
        services()


if __name__ == "__main__":
    main()
