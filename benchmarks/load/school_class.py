"""A class at work: all press Train on one task, then each on settings of its own."""

import asyncio
import time
from urllib.parse import urlencode

from core.runs.classes.classes import Classes

PAGE = "lstm"
TASK = {"lstm_step": "Learning", "lstm_task": "adding"}
SEED = "lstm_seed"
APART, TOGETHER, OWN = "each alone", "the same task", "own settings"
PRESS_SECONDS = 10.0  # in which all press Train
LOOK_SECONDS = 0.1
SETTLE_SECONDS = 60.0  # for pages to be drawn, and for stopped trainings to end


def start_class(store, address, teacher, settings=TASK):
    """Start a class with one task; return its code and the task's id."""
    classes = Classes(store)
    code = classes.create(teacher, "Load")
    link = f"{address.url}/{PAGE}?{urlencode(settings)}"
    classes.add_task(teacher, code, "Train on the adding problem", link)
    return code, classes.tasks(code)[0].id


class SchoolClass:
    """Students, each in a browser of its own.

    Parameters
    ----------
    classroom
        Their sessions.
    store
        The dashboard's.
    number
        How many they are.
    """

    def __init__(self, classroom, store, number):
        self.classroom, self.store = classroom, store
        self.counts = classroom.counts
        self.students = [classroom.enter() for _ in range(number)]

    async def open_task(self, first_seed=None):
        """Have each open the task, with a seed of its own if there is a first one."""
        await self.classroom.fill(
            self._open(
                student, {} if first_seed is None else {SEED: first_seed + place}
            )
            for place, student in enumerate(self.students)
        )
        await self._until(self._idle, SETTLE_SECONDS)

    async def join(self, code, task):
        """Have each open the link of a class, type a name, and open the task."""
        await self.classroom.fill(
            self._join(student, code, task, str(place))
            for place, student in enumerate(self.students, 1)
        )
        await self._until(self._idle, SETTLE_SECONDS)

    async def change_seed(self, first_seed):
        """Have each choose a seed of its own."""
        for seed, student in enumerate(self.students, first_seed):
            self.classroom.begin(student.set(SEED, seed))
        await self._until(self._idle, SETTLE_SECONDS)

    async def train(self, what, seconds, press_seconds=PRESS_SECONDS):
        """Have all press Train, and wait for their results, but not for ever.

        Parameters
        ----------
        what
            The name of the figures.
        seconds
            After which trainings that still go on are stopped.
        press_seconds
            In which all press.
        """
        for place, student in enumerate(self.students):
            delay = press_seconds * place / len(self.students)
            self.classroom.begin(self._press(student, what, delay))
        await self._until(self._idle, press_seconds + SETTLE_SECONDS)
        await self._until(lambda: self._all_have_results(what), seconds)
        for watch in self.counts.watches:
            watch.end(time.time())
        for _, run in self.store.active():
            self.store.request_any_stop(run.id)
        await self._until(lambda: not self.store.active(), SETTLE_SECONDS)

    async def _open(self, student, settings):
        seconds = await student.open(PAGE, urlencode(TASK | settings))
        self.counts.first_pages.append(seconds)

    async def _join(self, student, code, task, name):
        seconds = await student.open("classes", f"code={code}")
        self.counts.first_pages.append(seconds)
        student.fill("classes_name", name)
        await student.press("classes_join")
        if student.has(f"classes_open_{task}"):
            await student.follow(f"classes_open_{task}", PAGE)
        else:  # the class takes nobody more
            await student.go(PAGE, urlencode(TASK))

    async def _press(self, student, what, delay):
        await asyncio.sleep(delay)
        await student.train(PAGE, what)

    def _idle(self):
        return all(task.done() for task in self.classroom.tasks)

    def _all_have_results(self, what):
        asked = self.counts.requests_for[what]
        return all(request.result is not None for request in asked if request.run)

    async def _until(self, true, seconds):
        end = time.monotonic() + seconds
        while not true() and time.monotonic() < end:
            await asyncio.sleep(LOOK_SECONDS)
        await self.classroom.run_for(0)  # raises what the load's own code has raised
