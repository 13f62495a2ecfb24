"""Faults of an installation, by name: functions of it and of a random generator."""

import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import psutil
from distributed import Client
from distributed.chaos import KillWorker

from core.runs.local import LocalCluster
from core.runs.store.backup import backup, restore
from tests.chaos import moments, recorder

PAUSE_SECONDS = 1.0, 5.0
DOWN_SECONDS = 0.0, 3.0  # before a stopped database is started again


class NoTargetError(Exception):
    """There was no process to hit: it was dead already."""


def one_worker(installation, rng):
    workers = installation.workers()
    return [rng.choice(workers)] if workers else []


def nanny(installation, rng):
    return [installation.process("worker")]


def scheduler(installation, rng):
    return [installation.process("scheduler")]


def web(installation, rng):
    with suppress(psutil.NoSuchProcess):  # killed a moment ago
        return [psutil.Process(installation.web.process.pid)]
    return []


def kill(find, installation, rng):
    """Kill a process: no handler of its own runs."""
    _send(find(installation, rng), signal.SIGKILL)


def pause(find, installation, rng):
    """Suspend a process for some seconds, as a machine that swaps does."""
    processes = find(installation, rng)
    _send(processes, signal.SIGSTOP)
    time.sleep(rng.uniform(*PAUSE_SECONDS))
    with suppress(NoTargetError):
        _send(processes, signal.SIGCONT)


def _send(processes, number):
    try:
        for process in processes:
            process.send_signal(number)
    except (AttributeError, psutil.NoSuchProcess):
        raise NoTargetError from None
    if not processes:
        raise NoTargetError


def break_worker(mode, installation, rng):
    """Let a worker die from within: segfault, sys.exit, or a graceful end."""
    with suppress(OSError, TimeoutError):
        file = installation.home / "scheduler.json"
        keys = LocalCluster(installation.site).security()
        with Client(
            scheduler_file=str(file), security=keys, timeout=3, set_as_default=False
        ) as dask:
            workers = sorted(dask.scheduler_info(n_workers=-1)["workers"])
            if workers:
                some = [rng.choice(workers)]
                dask.run(_die, mode, workers=some, wait=False, nanny=False)
                return
    raise NoTargetError


async def _die(mode, dask_worker):
    await KillWorker(delay=0.01, mode=mode).setup(dask_worker)


def stop_database(installation, rng):
    """Crash PostgreSQL, and start it again after some seconds."""
    installation.postgres.stop()
    time.sleep(rng.uniform(*DOWN_SECONDS))
    installation.postgres.start()


def pause_database(installation, rng):
    """Let the database answer nobody for some seconds."""
    seconds = rng.uniform(*PAUSE_SECONDS)
    if not installation.postgres:
        installation.hold_lock(seconds)
        return
    installation.postgres.send(signal.SIGSTOP)
    time.sleep(seconds)
    installation.postgres.send(signal.SIGCONT)


def restore_backup(installation, rng):
    """Lose the machine some seconds after a back-up, and restore that."""
    file = installation.home / "backup"
    site, store = installation.site, installation.store
    with suppress(FileNotFoundError):
        file.unlink()
    backup(site, store, file)
    time.sleep(rng.uniform(*PAUSE_SECONDS))
    installation.web.may_start.clear()
    try:
        installation.kill_all()
        began = time.monotonic()
        restore(site, store, file, force=True)
        recorder.note_restore(installation.home, began)
    finally:
        installation.web.may_start.set()


def stop_a_run(installation, rng):
    """Press the Stop button of a run that trains."""
    runs = [run for _, run in installation.store.active() if run.status == "running"]
    if not runs:
        raise NoTargetError
    installation.store.request_any_stop(rng.choice(runs).id)


@dataclass(frozen=True)
class AtMoment:
    """A kill of a worker, or of everything, at a moment of `tests.chaos.moments`."""

    moment: str
    everything: bool = False

    def __call__(self, installation, rng):
        """Ask for the moment; the experiment sees when it is reached."""
        moments.ask(installation.home, self.moment)
        if self.moment == moments.AFTER_STOP:
            stop_a_run(installation, rng)

    def strike(self, installation, pid):
        """Kill the worker that has reached the moment, or everything."""
        if not psutil.pid_exists(pid):
            raise NoTargetError
        if self.everything:
            installation.kill_all()
        else:
            _send([psutil.Process(pid)], signal.SIGKILL)


KILLS = {  # weight of each in the random choice, and what it does
    "kill worker": (8, partial(kill, one_worker)),
    "segfault in worker": (1, partial(break_worker, "segfault")),
    "exit of worker": (1, partial(break_worker, "sys.exit")),
    "kill nanny": (2, partial(kill, nanny)),
    "kill scheduler": (3, partial(kill, scheduler)),
    "kill web": (4, partial(kill, web)),
    "stop database": (4, stop_database),
    "worker at last epoch": (3, AtMoment(moments.LAST_EPOCH)),
    "all at last epoch": (1, AtMoment(moments.LAST_EPOCH, everything=True)),
    "worker in evaluation": (3, AtMoment(moments.EVALUATION)),
    "all in evaluation": (1, AtMoment(moments.EVALUATION, everything=True)),
    "worker after stop": (3, AtMoment(moments.AFTER_STOP)),
    "all after stop": (2, AtMoment(moments.AFTER_STOP, everything=True)),
    "restore of back-up": (2, restore_backup),
}
PAUSES = {
    "pause worker": (2, partial(pause, one_worker)),
    "pause nanny": (1, partial(pause, nanny)),
    "pause scheduler": (2, partial(pause, scheduler)),
    "pause web": (1, partial(pause, web)),
    "pause database": (2, pause_database),
}
FAULTS = {name: act for name, (_, act) in {**KILLS, **PAUSES}.items()}
