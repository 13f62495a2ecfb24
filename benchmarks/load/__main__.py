"""Put a class before a dashboard and say how it fares: `make load SESSIONS=50`.

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
from benchmarks.load.figures import (
    error_figures,
    first_page_figures,
    live_figures,
    memory_figures,
)
from benchmarks.load.scenes import Room
from benchmarks.load.server import Server
from benchmarks.load.tally import Tally

LINGER = 140  # seconds: Streamlit keeps a closed tab's session for 120, then 10 more
SECOND_CLASS = 30  # seconds
REQUESTS = 6  # a second and a session: more are an error of the load itself
TEACHERS = 2
SCENES = ("live", "look", "class")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is promised; None where a scene promises nothing."""

    updates: float | None = None  # a second, in every session
    age: float | None = None  # seconds, 95th percentile
    first_page: float | None = None  # seconds, 95th percentile
    session_mb: float | None = None
    kept_mb: float | None = None


LIMITS = {
    "live": Limits(updates=1.8, age=1.0, first_page=2.0, session_mb=0.5, kept_mb=0.1),
    "look": Limits(),
    "class": Limits(first_page=2.0),
}


def main():
    """Read the wishes, do it, print the table."""
    wishes = _wishes()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends what was started
    server = Server(wishes.seconds)
    try:
        figures, tally = asyncio.run(_load(wishes, server))
    finally:
        server.close()
    for figure in figures:
        print(figure)
    for what, count in tally.errors.most_common(20):
        print(f"  {count} x {what}")
    missed = [figure for figure in figures if not figure.kept]
    if missed:
        print(f"The log of the web process is {server.home / 'web.log'}")
    else:
        shutil.rmtree(server.home)
    sys.exit(1 if missed else 0)


def say(what):
    """Tell whoever waits how far it is."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _wishes():
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--scene", choices=SCENES, default="live")
    parser.add_argument("--browsers", type=int, default=2, help="real ones, beside")
    parser.add_argument("--linger", type=float, default=LINGER)
    return parser.parse_args()


async def _load(wishes, server):
    tally = Tally(int(REQUESTS * (wishes.sessions + 20) * (wishes.seconds + 120)))
    room = Room(server.address, tally)
    await room.warm_up()
    runs = [await room.teach() for _ in range(TEACHERS)]
    await room.rehearse(*runs[0])
    say(f"{TEACHERS} trainings go on")
    before, there = server.memory(), tally.held()
    browsers = Browsers(server.address, tally, server.home)
    for place in range(wishes.browsers):
        await browsers.look_on(*runs[place % TEACHERS])
    share = await _go_on(room, wishes, server, runs)
    during, held = await asyncio.to_thread(server.memory), tally.held()
    await browsers.close()
    await room.empty()
    say("they have left")
    await asyncio.sleep(wishes.linger)
    left = await asyncio.to_thread(server.memory)
    again = await _once_more(wishes, server, runs, tally)
    ended = {run: server.ended(run) for _, run in runs}
    limits = LIMITS[wishes.scene]
    return [
        *live_figures(tally, ended, limits),
        *first_page_figures(tally, limits),
        *memory_figures(before, during, left, again, held - there, limits),
        *error_figures(tally, server.complaints(), share),
    ], tally


async def _go_on(room, wishes, server, runs):
    """Have them all in for as long as wished; return the CPU of the web process."""
    began, cpu = time.monotonic(), server.cpu()
    await room.fill(_entrances(room, wishes, runs))
    room.begin(room.visit())
    say(f"{wishes.sessions} sessions are in the room")
    await room.last(wishes.seconds)
    for watch in room.tally.watches:
        watch.end(time.time())
    return (server.cpu() - cpu) / (time.monotonic() - began)


async def _once_more(wishes, server, runs, tally):
    """Let a second class in: what the first one has left is theirs, if it is free."""
    aside = Tally(tally.most)  # its looks and its times are not counted
    room = Room(server.address, aside)
    await room.fill(_entrances(room, wishes, runs))
    say("a second class is in the room")
    await room.last(SECOND_CLASS)
    held = await asyncio.to_thread(server.memory)
    await room.empty()
    tally.errors.update(aside.errors)
    return held


def _entrances(room, wishes, runs):
    """Those who come in: in a live scene one in five is restless, one in ten works."""
    if wishes.scene == "class":
        return [room.learn() for _ in range(wishes.sessions)]
    restless = wishes.scene == "live"
    looking = [
        room.look_on(*runs[place % TEACHERS], fidget=restless and place % 5 == 4)
        for place in range(wishes.sessions)
    ]
    learning = [room.learn() for _ in range(wishes.sessions // 10)] if restless else []
    return looking + learning


if __name__ == "__main__":
    main()
