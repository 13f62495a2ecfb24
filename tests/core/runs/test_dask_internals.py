"""What core/runs/cluster.py uses of Dask's scheduler is still there.

`run_on_scheduler` is documented, the scheduler's attributes are not. Where this fails
after an update, find them anew and change `_view` and `_restart`.
"""

import distributed
import pytest
from distributed.scheduler import Scheduler, SchedulerState, TaskState, WorkerState

VERSION = f"Dask {distributed.__version__} has changed"


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (SchedulerState, {"tasks", "workers"}),
        (
            Scheduler,
            {"handle_worker_status_change", "restart_workers", "remove_worker"},
        ),
        (TaskState, {"state", "processing_on"}),
        (WorkerState, {"address", "name", "metrics"}),
    ],
)
def test_the_scheduler_has_what_the_cluster_asks_of_it(kind, names):
    has = set(dir(kind)) | set(vars(kind).get("__annotations__", ()))
    assert names <= has, f"{VERSION}: {kind.__name__} has no {names - has}"
