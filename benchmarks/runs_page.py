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
from core.runs.store import RunWriter, Store, limits, run_list
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
            run_list.rename(store, owner, run_id, f"Run {n}, wider")
            run_list.annotate(store, owner, run_id, "Better than the one before.")
            run_list.star(store, owner, run_id, True)


def open_list(page, dashboard):
    """Click on Runs in a new session, and wait for all cards.

    Returns the seconds that it takes, and those of CPU that the web process does.
    """
    page.goto(dashboard.url)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    began, used = time.perf_counter(), cpu_seconds(dashboard)
    page.get_by_role("link", name="Runs").first.click()
    page.wait_for_function(
        "n => document.querySelectorAll('[class*=st-key-runs_open_]').length == n",
        arg=SHOWN,
        polling=10,
    )
    return time.perf_counter() - began, cpu_seconds(dashboard) - used


def cpu_seconds(dashboard):
    """CPU seconds of the web process so far."""
    return sum(psutil.Process(dashboard.pid).cpu_times()[:2])


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
            print("  runs   first s   next s   web CPU ms   idle web CPU ms/s")
            for size, owner in owners.items():
                context = browser.new_context()
                cookie = {"name": COOKIE, "value": owner, "url": dashboard.url}
                context.add_cookies([cookie])
                page = context.new_page()
                (first, _), *rest = (open_list(page, dashboard) for _ in range(VISITS))
                wall, used = map(statistics.median, zip(*rest, strict=True))
                before = cpu_seconds(dashboard)
                page.wait_for_timeout(1000 * IDLE_SECONDS)
                idle = (cpu_seconds(dashboard) - before) / IDLE_SECONDS
                print(
                    f"{size:>6}{first:>10.2f}{wall:>9.2f}{1000 * used:>13.0f}"
                    f"{1000 * idle:>20.0f}"
                )
                context.close()
    finally:
        dashboard.kill()
        end_cluster(home)
        store.close()


if __name__ == "__main__":
    main()
