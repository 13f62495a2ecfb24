"""The load: what its people see, what its table says, and that its scenes run."""

import asyncio
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest

from benchmarks.load.figures import Figure, press_figures
from benchmarks.load.people import Watch, look
from core.runs.store import Store
from pages.ui.live.part import SECONDS
from pages.ui.web.server import new_owner
from tests.browser.conftest import ROOT, Dashboard
from tests.driver.security.live import queued
from tests.platforms import NOBODY


@pytest.fixture
def dashboard(tmp_path):
    """A dashboard without workers, which a test may kill."""
    with mock.patch.dict(os.environ, {"DASK_SCHEDULER_ADDRESS": NOBODY}):
        dashboard = Dashboard(tmp_path)
    yield dashboard
    dashboard.kill()


def looked_at(dashboard, errors, then, others=False):
    """Have somebody look at a run until it ends; return what they have seen.

    `then` is called with the owner, the run and the store once it has been seen.
    """
    store, owner = Store(f"sqlite:///{dashboard.home / 'runs.sqlite'}"), new_owner()
    run = queued(store, new_owner() if others else owner)

    async def looking():
        watch, url = Watch(run), f"{dashboard.url}/live/run/{run}"
        task = asyncio.create_task(look(watch, url, owner, {}, errors))
        while len(watch.seen) < 4 and not errors:
            await asyncio.sleep(0.05)
        then(owner, run, store)
        while not (task.done() or errors):
            await asyncio.sleep(0.05)
        task.cancel()
        return watch

    with ThreadPoolExecutor(1) as own:  # Playwright has an event loop in this one
        watch = own.submit(asyncio.run, looking()).result()
    store.close()
    return watch


def test_a_simulated_viewer_polls_twice_a_second_until_the_run_ends(dashboard):
    errors = Counter()
    watch = looked_at(
        dashboard, errors, lambda owner, run, store: store.request_stop(owner, run)
    )
    assert errors == {}
    assert watch.result() == watch.seen[-1][0] > watch.seen[0][0]
    assert (
        1 < watch.rate() < 1 / (0.9 * SECONDS)
    )  # its shortest rest, an instant answer


def test_a_server_that_goes_away_is_an_error_of_the_load(dashboard):
    errors = Counter()
    looked_at(dashboard, errors, lambda *_: dashboard.kill())
    assert errors.total() >= 1


def test_a_run_that_is_not_there_is_an_error_of_the_load(dashboard):
    errors = Counter()
    looked_at(dashboard, errors, lambda *_: None, others=True)
    assert len(errors) == errors.total() == 1
    assert "404" in next(iter(errors))


def test_an_epoch_is_as_old_as_when_it_was_first_seen():
    watch = Watch()
    for at, epoch in ((10.0, 3), (10.5, None), (11.0, 4), (12.0, 6)):
        watch.see(at, {"epoch": epoch} if epoch else {})
    ended = {3: 9.0, 4: 10.75, 5: 11.25, 6: 11.75}
    assert watch.ages(ended) == [0.25, 0.75, 0.25]  # 5 came with 6; 3 was there before
    assert watch.rate() == 1.5
    assert watch.longest() == 1.0
    assert Watch().rate() == 0.0


def test_a_limit_is_kept_or_missed_on_either_side():
    assert Figure("", 2.0, 2.0, least=True).kept
    assert not Figure("", 1.99, 2.0, least=True).kept
    assert Figure("", 1.0, 1.0).kept
    missed = Figure("age", 1.2, 1.0)
    assert not missed.kept
    assert "MISSED" in str(missed)
    assert Figure("", float("inf")).kept  # nothing was promised


def test_the_last_of_a_class_counts_and_one_without_a_result_misses():
    class_of_two = []
    for place in (1, 2):
        watch = Watch()
        watch.see(100.0 + place, {"epoch": 1})
        watch.see(120.0 + place, {"epoch": 2, "status": "done"})
        class_of_two.append((100.0, watch, 101.0))
    assert [figure.value for figure in press_figures(class_of_two)][1::2] == [2.0, 22.0]
    class_of_two[1][1].seen.pop()
    missed = [figure.kept for figure in press_figures(class_of_two)]
    assert missed == [True, True, True, False, True]


@pytest.mark.parametrize("scene", ["live", "one"])
def test_a_scene_runs_without_an_error(scene):
    """Whether it keeps the limits is measured on a machine that does nothing else."""
    small = ["--sessions", "3", "--seconds", "5", "--scene", scene]
    command = [sys.executable, "-m", "benchmarks.load", *small]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    figures = dict(
        re.findall(r"^ *(.+?)  .* ([\d.,-]+|inf)(?:  MISSED)?$", done.stdout, re.M)
    )
    assert figures["errors"] == "0.00", done.stdout + done.stderr
    assert float(figures["answers a second a person, median"]) > 0.5
