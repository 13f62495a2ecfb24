import json
import socket
from dataclasses import replace

import pytest

from core.runs import ready
from core.runs.ready import check_readiness
from core.runs.store import Store
from tests.core.command import call
from tests.core.runs.counting import Config


@pytest.fixture
def url(empty_url):
    """Not one that other tests get after a column of it was dropped."""
    return empty_url


@pytest.fixture
def here(site, url):
    """An installation with a store, which the start of a dashboard makes."""
    _make_store(url)
    return replace(site, database_url=url)


def _make_store(url):
    store = Store(url)
    store.installation()
    store.close()


@pytest.fixture
def silent():
    """Address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def alter(here, statement):
    store = Store(here.database_url)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    store.close()


def test_a_new_installation_is_ready_before_its_first_visitor(here):
    found = check_readiness(here)
    assert found.ready
    assert (found.store, found.schema) == ("ok", "ok")
    assert found.scheduler == "starts when needed"
    assert (found.queue, found.training) == (0, 0)


def test_readiness_includes_the_queue_length(here):
    store = Store(here.database_url)
    for owner in ("ann", "bob"):
        store.create(owner, "counting", Config(), title="t", data=b"1")
    store.close()
    assert check_readiness(here).queue == 2


def test_a_store_of_another_program_is_not_ready_and_says_what_it_lacks(here):
    alter(here, "ALTER TABLE trainings DROP COLUMN title")
    found = check_readiness(here)
    assert not found.ready
    assert "it lacks trainings.title" in found.schema
    assert found.store == "ok"


def test_a_store_out_of_reach_is_not_ready(site):
    gone = "postgresql+psycopg://nobody@/none?host=/nowhere"
    found = check_readiness(replace(site, database_url=gone))
    assert not found.ready
    assert "does not answer" in found.store
    assert found.schema == "unknown"


def test_a_store_that_does_not_answer_is_not_waited_for(site, silent, monkeypatch):
    monkeypatch.setattr(ready, "ANSWER_SECONDS", 0.3)
    hanging = f"postgresql+psycopg://nobody@{silent}/none"
    found = check_readiness(replace(site, database_url=hanging))
    assert not found.ready
    assert "did not answer in 0.3 s" in found.store
    assert found.seconds < 2


def test_unreachable_checkpoints_are_reported(here, tmp_path):
    (tmp_path / "file").touch()
    found = check_readiness(
        replace(here, checkpoint_url=f"file://{tmp_path}/file/saved")
    )
    assert not found.ready
    assert found.checkpoints == "failed (Not a directory)"
    assert (found.store, found.schema) == ("ok", "ok")


def test_a_scheduler_that_does_not_answer_is_not_ready(site, silent, monkeypatch):
    monkeypatch.setattr(ready, "ANSWER_SECONDS", 1.5)
    url = f"sqlite:///{site.home / 'runs.sqlite'}"
    _make_store(url)
    found = check_readiness(
        replace(site, database_url=url, scheduler=f"tcp://{silent}")
    )
    assert found.store == "ok"
    assert not found.ready
    assert "not answer" in found.scheduler
    assert found.seconds < 5


@pytest.mark.parametrize("reachable", [True, False])
def test_the_command_answers_with_its_exit_status_and_one_line(
    site, reachable, monkeypatch
):
    monkeypatch.setenv("UNROLLED_HOME", str(site.home))
    if reachable:
        _make_store(f"sqlite:///{site.home / 'runs.sqlite'}")
    else:
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@/none?host=/nowhere")
    done = call("core.runs", "ready")
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["ready"] is reachable
    assert done.returncode == (0 if reachable else 1)


def test_a_store_that_is_missing_is_not_ready_and_not_made(site, empty_url):
    found = check_readiness(replace(site, database_url=empty_url))
    assert (found.ready, found.store) == (False, "missing")
    assert check_readiness(replace(site, database_url=empty_url)).store == "missing"
