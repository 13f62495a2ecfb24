"""The price page counts the settings that one person judged by the same test part."""

from types import SimpleNamespace

import pytest

from core.runs.store import RunWriter, Store
from core.stock import Config
from core.stock.judging.reuse import FEWEST
from pages.ui.stock import models
from tests.core.stock.helpers import made_up_series
from tests.core.stock.results import made_up_result

ME, OTHER = "m" * 43, "o" * 43


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Of the test's own: no supervisor hands its runs to a worker."""
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}", waiting=20)
    monkeypatch.setattr(models, "platform", lambda: SimpleNamespace(store=store))
    monkeypatch.setattr(models, "reader", lambda: ME)
    yield store
    store.close()


def finished(store, units, owner=ME, title="Mine", rows=201):
    config = Config(units=units)
    run_id = store.create(owner, "stock", config, title=title, data=b"")
    RunWriter.claim(store, run_id).finish("done", result=b"", summary={"rows": rows})


def test_only_the_persons_own_finished_runs_on_this_series_count(store):
    result = made_up_result(made_up_series(201, name="Mine"))
    for units in range(1, FEWEST):
        finished(store, units)
    finished(store, 20, owner=OTHER)
    finished(store, 21, title="Another")
    finished(store, 22, rows=400)
    store.create(ME, "stock", Config(units=23), title="Mine", data=b"")
    assert models.reuse(result) == ""
    finished(store, FEWEST)
    assert f"{FEWEST} different settings" in models.reuse(result)
