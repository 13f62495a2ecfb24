"""The live route: what it answers, to whom, and what it makes only once."""

import re
import time
from types import SimpleNamespace

import numpy as np
import pytest

from core import stock
from core.arrays import pack
from core.runs.recent import Recent
from core.runs.store import RunWriter
from core.runs.store.shares import Shares
from core.task import Point
from pages.ui import cache
from pages.ui.live import route, run, state
from pages.ui.live.rates import Rate
from pages.ui.live.run import metrics_figure
from tests.driver.pages.live import ME, OTHER, ask
from tests.rows import change


@pytest.fixture
def store(own_store, monkeypatch):
    supervisor = SimpleNamespace(view=None)
    found = SimpleNamespace(store=own_store, supervisor=supervisor)
    for module in (cache, state, run):
        monkeypatch.setattr(module, "platform", lambda: found)
    for name in ("_unfinished", "_runs", "_places"):
        monkeypatch.setattr(state, name, Recent(0))
    return own_store


@pytest.fixture
def writer(store):
    run_id = store.create(ME, "stock", stock.Config(epochs=9), title="KO", data=b"")
    return RunWriter.claim(store, run_id)


def note(writer, epoch):
    point = Point(epoch=epoch, metrics={"loss": 1 / epoch, "val_loss": 2 / epoch})
    writer.record([point], progress=float(epoch), total=9, seconds=float(epoch))


def test_a_run_answers_how_far_it_is_and_its_curves(store, writer):
    note(writer, 1)
    note(writer, 2)
    status, answer = ask(f"run/{writer.run.id}")
    assert (status, answer["status"], answer["epoch"], answer["epochs"]) == (
        200,
        "running",
        2,
        9,
    )
    assert answer["text"].startswith("Epoch 2 of 9")
    (block,) = answer["blocks"]
    names = {trace["name"] for trace in block["figure"]["data"]}
    assert names == {"Loss, training", "Loss, validation"}


def test_the_seconds_of_a_preparation_are_counted(store, writer):
    words = "Preparing the data and the network"
    for began, text in ((0, words), (3.5, rf"{words} · (3\.5|4\.0) s"), (900, words)):
        change(store, writer.run.id, started=time.time() - began)
        assert re.fullmatch(text, ask(f"run/{writer.run.id}")[1]["text"])
    writer.record([], progress=0.1, total=9, seconds=1.0)
    assert ask(f"run/{writer.run.id}")[1]["text"].startswith("Epoch 0 of 9")


def test_before_the_first_epoch_there_is_a_sentence_instead_of_empty_axes(writer):
    answer = ask(f"run/{writer.run.id}")[1]
    (block,) = answer["blocks"]
    assert (block["kind"], block["text"]) == (
        "text",
        "The first epoch begins the picture.",
    )


def test_only_the_last_epoch_finishes_while_some_networks_still_improve(writer):
    losses = [1.0, *[2.0] * 8]
    points = [
        Point(epoch=n, metrics={"val_loss": loss}, at=float(n))
        for n, loss in enumerate(losses, 1)
    ]
    writer.record(points[:8], progress=8.0, total=9, seconds=8.0)
    assert "unless it still improves" in ask(f"run/{writer.run.id}")[1]["text"]
    writer.record(points[8:], progress=9.0, total=9, seconds=9.0)
    assert "finishing" in ask(f"run/{writer.run.id}")[1]["text"]


def test_nothing_new_is_a_204_and_each_epoch_another_version(store, writer):
    note(writer, 1)
    _, first = ask(f"run/{writer.run.id}")
    version = f"version={first['version']}"
    assert ask(f"run/{writer.run.id}", query=version) == (204, None)
    note(writer, 2)
    _, second = ask(f"run/{writer.run.id}", query=version)
    assert second["version"] != first["version"]
    assert second["page"] == first["page"]


def test_prices_have_the_forecasts_of_their_latest_epoch(store, writer):
    """Other panels without a snapshot have their curves alone."""
    note(writer, 1)
    blocks = ask(f"run/{writer.run.id}")[1]["blocks"]
    assert [block["key"] for block in blocks] == ["curves"]
    for epoch, width in ((2, 0.5), (3, 1.5)):
        snapshot = {
            "dates": np.array(["2001-01-01", "2001-01-02"], "datetime64[D]"),
            "returns": np.ones(2),
            "garch": np.ones(2),
            "network": np.full(2, width),
        }
        point = Point(epoch=epoch, metrics={"loss": 1.0}, snapshot=pack(snapshot))
        writer.record([point], progress=float(epoch), total=9, seconds=1.0)
        curves, forecast = ask(f"run/{writer.run.id}")[1]["blocks"]
        assert (curves["key"], forecast["key"]) == ("curves", "forecast")
        assert f"{100 * (width > 1)}% inside the network's" in forecast["alt"]


