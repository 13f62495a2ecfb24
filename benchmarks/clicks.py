"""Presses at random moments in a class with questions: is one lost, or done twice?

In a real browser a student has a run that trains. Meanwhile the teacher asks and closes
questions, each of which reruns the page. Three kinds of buttons are pressed: a star,
links that are made and revoked, and *Train*, whose data the page makes. Each press is
to change the store once; the next one comes at a random moment after that. The exit
status is 1 if a press did nothing, or did it twice.
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from core.runs.classes import Classes
from core.runs.classes.polls import Polls
from core.runs.store import Store
from core.runs.store.shares import Shares
from pages.ui.web.server import new_owner
from tests.browser.conftest import QUIET, Dashboard, Page, chromium
from tests.conftest import end_cluster, wait_until

LONGEST_WAIT = 0.6  # seconds between the effect of a click and the next click
SECONDS = 10.0  # after which a click counts as lost
AGAIN = 0.3  # seconds in which a press could still be done a second time
LONG = "stock_recipe=classic&stock_epochs=1000&stock_units=32"
TASK = "lstm_step=Learning&lstm_task=adding&lstm_epochs=1&lstm_units=2&lstm_length=6"
SHARES = {"star": 0.6, "link": 0.35, "train": 0.05}  # of the presses, by kind


def main():
    """Press as often as the arguments say; print how many presses went wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks.clicks", description=__doc__)
    parser.add_argument("--clicks", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    home = Path(tempfile.mkdtemp())
    dashboard = Dashboard(home)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
            page = Page(browser.new_context().new_page(), dashboard)
            presses = Presses(page, home, random.Random(args.seed))
            presses.all(args.clicks)
    finally:
        dashboard.kill()
        end_cluster(home)
    for kind, seconds in presses.seconds.items():
        median, p95 = (
            statistics.median(seconds),
            statistics.quantiles(seconds, n=20)[-1],
        )
        print(f"{len(seconds)} of {kind}: median {median:.2f} s, p95 {p95:.2f} s")
    faults = f"{presses.lost} lost, {presses.twice} done twice"
    print(f"{args.clicks} presses, {presses.questions} questions: {faults}")
    sys.exit(presses.lost + presses.twice > 0)


class Presses:
    """A student's presses, their times until the store has changed, and the faults."""

    def __init__(self, page, home, chance):
        self.page, self.chance = page, chance
        self.store = Store(f"sqlite:///{home / 'runs.sqlite'}")
        self.seconds = {kind: [] for kind in SHARES}
        self.lost = self.twice = self.questions = 0

    def all(self, count):
        """Press so often, in a class, beside a training."""
        page = self.page
        page.open(f"stock?{LONG}")
        page.press("stock_train")
        page.sees(r"Epoch [1-9]\d* of", seconds=240)
        cookies = {each["name"]: each["value"] for each in page.page.context.cookies()}
        self.owner = cookies["unrolled_owner"]
        (self.run,) = self.store.runs_of(self.owner)
        teacher, classes = new_owner(), Classes(self.store)
        code = classes.create(teacher, "Clicks")
        classes.join(self.owner, code, "Ann")
        ended = threading.Event()
        asking = threading.Thread(target=self._ask, args=(teacher, code, ended))
        asking.start()
        try:
            for kind, share in SHARES.items():
                getattr(self, kind)(round(share * count))
        finally:
            ended.set()
            asking.join()
        wait_until(
            lambda: self.store.get(self.owner, self.run.id).active, 1, "its training"
        )
        self.store.close()

    def _ask(self, teacher, code, ended):
        polls, chance = Polls(self.store), random.Random(1)
        while not ended.wait(chance.uniform(0.2, 3)):
            poll = polls.ask(teacher, code, "lstm The cell", 3)
            self.questions += 1
            if not ended.wait(chance.uniform(0.2, 3)):
                polls.reveal(teacher, poll)
            if not ended.wait(chance.uniform(0.2, 2)):
                polls.close(teacher, poll)

    def star(self, count):
        """Press a star, which the store has or does not have."""
        self.page.open("runs")
        button = self.page.keyed(f"runs_star_{self.run.id}").get_by_role("button")
        for _ in range(count):
            self._press("star", button, self._starred, 1 - self._starred())

    def link(self, count):
        """Make a link to the run, and revoke it."""
        self.page.open(f"stock?run={self.run.id}")
        self.page.press("share_menu_stock")
        for _ in range(count):
            key = "share_revoke_stock" if self._links() else "share_create_stock"
            button = self.page.keyed(key).get_by_role("button")
            self._press("link", button, self._links, 1 - self._links())

    def train(self, count):
        """Train with another seed each time."""
        for turn in range(count):
            self.page.open(f"lstm?{TASK}&lstm_seed={turn + 1}")
            button = self.page.keyed("lstm_train").get_by_role("button").first
            self._press("train", button, self._runs, self._runs() + 1)

    def _starred(self):
        return int(bool(self.store.get(self.owner, self.run.id).starred))

    def _links(self):
        return len(Shares(self.store).of(self.owner))

    def _runs(self):
        return len(self.store.runs_of(self.owner))

    def _press(self, kind, button, read, expected):
        self.page.page.wait_for_timeout(1000 * self.chance.uniform(0, LONGEST_WAIT))
        began = time.monotonic()
        button.click()
        while read() != expected and time.monotonic() - began < SECONDS:
            time.sleep(0.005)
        self.seconds[kind].append(time.monotonic() - began)
        if read() != expected:
            self.lost += 1
            print(f"lost: {kind}, press {len(self.seconds[kind])}", flush=True)
            return
        if kind != "star":
            self.page.page.wait_for_timeout(1000 * AGAIN)
            if read() != expected:
                self.twice += 1
                print(f"twice: {kind}, press {len(self.seconds[kind])}", flush=True)


if __name__ == "__main__":
    main()
