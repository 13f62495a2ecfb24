"""Presses at random moments in a class with questions: is one lost, or done twice?

In a real browser a student has a run that trains. Meanwhile the teacher sets and
removes tasks, and asks and closes questions, each of which reruns the page. The student
presses every kind of button that can be pressed again and again: those that the frame
carries out, those whose data the page makes (*Train*, *Generate*), choices and boxes,
marks on a component, and links. Each press is to change the store or the page once; the
next one comes at a random moment after that. The exit status is 1 if a press did
nothing, or did it twice. A question moves the page; a press that therefore met no
button is counted apart.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from core.runs.classes import Classes
from core.runs.classes.polls import Polls
from core.runs.path import Paths
from core.runs.run import StoreError
from core.runs.store import Store
from core.runs.store.shares import Shares
from pages.ui.path.stations import BY_KEY
from pages.ui.web.server import new_owner
from tests.browser.conftest import QUIET, Dashboard, Page, chromium
from tests.conftest import end_cluster, wait_until

LONGEST_WAIT = 0.6  # seconds between the effect of a press and the next press
SECONDS = 30.0  # after which a press counts as lost: a loaded machine is slow
BETWEEN_TRAININGS = 3.0  # seconds: a person starts at most twenty a minute
AGAIN = 0.3  # seconds in which a press could still be done a second time
LONG = "stock_recipe=classic&stock_epochs=1000&stock_units=32"
TASK = "lstm_step=Learning&lstm_task=adding&lstm_epochs=1&lstm_units=2&lstm_length=6"
QUESTION = "lstm The cell", 3  # with so many answers
# Counts the clicks that a button or a box gets.
COUNT = """() => {
  if (window.clicks === undefined) document.addEventListener("click", (event) => {
    window.clicks += Number(Boolean(event.target.closest("button, label")))
  }, true)
  window.clicks = 0
}"""
SHARES = {  # of the presses, by kind; Train first, for a run to delete
    "train": 0.03,
    "star": 0.25,
    "link": 0.12,
    "name and note": 0.1,
    "delete and undo": 0.08,
    "stop and resume": 0.03,
    "quicker": 0.02,
    "answer": 0.08,
    "tick": 0.06,
    "station": 0.06,
    "teach": 0.05,
    "generate and undo": 0.05,
    "another": 0.03,
    "mark and lock": 0.04,
}


def main():
    """Press as often as the arguments say; print how many presses went wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks.clicks", description=__doc__)
    parser.add_argument("--clicks", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", choices=SHARES, default=list(SHARES))
    args = parser.parse_args()
    home = Path(tempfile.mkdtemp())
    os.environ["UNROLLED_RUN_SECONDS"] = "36000"  # the training outlasts the presses
    dashboard = Dashboard(home)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
            page = Page(browser.new_context().new_page(), dashboard)
            presses = Presses(page, home, random.Random(args.seed))
            presses.all(args.clicks, args.kinds)
    finally:
        dashboard.kill()
        end_cluster(home)
    count = sum(map(len, presses.seconds.values()))
    faults = f"{presses.lost} lost, {presses.twice} done twice"
    faults += f", {presses.missed} met no button"
    faults += f", {presses.refused} refused with a sentence"
    print(f"{count} presses, {presses.questions} questions: {faults}")
    sys.exit(presses.lost + presses.twice > 0)


class Presses:
    """A student's presses, their times until their effect, and the faults.

    The method of a kind yields presses without end: a function that presses, one that
    reads what it changes, and what that is to be.
    """

    def __init__(self, page, home, chance):
        self.page, self.chance = page, chance
        self.store = Store(f"sqlite:///{home / 'runs.sqlite'}")
        self.classes, self.polls = Classes(self.store), Polls(self.store)
        self.asking = threading.Lock()  # a question stays while it is answered
        self.seconds = {}
        self.lost = self.twice = self.missed = self.refused = self.questions = 0

    def all(self, count, kinds):
        """Press so often, in a class, beside a training."""
        page = self.page
        page.open(f"stock?{LONG}")
        page.press("stock_train")
        page.sees(r"Epoch [1-9]\d* of", seconds=240)
        cookies = {each["name"]: each["value"] for each in page.page.context.cookies()}
        self.owner, self.teacher = cookies["unrolled_owner"], new_owner()
        (run,) = self.store.runs_of(self.owner)
        self.run_id = run.id
        self.code = self.classes.create(self.teacher, "Clicks")
        self.classes.add_task(self.teacher, self.code, "Look at it", "http://here/lstm")
        self.classes.join(self.owner, self.code, "Ann")
        ended = threading.Event()
        asking = threading.Thread(target=self._ask, args=(ended,))
        asking.start()
        try:
            for kind in kinds:
                presses = getattr(self, f"_{kind.replace(' ', '_')}")()
                for _ in range(round(SHARES[kind] * count)):
                    self._press(kind, *next(presses))
                presses.close()
                times = self.seconds[kind]
                about = f"median {median(times):.2f} s, longest {max(times):.2f} s"
                print(f"{len(times)} {kind}: {about}", flush=True)
        finally:
            ended.set()
            asking.join()
        self.store.close()

    def _press(self, kind, press, read, expected):
        times = self.seconds.setdefault(kind, [])
        self.page.page.wait_for_timeout(1000 * self.chance.uniform(0, LONGEST_WAIT))
        self.page.page.evaluate(COUNT)
        began = time.monotonic()
        press()
        found = None
        while found != expected and time.monotonic() - began < SECONDS:
            time.sleep(0.005)
            with suppress(StoreError):  # busy
                found = read()
        times.append(time.monotonic() - began)
        if found != expected:
            refused = "".join(self.page.keyed("flash").all_inner_texts())
            is_click = getattr(press, "__name__", "") == "click"  # not of the keyboard
            missed = is_click and self.page.page.evaluate("() => window.clicks === 0")
            self.missed += missed
            self.lost += not missed and not refused
            self.refused += bool(refused)
            about = f"{found}, not {expected}. {refused}"
            about += "It met no button." if missed else ""
            print(f"no effect: {kind} {len(times)}: {about}", flush=True)
            return
        self.page.page.wait_for_timeout(1000 * AGAIN)
        with suppress(StoreError):
            found = read()
        if found != expected:
            self.twice += 1
            print(f"twice: {kind} {len(times)}: {found}, not {expected}", flush=True)

    def _ask(self, ended):
        """Rerun the pages of the class: ask, reveal, close; set a task, remove it."""
        chance, mine = random.Random(1), (self.teacher, self.code)
        while not ended.wait(chance.uniform(0.2, 2)):
            with suppress(StoreError):  # busy
                self.classes.add_task(*mine, "Another one", "http://here/gru")
                with self.asking:
                    poll = self.polls.ask(*mine, *QUESTION)
                    self.questions += 1
                    ended.wait(chance.uniform(0.2, 3))
                    self.polls.reveal(self.teacher, poll)
                    ended.wait(chance.uniform(0.2, 2))
                    self.polls.close(self.teacher, poll)
                ended.wait(chance.uniform(0.2, 2))
                added = self.classes.tasks(self.code)[-1]
                self.classes.remove_task(*mine, added.id)

    def _button(self, key):
        return self.page.keyed(key).get_by_role("button").first

    def _run(self, run_id=None):
        return self.store.get(self.owner, run_id or self.run_id)

    def _train(self):
        for seed in range(1, 1000):
            self.page.open(f"lstm?{TASK}&lstm_seed={seed}")
            yield self._button("lstm_train").click, self._runs, self._runs() + 1
            self.store.request_stop(self.owner, self._newest())  # only three may wait
            self.page.page.wait_for_timeout(1000 * BETWEEN_TRAININGS)

    def _runs(self):
        return len(self.store.runs_of(self.owner))

    def _newest(self):
        return self.store.runs_of(self.owner)[0].id

    def _star(self):
        self.page.open("runs")
        newest = self._newest()
        button = self._button(f"runs_star_{newest}")
        starred = lambda: bool(self._run(newest).starred)  # noqa: E731
        while True:
            before = starred()
            # Before it is drawn anew the button asks for the same again.
            wait_until(lambda now=before: ("★" in button.inner_text()) == now)
            yield button.click, starred, not before

    def _link(self):
        self.page.open(f"stock?run={self.run_id}")
        self.page.press("share_menu_stock")
        while True:
            key = "share_revoke_stock" if self._links() else "share_create_stock"
            yield self._button(key).click, self._links, 1 - self._links()

    def _links(self):
        return len(Shares(self.store).of(self.owner))

    def _name_and_note(self):
        self.page.open("runs")
        newest = self._newest()
        self.page.press(f"runs_details_{newest}")
        words = ["", ""]
        boxes = [("name", "input", "Enter"), ("note", "textarea", "Control+Enter")]
        for number in range(10_000):
            what, element, key = boxes[number % 2]
            box = self.page.keyed(f"runs_{what}_{newest}").locator(element)
            words[number % 2] = f"The {number}"
            yield (
                partial(_type, box, f"The {number}", key),
                partial(self._words, newest),
                tuple(words),
            )

    def _words(self, run_id):
        run = self._run(run_id)
        return run.own_name or "", run.note or ""

    def _delete_and_undo(self):
        self.page.open("runs")
        deleted = self._newest()
        is_there = lambda: self._run(deleted) is not None  # noqa: E731
        tick = self.page.keyed(f"runs_tick_{deleted}")
        while True:
            if there := is_there():
                tick.wait_for()
                if not tick.get_by_role("checkbox").is_checked():
                    tick.locator("label").first.click()
            key = "runs_delete" if there else "runs_undo"
            yield self._button(key).click, is_there, not there

    def _stop_and_resume(self):
        self.page.open(f"stock?run={self.run_id}")
        while True:
            goes_on = self._goes_on()
            button = self._button("stock_stop" if goes_on else "stock_resume")
            button.wait_for(timeout=120_000)
            yield button.click, self._goes_on, not goes_on

    def _goes_on(self):
        run = self._run()
        return run.active and not run.stop

    def _quicker(self):
        while True:
            self.page.open(f"stock?{LONG}")
            yield self._button("stock_quicker").click, self._is_quicker, True

    def _is_quicker(self):
        return self._parameter("stock_epochs") not in (None, "1000")

    def _parameter(self, name):
        get = "name => new URLSearchParams(location.search).get(name)"
        return self.page.page.evaluate(get, name)

    def _answer(self):
        self.page.open("lstm")
        with self.asking:
            while True:
                poll = self.polls.ask(self.teacher, self.code, *QUESTION)
                answers = self.page.keyed(f"class_answer_{poll}").locator("button")
                answers.first.wait_for()
                for option in (0, 2, 1):
                    expected = tuple(int(option == each) for each in range(3))
                    yield answers.nth(option).click, self._answers, expected
                self.polls.reveal(self.teacher, poll)

    def _answers(self):
        return Polls(self.store).current(self.code).answers

    def _tick(self):
        self.page.open("classes")
        task = self.classes.tasks(self.code)[0].id
        box = self.page.keyed(f"classes_tick_{task}").locator("label").first
        is_done = lambda: task in self.classes.done(self.owner)  # noqa: E731
        while True:
            yield box.click, is_done, not is_done()

    def _station(self):
        paths = Paths(self.store)
        stations = list(BY_KEY)
        for each in stations:
            paths.go_to(self.owner, each)
            paths.note(self.owner, f"station {each}")
            paths.note(self.owner, f"answer {each}")
        now = lambda: paths.progress(self.owner).station  # noqa: E731
        while True:
            paths.go_to(self.owner, stations[0])
            self.page.open(f"path?station={stations[0]}")
            for before, following in pairwise(stations):
                wait_until(lambda at=before: self._parameter("station") == at)
                yield self._button("path_next").click, now, following
        paths.leave(self.owner)

    def _teach(self):
        self.page.open("emoji")
        pill = self.page.keyed("emoji_correct").locator("button").nth(1)
        taught = self.page.page.get_by_text("Press it again to undo.")
        while True:
            yield pill.click, taught.is_visible, not taught.is_visible()

    def _generate_and_undo(self):
        self.page.open("music")
        generate, undo = self._button("music_generate"), self._button("music_undo")
        undo.wait_for()
        while True:
            yield generate.click, undo.is_enabled, True
            yield undo.click, undo.is_enabled, False

    def _another(self):
        self.page.open("music")
        self._button("music_undo").wait_for()
        seeds = [self._parameter("music_seed")]

        def count():
            if (seed := self._parameter("music_seed")) != seeds[-1]:
                seeds.append(seed)
            return len(seeds)

        while True:
            yield self._button("music_another").click, count, len(seeds) + 1

    def _mark_and_lock(self):
        self.page.open("music")
        ruler = self.page.keyed("music_roll").locator(".ruler")
        rewrite, lock = self._button("music_rewrite"), self._button("music_lock")
        bar = 0
        while True:
            key, bar = ("ArrowLeft", 1) if bar == 2 else ("ArrowRight", bar + 1)
            yield (
                partial(ruler.press, key),
                partial(_label, rewrite),
                f"Rewrite bar {bar}",
            )
            yield lock.click, partial(_label, lock), "Unlock"
            yield lock.click, partial(_label, lock), "Lock"


def _label(button):
    return button.inner_text().splitlines()[-1]  # below the icon's name


def _type(box, text, key):
    # A run that draws the page may leave the field of the run before for a moment.
    wait_until(lambda: box.count() == 1, what="one field")
    box.fill(text)
    box.press(key)


if __name__ == "__main__":
    main()
