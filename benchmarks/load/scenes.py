"""Who is in the room: two teachers who train, those who look on, those who learn."""

import asyncio
from urllib.parse import parse_qs

from websockets.exceptions import WebSocketException

from benchmarks.load import deeds
from benchmarks.load.mind import Mind
from benchmarks.load.session import Session

ARRIVAL = 0.15  # seconds between two who come in
VISIT = 4.0  # seconds between two new visitors
TRAINED = {"units": 25, "window": 240, "batch": 240, "epochs": 1000}
PATIENCE = 90.0
REHEARSING, REHEARSAL = 8, 5.0  # guests, seconds


class Room:
    """The sessions of one load, and the tasks that move them.

    Parameters
    ----------
    address
        The dashboard.
    tally
        Where all is noted.
    mind
        Where all students have their chance and their pace from.
    """

    def __init__(self, address, tally, mind=None):
        self.address, self.tally = address, tally
        self.mind = mind or Mind()
        self.sessions, self.tasks = [], []

    def enter(self, owner=None):
        """A new tab."""
        self.sessions.append(Session(self.address, self.tally, owner))
        return self.sessions[-1]

    async def warm_up(self):
        """Have one visitor see every page: what is loaded once for all is loaded."""
        visitor = Session(self.address, self.tally)
        await visitor.open()
        for path in deeds.PAGES:
            await visitor.go(path)
        await visitor.close()

    async def teach(self):
        """Start a training as its owner does; return owner and run."""
        teacher = self.enter()
        await teacher.open("stock")
        await teacher.set("stock_recipe", ["Classic, flawed"])
        for name, value in TRAINED.items():
            await teacher.set(f"stock_{name}", value)
        await teacher.press("stock_train")
        async with asyncio.timeout(PATIENCE):
            while not teacher.page.epoch:  # the first one has ended
                await asyncio.sleep(0.1)
        return teacher.owner, parse_qs(teacher.page.query)["run"][0]

    async def rehearse(self, owner, run):
        """Have a few look on for a moment: what one class needs, the next one uses."""
        guests = [Session(self.address, self.tally, owner) for _ in range(REHEARSING)]
        for guest in guests:
            await guest.open("stock", f"run={run}")
        await asyncio.sleep(REHEARSAL)
        await asyncio.gather(*(guest.close() for guest in guests))

    async def look_on(self, owner, run, fidget=False):
        """Come in and watch a run; with some unrest if wished."""
        session = self.enter(owner)
        session.watch = self.tally.new_watch(run)
        self.tally.first_pages.append(await session.open("stock", f"run={run}"))
        if fidget:
            await deeds.fidget(session, self.mind.other())

    async def learn(self):
        """Come in and try everything."""
        await deeds.learn(self.enter(), self.mind.other())

    async def visit(self):
        """Open a page as somebody new, again and again."""
        while True:
            for path in deeds.PAGES:
                visitor = self.enter()
                seconds = await visitor.open(path)
                self.tally.first_pages.append(seconds)
                self.tally.page_times[path].append(seconds)
                await asyncio.sleep(VISIT)
                self.sessions.remove(visitor)
                await visitor.close()

    def begin(self, task):
        """Have something go on beside the rest."""
        self.tasks.append(asyncio.create_task(self._bear(task)))

    async def fill(self, entrances):
        """Let people in, one after the other, whoever is still looking around."""
        for entrance in entrances:
            self.begin(entrance)
            await asyncio.sleep(ARRIVAL)

    async def last(self, seconds):
        """Let it all go on; end at once if a task of the load's own breaks."""
        done, _ = await asyncio.wait(
            self.tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION
        )
        for task in done:
            task.result()

    async def empty(self):
        """Send everybody home."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.gather(*(session.close() for session in self.sessions))
        self.tasks.clear()
        self.sessions.clear()

    async def _bear(self, doings):
        """Somebody whose page does not answer is an error, not the load's end."""
        try:
            await doings
        except (TimeoutError, OSError, KeyError, WebSocketException) as error:
            self.tally.error(f"somebody is stuck: {type(error).__name__} {error}")
