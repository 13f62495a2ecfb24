import pytest

from core.runs.store import RunWriter
from core.task import Point
from tests.core.runs.counting import Config


@pytest.fixture
def hers(store):
    """A run of Ann's with a point, a snapshot and a result, that has stopped."""
    run_id = store.create("ann", "counting", Config(), title="t", data=b"1")
    writer = RunWriter.claim(store, run_id)
    point = Point(epoch=1, metrics={"total": 1.0}, snapshot=b"s")
    writer.record([point], progress=1, total=2, seconds=1)
    writer.finish("stopped", result=b"the result of ann")
    return run_id
