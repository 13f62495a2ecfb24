"""Measure a dashboard under the load of a class: `make load SESSIONS=50`.

The dashboard is started for the purpose, on this machine, with an empty store. The
exit status is 1 if a limit is missed.
"""

import argparse
import asyncio
import shutil
import signal
import sys
import time
from dataclasses import dataclass

from benchmarks.load.browsers import Browsers
from benchmarks.load.counts import Counts
from benchmarks.load.figures import (
    board_figures,
    class_memory_figures,
    error_figures,
    first_page_figures,
    live_figures,
    memory_figures,
    request_figures,
)
from benchmarks.load.scenarios import Classroom
from benchmarks.load.school_class import APART, OWN, TOGETHER, SchoolClass, start_class
from benchmarks.load.server import Server
from core.runs.store.shares import Shares
from pages.ui.server import new_owner

LINGER = 140  # seconds: Streamlit keeps a closed tab's session for 120, then 10 more
SECOND_CLASS = 30  # seconds
REQUESTS = 6  # a second and a session: more are an error of the load itself
TEACHERS = 2
SCENES = ("live", "look", "shared", "pages", "class")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of a scene; None where there is none."""

    updates: float | None = None  # a second, in every session
    age: float | None = None  # seconds, 95th percentile
    longest: float | None = None  # seconds between two updates, in any session
    first_page: float | None = None  # seconds, 95th percentile
    session_mb: float | None = None
    kept_mb: float | None = None
    first_epoch: float | None = None  # seconds after the press, of the last one
    result: float | None = None  # seconds after the press, of the last one
    board: float | None = None  # seconds behind the store, 95th percentile


LIMITS = {
    "live": Limits(updates=1.8, age=1.0, first_page=2.0, session_mb=0.5, kept_mb=0.1),
    "look": Limits(),
    "shared": Limits(updates=1.8, age=1.0, first_page=2.0),
    "pages": Limits(first_page=2.0),
    "class": Limits(
        updates=1.8,
        age=1.0,
        longest=5.0,
        first_page=2.0,
        session_mb=0.5,
        first_epoch=10.0,
        result=60.0,
        board=2.0,
    ),
}


def main():
    """Read the arguments, run the load, print the table."""
    args = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends what was started
    server = Server(args.seconds)
    try:
        load = _lesson if args.scene == "class" else _load
        figures, counts = asyncio.run(load(args, server))
    finally:
        server.close()
    for figure in figures:
        print(figure)
    for what, count in (counts.errors + counts.refusals).most_common(20):
        print(f"  {count} x {what}")
    missed = [figure for figure in figures if not figure.kept]
    if missed:
        print(f"The log of the web process is {server.home / 'web.log'}")
    else:
        shutil.rmtree(server.home)
    sys.exit(1 if missed else 0)


def _most_requests(args):
    return int(REQUESTS * (args.sessions + 20) * (args.seconds + 120))


def say(what):
    """Print a line of progress to standard error."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _arguments():
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--scene", choices=SCENES, default="live")
    parser.add_argument("--browsers", type=int, default=2, help="real ones, beside")
    parser.add_argument("--linger", type=float, default=LINGER)
    return parser.parse_args()


async def _load(args, server):
    counts = Counts(_most_requests(args))
    classroom = Classroom(server.address, counts)
    await classroom.warm_up()
    runs = [await classroom.start_training() for _ in range(TEACHERS)]
    await classroom.warm_up_viewers(*runs[0])
    say(f"{TEACHERS} trainings go on")
    before, held_before = server.memory(), counts.sessions_held()
    browsers = Browsers(server.address, counts, server.home)
    for place in range(args.browsers):
        await browsers.watch_run(*runs[place % TEACHERS])
    share = await _run_load(classroom, args, server, runs)
    during, held = await asyncio.to_thread(server.memory), counts.sessions_held()
    await browsers.close()
    await classroom.empty()
    say("they have left")
    await asyncio.sleep(args.linger)
    left = await asyncio.to_thread(server.memory)
    second = await _second_class(args, server, runs, counts)
    ended = {run: server.ended(run) for _, run in runs}
    limits = LIMITS[args.scene]
    return [
        *live_figures(counts, ended, limits),
        *first_page_figures(counts, limits),
        *memory_figures(before, during, left, second, held - held_before, limits),
        *error_figures(counts, server.complaints(), share),
    ], counts


