"""Long runs of a platform."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from core import registry
from core.runs import Site
from core.runs.local import ENVIRONMENT
from core.runs.ready import check_readiness
from core.runs.settings import PROJECT
from core.runs.store import Store
from tests.conftest import end_cluster, wait_until
from tests.core.runs.counting import Config

FOREVER = {"epochs": 9, "hang_at": 2}


SECRET = "my diary.csv"


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """An installation: its site, and the environment of all its processes."""
    home = tmp_path_factory.mktemp("operations")
    environment = {"UNROLLED_HOME": str(home), "UNROLLED_LOG": "json"}
    started = [
        dask(
            environment,
            "scheduler",
            "--port=0",
            "--dashboard-address=127.0.0.1:0",  # 8787 may be in use
            "--preload=core.logs",
        ),
        dask(
            environment,
            "worker",
            "--nworkers=2",
            "--nthreads=1",
            "--preload=core.logs",
            "--preload-nanny=core.logs",
            "--preload=tests.core.runs.counting",
        ),
    ]
    address = wait_until(lambda: written(home / "own.json"), what="the scheduler")
    site = Site(
        home=home,
        database_url=f"sqlite:///{home / 'runs.sqlite'}",
        scheduler=address["address"],
    )
    environment["DASK_SCHEDULER_ADDRESS"] = site.scheduler
    wait_until(lambda: check_readiness(site).workers == 2, what="workers")
    yield SimpleNamespace(site=site, environment=environment, home=home)
    end_cluster(home)
    for process in started:
        process.wait()


def dask(environment, role, *options):
    home = environment["UNROLLED_HOME"]
    where = ["--scheduler-file", f"{home}/own.json", "--host", "127.0.0.1"]
    with open(f"{home}/{role}.log", "wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", role, *where, "--no-dashboard", *options],
            env=os.environ | ENVIRONMENT | environment,
            cwd=PROJECT,
            stderr=log,
        )


def written(file):
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return None


@pytest.fixture
def store(installation, monkeypatch):
    monkeypatch.setitem(registry.TASKS, "counting", "tests.core.runs.counting")
    store = Store(installation.site.database_url)
    yield store
    store.close()


def begin(store, owner="ann", **settings):
    return store.create(owner, "counting", Config(**settings), title=SECRET, data=b"1")


def until(store, run_id, status, owner="ann"):
    return wait_until(
        lambda: (run := store.get(owner, run_id)).status == status and run,
        what=f"a run that is {status}",
    )
