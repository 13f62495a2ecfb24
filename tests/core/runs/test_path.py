"""Where people are on the path, in stores of both kinds."""

import pytest
from sqlalchemy import update

from core.runs.path import MOST_EVENTS, STATIONS, Paths
from core.runs.store.schema import paths


@pytest.fixture
def path(store):
    return Paths(store)


def test_path_progress_is_kept_until_it_is_reset(path):
    path.note("ann", "mistake rnn")  # who has not started has nothing noted
    assert path.progress("ann") is None
    path.go_to("ann", "backward")
    for event in ("mistake rnn", "mistake rnn", "answer backward"):
        path.note("ann", event)
    path.go_to("ann", "lstm")
    found = path.progress("ann")
    assert (found.station, found.shown) == ("lstm", True)
    assert found.events == {"mistake rnn", "answer backward"}
    path.leave("ann")
    path.note("ann", "mistake lstm")  # nor has who has left
    assert not path.progress("ann").shown
    assert path.progress("ann").events == found.events
    path.go_to("ann", "cell")
    assert path.progress("ann").shown
    assert path.progress("bob") is None
    path.reset("ann")
    assert path.progress("ann") is None


def test_recorded_events_cannot_fill_the_store(path, store):
    path.go_to("ann", STATIONS[0])
    many = str([f"event {n}" for n in range(MOST_EVENTS)]).replace("'", '"')
    with store.engine.begin() as connection:
        connection.execute(update(paths).values(events=many))
    path.note("ann", "mistake rnn")
    assert len(path.progress("ann").events) == MOST_EVENTS
    with pytest.raises(ValueError, match="station: expected one of"):
        path.go_to("ann", "nowhere")
