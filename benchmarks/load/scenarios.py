"""A class: teachers who train, students who watch, and students who use all pages."""

import asyncio
from urllib.parse import parse_qs

from websockets.exceptions import WebSocketException

from benchmarks.load import actions
from benchmarks.load.behaviour import Behaviour
from benchmarks.load.session import Session

ARRIVAL = 0.15  # seconds between two new sessions
VISIT = 4.0  # seconds between two new visitors
SETTINGS = {"units": 25, "window": 240, "batch": 240, "epochs": 1000}
TIMEOUT = 90.0
VIEWERS, VIEWING_SECONDS = 8, 5.0  # to warm up


class Classroom:
    """The sessions of one load, and the tasks that act for them.

    Parameters
    ----------
    address
        The dashboard.
    counts
        Of requests, errors and what is seen.
    behaviour
        Random choices and think time, from which each student has its own.
    """

    def __init__(self, address, counts, behaviour=None):
        self.address, self.counts = address, counts
        self.behaviour = behaviour or Behaviour()
        self.sessions, self.tasks = [], []

    def enter(self, owner=None):
        """Return a new session, which has not opened a page yet."""
        self.sessions.append(Session(self.address, self.counts, owner))
        return self.sessions[-1]

    async def warm_up(self):
        """Open every page once, so that what all sessions share is loaded."""
        visitor = Session(self.address, self.counts)
        await visitor.open()
        for path in actions.PAGES:
            await visitor.go(path)
        await visitor.close()

    async def warm_up_workers(self):
        """Train once, so that the workers have begun and have loaded what they need."""
        visitor = Session(self.address, self.counts)
        await visitor.open("lstm", "lstm_step=Learning&lstm_task=adding&lstm_epochs=1")
        await visitor.train("lstm", "warm up")
        async with asyncio.timeout(TIMEOUT):
            while visitor.request.result is None:
                await asyncio.sleep(0.1)
        self.counts.watches.remove(visitor.watch)
        await visitor.close()

    async def start_training(self):
        """Start a training as its owner does; return owner and run."""
        teacher = self.enter()
        await teacher.open("stock")
        await teacher.set("stock_recipe", ["Classic, flawed"])
        for name, value in SETTINGS.items():
            await teacher.set(f"stock_{name}", value)
        await teacher.press("stock_train")
        async with asyncio.timeout(TIMEOUT):
            while not teacher.page.epoch:  # the first one has ended
                await asyncio.sleep(0.1)
        return teacher.owner, parse_qs(teacher.page.query)["run"][0]

    async def warm_up_viewers(self, owner, run):
        """Have some sessions watch for a moment: later ones reuse their memory."""
        viewers = [Session(self.address, self.counts, owner) for _ in range(VIEWERS)]
        for viewer in viewers:
            await viewer.open("stock", f"run={run}")
        await asyncio.sleep(VIEWING_SECONDS)
        await asyncio.gather(*(viewer.close() for viewer in viewers))

    async def watch_run(self, owner, run, interact=False):
        """Open a new session that watches a run, and also acts if wished."""
        session = self.enter(owner)
        session.watch = self.counts.new_watch(run)
        self.counts.first_pages.append(await session.open("stock", f"run={run}"))
        if interact:
            await actions.interact(session, self.behaviour.derive())

    async def follow_link(self, run, token):
        """Open a session in a browser of its own that watches a shared run."""
        session = self.enter()
        session.watch = self.counts.new_watch(run)
        seconds = await session.open("shared", f"share={token}")
        self.counts.first_pages.append(seconds)

    async def use_all_pages(self):
        """Open a new session that does all actions."""
        await actions.use_all_pages(self.enter(), self.behaviour.derive())

    async def visit(self):
        """Open one page after the other, each as a new visitor."""
        while True:
            for path in actions.PAGES:
                visitor = self.enter()
                seconds = await visitor.open(path)
                self.counts.first_pages.append(seconds)
                self.counts.page_times[path].append(seconds)
                await asyncio.sleep(VISIT)
                self.sessions.remove(visitor)
                await visitor.close()

    def begin(self, scenario):
        """Start a scenario beside the others."""
        self.tasks.append(asyncio.create_task(self._guarded(scenario)))

    async def fill(self, scenarios):
        """Start scenarios one after the other."""
        for scenario in scenarios:
            self.begin(scenario)
            await asyncio.sleep(ARRIVAL)

    async def run_for(self, seconds):
        """Wait so many seconds; end at once if the load's own code fails."""
        done, _ = await asyncio.wait(
            self.tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION
        )
        for task in done:
            task.result()

    async def empty(self):
        """Cancel all scenarios and close all sessions."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.gather(*(session.close() for session in self.sessions))
        self.tasks.clear()
        self.sessions.clear()

    async def _guarded(self, scenario):
        """Count a page that does not answer as an error, and go on with the others."""
        try:
            await scenario
        except (TimeoutError, OSError, KeyError, WebSocketException) as error:
            self.counts.error(f"a session is stuck: {type(error).__name__} {error}")
