"""Measure a dashboard under the load of a class: `make load SESSIONS=50`.

It starts its own dashboard on this machine, with an empty store. Most users are
simulated: they poll the live route as its component does, but load no page. Three are
real browsers. The exit status is 1 above a limit.

Scenes: `live`, all users watch their own runs, of which two train at a time; `one`, all
watch one run with its link; `class`, all press Train within a few seconds, and watch
their run and the board.
"""

import argparse
import asyncio
import random
import shutil
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from math import inf
from urllib.parse import urlencode

import uvloop

from benchmarks.load.browsers import Browsers
from benchmarks.load.figures import LIMITS, Figure, live_figures, press_figures
from benchmarks.load.people import Watch, look
from benchmarks.load.server import Server
from core.registry import get_task
from core.runs.classes import Classes
from core.runs.store.shares import Shares
from pages.ui.web.server import new_owner

TASK = "adding"
LONG = {"epochs": 500}  # some minutes
PRESS_SECONDS = 5.0  # in which a class presses Train
BOARD_SECONDS = 1.0  # between two looks at the board


def page_address(seed=0, **settings):
    """Return the address of the page whose Train button trains with these settings."""
    query = {f"lstm_{name}": value for name, value in settings.items()}
    start = {"lstm_step": "Learning", "lstm_task": TASK, "lstm_seed": seed}
    return f"lstm?{urlencode(start | query)}"


class Load:
    """The people of a scene: how many, and for how many seconds they look."""

    def __init__(self, server, people, seconds, browsers, errors, group):
        self.server, self.store, self.group = server, server.store, group
        self.people, self.seconds = people, seconds
        self.browsers, self.errors = browsers, errors
        self.limits = next(limits for most, limits in LIMITS if people <= most)
        self.looking = []  # tasks
        self.config = None  # that the page trains with

    async def warm_up(self):
        """Train once in a browser, so that pages and workers have loaded all."""
        owner = new_owner()
        page = await self.browsers.open(owner, page_address(epochs=2))
        run = self.store.get(owner, await self.browsers.train(page))
        self.config = get_task(TASK).Config.from_dict(run.settings)
        await page.wait_for_selector(".st-key-lstm_close")
        self.start_run(owner, seed=1000)  # this process hashes the program once
        await self.browsers.leave()

    def start_run(self, owner, **changes):
        """Ask for a training as the page does; return the run."""
        task, config = get_task(TASK), replace(self.config, **changes)
        title, data = task.title(None), task.encode_data(None)
        more = {"title": title, "data": data, "join": True, "own_data": False}
        return self.store.create(owner, TASK, config, **more)

    def look(self, owner, path, query=None, **more):
        """Simulate a user who watches a path of the live route; return the answers."""
        watch, url = Watch(path.partition("/")[2]), f"{self.server.url}/live/{path}"
        looking = look(watch, url, owner, query or {}, self.errors, **more)
        self.looking.append(self.group.create_task(looking))
        return watch

    def leave(self):
        """End all looking."""
        for task in self.looking:
            task.cancel()

    async def live(self):
        """All users watch their own runs; the first two are trained."""
        for seed in (1, 2, 2):
            page = await self.browsers.open(new_owner(), page_address(seed, **LONG))
            await self.browsers.train(page)
        owners = [new_owner() for _ in range(self.people)]
        runs = [
            await asyncio.to_thread(self.start_run, owner, **LONG, seed=seed)
            for seed, owner in enumerate(owners, 1)
        ]
        pairs = zip(owners, runs, strict=True)
        return await self.measure((owner, f"run/{run}", {}) for owner, run in pairs)

    async def one(self):
        """All users watch one shared run with its link."""
        owner = new_owner()
        page = await self.browsers.open(owner, page_address(1, **LONG))
        run = await self.browsers.train(page)
        link = {"share": Shares(self.store).create(owner, [run])}
        for _ in range(2):
            await self.browsers.open(new_owner(), f"shared?{urlencode(link)}")
        path = f"run/{run}"
        return await self.measure((new_owner(), path, link) for _ in range(self.people))

    async def measure(self, looks):
        """Have people look for the time given; return the figures."""
        before = self.server.used()
        watches = [self.look(*each) for each in looks]
        await asyncio.sleep(self.seconds)
        mb, cpu = self.server.used() - before
        self.leave()
        ended = {watch.run: self.server.ended(watch.run) for watch in watches}
        limit = self.limits.get
        return [
            *live_figures(watches, ended, self.limits),
            Figure("CPU of the web process, cores", cpu / self.seconds, limit("cpu")),
            Figure("MB more in it, a person", mb / self.people, limit("person_mb")),
        ]

    async def school_class(self):
        """A class presses Train on one task, two of them in browsers."""
        classes, teacher = Classes(self.store), new_owner()
        code = classes.create(teacher, "Load")
        classes.show_board(teacher, code, True)
        students = [new_owner() for _ in range(self.people)]
        for place, student in enumerate(students):
            classes.join(student, code, f"Student {place}")
        await self.browsers.open(teacher, f"board?class={code}")
        pages = [await self.browsers.open(who, page_address(1)) for who in students[:2]]
        tiles = {}  # by run, when it was first seen on the board

        def note_tiles(text, now):
            for run in tiles:
                if run in text:
                    tiles[run] = min(tiles[run], now)

        board = {"path": f"board/{code}", "seconds": BOARD_SECONDS}
        self.look(teacher, **board, seen=note_tiles)
        for student in students:
            self.look(student, **board)

        async def press(student):
            await asyncio.sleep(random.uniform(0, PRESS_SECONDS))
            pressed = time.time()
            run = await asyncio.to_thread(self.start_run, student, seed=1)
            tiles[run] = inf
            return pressed, self.look(student, f"run/{run}")

        trained = asyncio.gather(*(self.browsers.train(page) for page in pages))
        found = await asyncio.gather(*(press(student) for student in students[2:]))
        await trained
        end = time.monotonic() + self.seconds
        while time.monotonic() < end and any(
            inf in (watch.result(), tiles[watch.run]) for _, watch in found
        ):
            await asyncio.sleep(0.1)
        self.leave()
        last = max(self.browsers.first_epochs)
        return [
            *press_figures([(at, watch, tiles[watch.run]) for at, watch in found]),
            Figure("press -> first epoch in real browsers, the last, s", last),
        ]


async def run_scene(server, args):
    """Run a scene; return its figures and a count of errors."""
    errors = Counter()
    async with Browsers(server, errors) as browsers, asyncio.TaskGroup() as group:
        load = Load(server, args.sessions, args.seconds, browsers, errors, group)
        await load.warm_up()
        figures = await SCENES[args.scene](load)
    return [
        *figures,
        Figure("errors", errors.total(), 0),
        Figure("errors in the web process's log", server.logged_errors(), 0),
    ], errors


SCENES = {"live": Load.live, "one": Load.one, "class": Load.school_class}


def main():
    """Read the arguments, run the load, print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=50, help="people who look")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--scene", choices=SCENES, default="live")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends what was started
    server = Server()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            figures, errors = runner.run(run_scene(server, args))
    finally:
        server.close()
    print(*figures, sep="\n")
    for what, count in errors.most_common(20):
        print(f"  {count} x {what}")
    if not all(figure.kept for figure in figures):
        sys.exit(f"The log of the web process is {server.log}")
    shutil.rmtree(server.home)


if __name__ == "__main__":
    main()