def test_the_widgets_of_the_page_change_when_a_run_ends_or_is_asked_to(store, writer):
    note(writer, 1)
    pages = [ask(f"run/{writer.run.id}")[1]["page"]]
    store.request_stop(ME, writer.run.id)
    pages.append(ask(f"run/{writer.run.id}")[1]["page"])
    writer.finish("stopped", result=b"so far")
    pages.append(ask(f"run/{writer.run.id}")[1]["page"])
    assert len(set(pages)) == 3


def test_a_change_is_expected_soon_before_the_first_epoch_and_after_a_stop(
    store, writer
):
    soon = [ask(f"run/{writer.run.id}")[1]["soon"]]
    note(writer, 1)
    soon.append(ask(f"run/{writer.run.id}")[1]["soon"])
    store.request_stop(ME, writer.run.id)
    soon.append(ask(f"run/{writer.run.id}")[1]["soon"])
    assert soon == [True, False, True]


@pytest.mark.parametrize("owner", [OTHER, None])
def test_a_run_is_not_there_for_anybody_else(store, writer, owner):
    note(writer, 1)
    assert ask(f"run/{writer.run.id}", owner) == (404, None)
    assert ask(f"replay/{writer.run.id}", owner) == (404, None)


def test_the_reader_of_a_share_sees_a_run_until_the_share_is_revoked(store, writer):
    note(writer, 1)
    token = Shares(store).create(ME, [writer.run.id])
    path, query = f"run/{writer.run.id}", f"share={token}"
    assert ask(path, OTHER, query)[0] == 200
    assert ask(path, OTHER, query[:-1]) == (404, None)
    other = store.create(ME, "stock", stock.Config(), title="KO", data=b"")
    assert ask(f"run/{other}", OTHER, query) == (404, None)
    Shares(store).revoke(ME, token)
    assert ask(path, OTHER, query) == (404, None)


def test_an_answer_is_made_once_for_all_who_look_on(store, writer, monkeypatch):
    note(writer, 1)
    made = []

    def counted(*args):
        made.append(args)
        return metrics_figure(*args)

    monkeypatch.setattr(run, "metrics_figure", counted)
    shares = Shares(store)
    token = shares.create(ME, [writer.run.id])
    for owner in (ME, OTHER):
        assert ask(f"run/{writer.run.id}", owner, f"share={token}")[0] == 200
    assert len(made) == 1
    assert ask(f"run/{writer.run.id}", ME, f"share={token}&log=true")[0] == 200
    assert len(made) == 2


def test_a_replay_shows_the_epochs_up_to_its_moment_and_then_is_over(store, writer):
    for epoch in (1, 2, 3):
        point = Point(epoch=epoch, metrics={"loss": 1.0}, at=10.0 * epoch)
        writer.record([point], progress=float(epoch), total=3, seconds=1.0)
    writer.finish("done", result=b"all")
    found = []
    for seconds in (0, 15, 25):
        start = time.monotonic() - seconds
        _, answer = ask(f"replay/{writer.run.id}", query=f"start={start}")
        found.append((answer["page"], answer.get("epoch")))
    assert found == [("replay", 1), ("replay", 2), ("over", None)]


def test_a_client_that_polls_too_often_waits_and_others_do_not(
    store, writer, monkeypatch
):
    monkeypatch.setattr(route, "asked", Rate(per_second=0, burst=3))
    note(writer, 1)
    path = f"run/{writer.run.id}"
    assert [ask(path)[0] for _ in range(5)] == [200, 200, 200, 429, 429]
    token = Shares(store).create(ME, [writer.run.id])
    assert ask(path, OTHER, f"share={token}", "10.0.0.2")[0] == 200


def test_guesses_from_an_address_are_refused_but_not_to_those_with_a_page_there(
    store, writer, monkeypatch
):
    monkeypatch.setattr(route, "refused", Rate(per_second=0, burst=2))
    note(writer, 1)
    guesses = [ask(f"run/{n:032x}", f"{n:043x}")[0] for n in range(4)]
    assert guesses == [404, 404, 429, 429]
    assert ask(f"run/{writer.run.id}", address="10.0.0.2")[0] == 200
    route.note_page(ME)
    assert ask(f"run/{writer.run.id}")[0] == 200
