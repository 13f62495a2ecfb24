"""Runs an hour with one worker host and with two, and the CPU time of a run.

The hosts are network namespaces on this machine, each pinned to its own core, with the
commands of compose.yaml. Database, scheduler and other processes of this machine share
the cores of the workers. So a second ratio is calculated from the CPU time of a run and
the pause after it: that of two hosts with a free core each. Needs root.
"""

import contextlib
import os
import statistics
import time
from dataclasses import dataclass

import dask
import psutil
from dask.config import collect, merge
from sqlalchemy import select

from core.registry import get_task
from core.runs import Platform
from core.runs.store.schema import trainings
from tests.conftest import wait_until
from tests.hosts.hosts import Installation, unable

SECONDS = 25.0  # of counting
WAITING = 12  # runs that wait at any time, so that no worker does
SETTINGS = {"epochs": 2, "steps": 40}  # of the adding problem, otherwise as it comes


class Queue:
    """Keeps the queue full: runs of many people, so that one is always waiting."""

    def __init__(self, platform):
        self.platform, self.started = platform, 0
        task = get_task("adding")
        self.config = task.Config(**SETTINGS)

    def top_up(self):
        while self.platform.store.counts().get("queued", 0) < WAITING:
            self.started += 1
            self.platform.start(f"person {self.started}", "adding", self.config, None)

    def finished(self):
        return self.platform.store.counts().get("done", 0)

    def busy(self, since):
        """Seconds of training since a moment, of all workers together."""
        query = select(trainings.c.started, trainings.c.finished)
        query = query.where(trainings.c.starts > 0)
        with self.platform.store.engine.connect() as connection:
            rows = connection.execute(query).all()
        now = time.time()
        spans = [(max(start, since), end or now) for start, end in rows]
        return sum(end - start for start, end in spans if end > start)


@dataclass(frozen=True, kw_only=True)
class Count:
    """What came of counting for a while.

    `rate` is runs finished an hour. The rest is seconds a run: CPU of its worker, CPU
    of everything else, and the time that a worker waits between two runs.
    """

    rate: float
    worker: float
    others: float
    pause: float

    @property
    def alone(self):
        """Runs an hour of one worker that has a core to itself."""
        return 3600 / (self.worker + self.pause)


def count(queue, main, hosts):
    """Let the hosts train for a while; `main` is the machine that serves them."""
    queue.top_up()
    done = queue.finished()
    wait_until(lambda: queue.finished() > done, what="a run to begin at")
    began, done = time.monotonic(), queue.finished()
    used, served = sum(map(used_by, hosts)), used_by(main) + _own()
    while time.monotonic() - began < SECONDS:
        queue.top_up()
        time.sleep(0.2)
    done, elapsed = queue.finished() - done, time.monotonic() - began
    busy = queue.busy(time.time() - elapsed)
    return Count(
        rate=3600 * done / elapsed,
        worker=(sum(map(used_by, hosts)) - used) / done,
        others=(used_by(main) + _own() - served) / done,
        pause=max(0.0, (len(hosts) * elapsed - busy) / done),
    )


def _own():
    """CPU seconds of this process, which hands out the runs."""
    return sum(os.times()[:2])


def used_by(host):
    """CPU seconds of a host's processes."""
    total = 0.0
    for pid in host.pids():
        with contextlib.suppress(psutil.NoSuchProcess):
            times = psutil.Process(pid).cpu_times()
            total += times.user + times.system
    return total


def main():
    """Count with one host, with two, and with one again."""
    if reason := unable():
        print(f"left out: {reason}")
        return
    installation = Installation(workers=2, cores=(0, 1))
    environment = installation.environment()
    os.environ.update(environment)
    dask.config.set(merge(dask.config.config, collect([], environment)))
    platform = None
    try:
        for part in ("database", "scheduler"):
            installation.main.start(part)
        one, two = installation.workers
        one.up("worker")
        wait_until(lambda: "ready" in installation.main.log("database"))
        platform = Platform()
        queue = Queue(platform)
        print(f"{'worker hosts':<14}{'runs an hour':>14}   and seconds a run:", end="")
        print(f"{'worker CPU':>12}{'other CPU':>11}{'pause':>8}")
        counts = {1: [], 2: []}
        for number in (1, 2, 1):
            if number == 2:
                two.up("worker")
            elif counts[2]:
                two.kill()
            wait_until(lambda n=number: workers(platform) == n, what="the workers")
            found = count(queue, installation.main, [one, two][:number])
            counts[number].append(found)
            rest = f"{found.worker:>12.2f}{found.others:>11.2f}{found.pause:>8.2f}"
            print(f"{number:<14}{found.rate:>14,.0f}{'':>21}{rest}", flush=True)
        report(counts)
    finally:
        if platform:
            platform.close()
        installation.close()


def report(counts):
    """Print the gain of a second host, as measured and as calculated."""
    (two,), single = counts[2], statistics.mean(c.rate for c in counts[1])
    alone = statistics.mean(c.alone for c in counts[1])
    for what, ratio in (
        ("ratio as measured (limit >= 1.8)", two.rate / single),
        ("the same if each host had all of a core", 2 * two.alone / alone),
    ):
        print(f"{what:<60}{ratio:>10.2f}")


def workers(platform):
    view = platform.supervisor.view
    return len(view.workers) if view else 0


if __name__ == "__main__":
    main()
