"""What can happen to an installation, by name; each takes it and a pair of dice."""

import signal
import time
from contextlib import suppress
from functools import partial

import psutil
from distributed import Client
from distributed.chaos import KillWorker

from core.runs.local import LocalCluster

PAUSE_SECONDS = 1.0, 5.0
DOWN_SECONDS = 0.0, 3.0  # before a stopped database is started again


class MissedError(Exception):
    """There was nothing to hit: it was dead already."""


def one_worker(installation, dice):
    workers = installation.workers()
    return [dice.choice(workers)] if workers else []


def nanny(installation, dice):
    return [installation.process("worker")]


def scheduler(installation, dice):
    return [installation.process("scheduler")]


def web(installation, dice):
    return [psutil.Process(installation.web.process.pid)]


def kill(find, installation, dice):
    """End a process without a word: no handler of its own runs."""
    _send(find(installation, dice), signal.SIGKILL)


def pause(find, installation, dice):
    """Let a process sleep for some seconds, as a machine that swaps does."""
    processes = find(installation, dice)
    _send(processes, signal.SIGSTOP)
    time.sleep(dice.uniform(*PAUSE_SECONDS))
    with suppress(MissedError):
        _send(processes, signal.SIGCONT)


def _send(processes, number):
    try:
        for process in processes:
            process.send_signal(number)
    except (AttributeError, psutil.NoSuchProcess):
        raise MissedError from None
    if not processes:
        raise MissedError


def break_worker(mode, installation, dice):
    """Let a worker die from within: segfault, sys.exit, or a graceful end."""
    with suppress(OSError, TimeoutError):
        file = installation.home / "scheduler.json"
        keys = LocalCluster(installation.site).security()
        with Client(
            scheduler_file=str(file), security=keys, timeout=3, set_as_default=False
        ) as dask:
            workers = sorted(dask.scheduler_info(n_workers=-1)["workers"])
            if workers:
                some = [dice.choice(workers)]
                dask.run(_die, mode, workers=some, wait=False, nanny=False)
                return
    raise MissedError


async def _die(mode, dask_worker):
    await KillWorker(delay=0.01, mode=mode).setup(dask_worker)


def stop_database(installation, dice):
    """Crash PostgreSQL, and start it again after some seconds."""
    installation.postgres.stop()
    time.sleep(dice.uniform(*DOWN_SECONDS))
    installation.postgres.start()


def pause_database(installation, dice):
    """Let the database answer nobody for some seconds."""
    seconds = dice.uniform(*PAUSE_SECONDS)
    if not installation.postgres:
        installation.hold_lock(seconds)
        return
    installation.postgres.send(signal.SIGSTOP)
    time.sleep(seconds)
    installation.postgres.send(signal.SIGCONT)


KILLS = {  # how often each is drawn, and what it does
    "kill worker": (8, partial(kill, one_worker)),
    "segfault in worker": (1, partial(break_worker, "segfault")),
    "exit of worker": (1, partial(break_worker, "sys.exit")),
    "kill nanny": (2, partial(kill, nanny)),
    "kill scheduler": (3, partial(kill, scheduler)),
    "kill web": (4, partial(kill, web)),
    "stop database": (4, stop_database),
}
PAUSES = {
    "pause worker": (2, partial(pause, one_worker)),
    "pause nanny": (1, partial(pause, nanny)),
    "pause scheduler": (2, partial(pause, scheduler)),
    "pause web": (1, partial(pause, web)),
    "pause database": (2, pause_database),
}
FAULTS = {name: act for name, (_, act) in {**KILLS, **PAUSES}.items()}
