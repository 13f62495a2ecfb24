"""One training that twenty runs follow, while all that works for it dies."""

import pytest
from sqlalchemy import func, select

from core.runs.store.schema import files, points, runs
from tests.chaos import recorder
from tests.chaos.conftest import came_to, ended
from tests.chaos.faults import kill, scheduler, web
from tests.chaos.installation import Installation
from tests.conftest import wait_until
from tests.core.runs.counting import Config
from tests.postgres import programs

EPOCHS = 40_000
OWNERS = [f"student {number}" for number in range(20)]


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path, "postgresql" if programs() else "sqlite")
    yield installation
    installation.close()


def press(store, owner):
    config = Config(epochs=EPOCHS)
    asked = {"title": "from 1.0", "data": b"1.0", "own_data": False}
    return store.create(owner, "counting", config, **asked, join=True)


def workers(installation, _):
    return installation.workers()


@pytest.mark.usefixtures("counting")
def test_subscribers_see_one_end_of_a_training_through_crashes(
    installation, undisturbed
):
    store = installation.store
    asked = {owner: press(store, owner) for owner in OWNERS[:10]}
    first = asked[OWNERS[0]]

    def reaches(part):
        wait_until(
            lambda: store.get(OWNERS[0], first).progress > part * EPOCHS,
            what=f"{part:.0%} of the epochs",
        )

    reaches(0.1)
    kill(workers, installation, None)
    asked |= {owner: press(store, owner) for owner in OWNERS[10:]}
    wait_until(lambda: store.get(OWNERS[0], first).starts == 2, what="a second start")
    reaches(0.3)
    kill(scheduler, installation, None)
    kill(web, installation, None)
    seen = [ended(store, owner, run_id) for owner, run_id in asked.items()]

    assert {run.status for run in seen} == {"done"}
    assert len({(run.finished, run.heartbeat, str(run.summary)) for run in seen}) == 1
    result, metrics = undisturbed(epochs=EPOCHS)
    assert came_to(store, OWNERS[0], first) == (result, metrics)
    for owner, run_id in asked.items():
        assert store.result(owner, run_id) == result.encode()
        assert store.points(run_id) == store.points(first)
    ends = [
        each for each in recorder.read(installation.home) if each["what"] == "finish"
    ]
    assert len(ends) == 1
    with store.engine.connect() as connection:
        for table, number in ((runs, 20), (points, EPOCHS), (files, 2)):
            count = select(func.count()).select_from(table)
            assert connection.execute(count).scalar_one() == number
