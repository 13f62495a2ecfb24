"""How to add a task, in three steps: a folder, a page, a line.

1. The folder is `tests/core/toy` (yours is in `core/`): what `core.task.Task` asks for.
2. The page is `tests/core/toy/page.py` (yours is in `pages/`, and a line in `PAGES` of
   `pages/ui/frame.py`).
3. The line in `core/registry.py` is that of the fixture `registered` below.

Then any worker trains it; people start, stop and resume it, and see its result.
"""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import registry
from core.runs import worker
from core.runs.store import Checkpoints, RunWriter
from core.runs.worker import Execution
from core.task import UserError
from pages.ui.session import platform
from tests.core import toy

PAGE = Path(toy.__file__).with_name("page.py")
NOBODY = "tcp://127.0.0.1:9"  # no scheduler: the tests do what a worker does


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(registry.TASKS, "toy", "tests.core.toy")


@pytest.fixture(scope="module")
def own_platform(tmp_path_factory):
    """A platform with a store of these tests' own."""
    _renew_platform()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNROLLED_HOME", str(tmp_path_factory.mktemp("toy")))
        patch.setenv("DASK_SCHEDULER_ADDRESS", NOBODY)
        patch.setattr(worker, "EPOCH_SECONDS", 0)  # a checkpoint after each epoch
        yield platform()
        _renew_platform()


def _renew_platform():
    platform().close(timeout=5)
    platform.cache_clear()


def execute(platform, run_id, stop_at=None):
    """Train a run as a worker does; if wished, have Stop pressed at an epoch."""
    checkpoints = Checkpoints(platform.site.checkpoints, platform.store.installation())
    writer = RunWriter.claim(platform.store, run_id)
    execution = Execution(platform.site, writer, checkpoints)
    handle = execution._handle

    def handle_and_stop(progress):
        if progress.epoch == stop_at:
            platform.store.request_any_stop(run_id)
        return handle(progress)

    execution._handle = handle_and_stop
    execution.train()


def result(platform, run_id):
    return toy.Result.decode(platform.store.result("ann", run_id))


def test_a_new_task_is_started_stopped_resumed_and_ends_like_an_undisturbed_one(
    own_platform,
):
    store, (config, data) = own_platform.store, toy.tiny()
    whole, run_id = (
        own_platform.start(owner, "toy", config, data) for owner in ("ann", "bob")
    )
    execute(own_platform, whole)
    execute(own_platform, run_id, stop_at=4)
    assert store.get("bob", run_id).status == "stopped"
    assert store.get("bob", run_id).summary["epochs"] < 9
    own_platform.resume("bob", run_id)
    execute(own_platform, run_id)
    run = store.get("bob", run_id)
    assert (run.status, run.title, run.summary["epochs"]) == ("done", "2 numbers", 9)
    assert store.points(run_id) == store.points(whole)
    assert toy.Result.decode(store.result("bob", run_id)) == result(own_platform, whole)
    assert result(own_platform, whole).mean == pytest.approx(1.5, abs=0.3)


def test_a_new_task_refuses_data_that_it_cannot_learn_from(own_platform):
    with pytest.raises(UserError, match="got none"):
        own_platform.start("ann", "toy", toy.Config(), [])


def test_the_page_of_a_new_task_trains_it_and_shows_its_result(own_platform):
    page = AppTest.from_file(PAGE).run()
    page.number_input(key="toy_epochs").set_value(5).run()
    page.button(key="toy_train").click().run()
    assert not page.exception
    assert page.button(key="toy_stop")
    execute(own_platform, page.query_params["run"])
    page.run()
    assert not page.exception
    assert page.metric[0].label == "Mean"
    assert page.number_input(key="toy_epochs").value == 5
