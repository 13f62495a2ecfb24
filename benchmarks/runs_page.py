"""The Runs page of a person with 500 runs, beside that of one with 20.

    python -m benchmarks.runs_page

A dashboard of its own, in a real browser: from a click on Runs to the last card that is
shown, the first time in a session, and what the page then costs the web process while
nothing happens.
"""

import os
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from core.registry import TASKS, get_task
from core.runs.store import RunWriter, Store, curation, limits
from pages.ui.server import COOKIE, new_owner
from tests.browser.conftest import QUIET, Dashboard, chromium
from tests.conftest import end_cluster

SIZES = 20, 500
VISITS = 7
IDLE_SECONDS = 20
SHOWN = 20  # cards, of however many runs


def fill(store, owner, count):
    """Leave finished runs of all tasks, some of them with a name, a note, a star."""
    tasks = [get_task(name) for name in TASKS]
    examples = [task.tiny() for task in tasks]
    for n in range(count):
        task, (config, data) = tasks[n % len(tasks)], examples[n % len(tasks)]
        run_id = store.create(
            owner,
            list(TASKS)[n % len(tasks)],
            replace(config, seed=n),
            title=task.title(data),
            data=task.encode_data(data),
        )
        RunWriter.claim(store, run_id).finish("done", summary={"epochs": 3})
        if n % 5 == 0:
            curation.rename(store, owner, run_id, f"Run {n}, wider")
            curation.annotate(store, owner, run_id, "Better than the one before.")
            curation.star(store, owner, run_id, True)


def seconds_to_the_last_card(page, dashboard):
    """Click on Runs in a new session; return when all cards are there."""
    page.goto(dashboard.url)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    began = time.perf_counter()
    page.get_by_role("link", name="Runs").first.click()
    page.wait_for_function(
        "n => document.querySelectorAll('[class*=st-key-runs_open_]').length == n",
        arg=SHOWN,
        polling=10,
    )
    return time.perf_counter() - began


def main():
    """Measure each size."""
    limits.OWNER = limits.Rate(starts=10**6, megabytes=10**6)
    home = Path(tempfile.mkdtemp())
    os.environ["UNROLLED_HOME"] = str(home)
    store = Store(f"sqlite:///{home}/runs.sqlite")
    owners = {size: new_owner() for size in SIZES}
    for size, owner in owners.items():
        fill(store, owner, size)
    dashboard = Dashboard(home)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
            print(
                f"{'runs':>6}{'first s':>10}{'next, median s':>16}{'idle CPU ms/s':>15}"
            )
            for size, owner in owners.items():
                context = browser.new_context()
                cookie = {"name": COOKIE, "value": owner, "url": dashboard.url}
                context.add_cookies([cookie])
                page = context.new_page()
                first, *rest = (
                    seconds_to_the_last_card(page, dashboard) for _ in range(VISITS)
                )
                process = psutil.Process(dashboard.pid)
                before = sum(process.cpu_times()[:2])
                page.wait_for_timeout(1000 * IDLE_SECONDS)
                idle = (sum(process.cpu_times()[:2]) - before) / IDLE_SECONDS
                median = statistics.median(rest)
                print(f"{size:>6}{first:>10.2f}{median:>16.2f}{1000 * idle:>15.0f}")
                context.close()
    finally:
        dashboard.kill()
        end_cluster(home)
        store.close()


if __name__ == "__main__":
    main()
