"""Clicks at random moments beside a live training: is one of them lost?

A real browser has the Runs page open while a run of it trains, and its line changes
twice a second. Each click on a star is to change the store; the next one comes at a
random moment after that. The exit status is 1 if a click did nothing.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from core.runs.store import Store
from tests.browser.conftest import QUIET, Dashboard, Page, chromium
from tests.conftest import end_cluster, wait_until

LONGEST_WAIT = 0.6  # seconds between the effect of a click and the next click
SECONDS = 10.0  # after which a click counts as lost
LONG = "stock_recipe=classic&stock_epochs=1000&stock_units=32"


def main():
    """Click so often as the arguments say; print how many clicks did nothing."""
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
            lost, seconds = click(page, home, args.clicks, random.Random(args.seed))
    finally:
        dashboard.kill()
        end_cluster(home)
    p95 = statistics.quantiles(seconds, n=20)[-1]
    print(f"{args.clicks} clicks, {lost} lost")
    print(f"click -> store: median {statistics.median(seconds):.2f} s, p95 {p95:.2f} s")
    sys.exit(lost > 0)


def click(page, home, clicks, chance):
    """Click beside a training; return how many clicks were lost, and all times."""
    page.open(f"stock?{LONG}")
    page.press("stock_train")
    page.sees(r"Epoch [1-9]\d* of", seconds=240)
    (owner,) = (
        cookie["value"]
        for cookie in page.page.context.cookies()
        if cookie["name"] == "unrolled_owner"
    )
    store = Store(f"sqlite:///{home / 'runs.sqlite'}")
    (run,) = store.runs_of(owner)
    page.open("runs")
    star = page.keyed(f"runs_star_{run.id}").get_by_role("button")
    lost, seconds = 0, []
    for _ in range(clicks):
        before = bool(store.get(owner, run.id).starred)
        page.page.wait_for_timeout(1000 * chance.uniform(0, LONGEST_WAIT))
        began = time.monotonic()
        star.click()
        while bool(store.get(owner, run.id).starred) == before:
            if time.monotonic() - began > SECONDS:
                lost += 1
                break
            time.sleep(0.005)
        seconds.append(time.monotonic() - began)
    wait_until(lambda: store.get(owner, run.id).active, 1, "the run to go on")
    store.close()
    return lost, seconds


if __name__ == "__main__":
    main()
