"""The clocks of scheduler and workers jump; that of the web process does not.

The processes are real, their clock is shifted inside Python: a kernel has one clock
for all, and this one is not ours to set.
"""

from tests.chaos.conftest import begin, came_to, ended
from tests.conftest import wait_until
from tests.driver.chaos.cluster import is_changing

HOUR = 3600


def test_a_clock_that_jumps_an_hour_either_way_changes_nothing_of_a_run(
    own, undisturbed
):
    store = own.platform.store
    run_id = begin(own.platform, "jumping", epochs=20_000)
    is_changing(store, "jumping", run_id)
    for jump in (HOUR, -HOUR, 0):
        own.clock.write_text(str(jump))
        before = store.get("jumping", run_id).heartbeat
        wait_until(
            lambda before=before: (
                (run := store.get("jumping", run_id)).heartbeat > before + 5
                or not run.active
            ),
            what="heartbeats after the jump",
        )
        other = begin(own.platform, f"started at {jump}", epochs=5)
        assert ended(store, f"started at {jump}", other).status == "done"
    assert ended(store, "jumping", run_id).status == "done"
    assert came_to(store, "jumping", run_id) == undisturbed(epochs=20_000)


def test_workers_whose_clock_is_an_hour_off_keep_a_run_within_its_own_time(own):
    store = own.platform.store
    own.clock.write_text(str(-HOUR))
    try:
        run_id = begin(own.platform, "behind", epochs=50)
        run = ended(store, "behind", run_id)
    finally:
        own.clock.write_text("0")
    assert run.status == "done"
    assert run.started < run.queued  # their clocks do not agree, and
    assert run.waited >= 0
    assert 0 <= run.seconds < HOUR