async def _run_load(classroom, args, server, runs):
    """Run all sessions for the time given; return the CPU of the web process."""
    began, cpu = time.monotonic(), server.cpu()
    await classroom.fill(_students(classroom, args, server, runs))
    classroom.begin(classroom.visit())
    say(f"{args.sessions} sessions have begun")
    await classroom.run_for(args.seconds)
    for watch in classroom.counts.watches:
        watch.end(time.time())
    return (server.cpu() - cpu) / (time.monotonic() - began)


async def _second_class(args, server, runs, counts):
    """Run a second class, which uses the memory that the first one has freed."""
    aside = Counts(counts.max_requests)  # only its errors count
    classroom = Classroom(server.address, aside)
    await classroom.fill(_students(classroom, args, server, runs))
    say("a second class has begun")
    await classroom.run_for(SECOND_CLASS)
    held = await asyncio.to_thread(server.memory)
    await classroom.empty()
    counts.errors.update(aside.errors)
    return held


async def _lesson(args, server):
    """Measure a lesson: first without a class, each alone, then with one."""
    alone, counts = (Counts(_most_requests(args)) for _ in range(2))
    classroom = Classroom(server.address, alone)
    await classroom.warm_up()
    await classroom.warm_up_workers()
    before = await asyncio.to_thread(server.memory)
    began, cpu = time.monotonic(), server.cpu()
    students = SchoolClass(classroom, server.store, args.sessions)
    await students.open_task(first_seed=1)
    say("all press Train, each on data of its own")
    await students.train(APART, args.seconds)
    await classroom.empty()
    classroom = Classroom(server.address, counts)
    teacher = new_owner()
    code, task = start_class(server.store, server.address, teacher)
    browsers = Browsers(server.address, counts, server.home)
    await browsers.watch_board(teacher, code)
    students = SchoolClass(classroom, server.store, args.sessions)
    await students.join(code, task)
    say("all have joined the class, and press Train on its task")
    await students.train(TOGETHER, args.seconds)
    await students.change_seed(first_seed=10_001)
    say("all press Train on settings of their own")
    await students.train(OWN, args.seconds)
    during = await asyncio.to_thread(server.memory)
    share = (server.cpu() - cpu) / (time.monotonic() - began)
    held = alone.sessions_held() + counts.sessions_held()
    await browsers.close()
    await classroom.empty()
    runs = {watch.run for watch in [*counts.watches, *counts.tiles]}
    ended = {run: server.ended(run) for run in runs}
    limits = LIMITS["class"]
    counts.errors.update(alone.errors)
    counts.refusals.update(alone.refusals)
    counts.requests += alone.requests
    return [
        *request_figures(APART, alone.requests_for[APART]),
        *request_figures(TOGETHER, counts.requests_for[TOGETHER], limits),
        *request_figures(OWN, counts.requests_for[OWN]),
        *live_figures(counts, ended, limits),
        *board_figures(counts, ended, limits),
        *first_page_figures(counts, limits),
        *class_memory_figures(before, during, held, limits),
        *error_figures(counts, server.complaints(), share),
    ], counts


def _students(classroom, args, server, runs):
    """The students; in a live scene a fifth interacts, and a tenth uses all pages."""
    if args.scene == "pages":
        return [classroom.use_all_pages() for _ in range(args.sessions)]
    if args.scene == "shared":
        owner, run = runs[0]
        link = Shares(server.store).create(owner, [run])
        return [classroom.follow_link(run, link) for _ in range(args.sessions)]
    interacts = args.scene == "live"
    viewers = [
        classroom.watch_run(
            *runs[place % TEACHERS], interact=interacts and place % 5 == 4
        )
        for place in range(args.sessions)
    ]
    others = (
        [classroom.use_all_pages() for _ in range(args.sessions // 10)]
        if interacts
        else []
    )
    return viewers + others


if __name__ == "__main__":
    main()
