"""A training that is known already, with another seed and a replay beside it."""

import re
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from core import stock
from core.runs.store import RunWriter
from core.runs.store.repeats import data_of
from core.runs.store.shares import Shares
from core.task import Point
from pages.ui import cache, shares
from pages.ui.live import panel, run, state
from pages.ui.live.run import OVER
from pages.ui.live.view import view_of
from pages.ui.session import platform
from tests.conftest import wait_until
from tests.driver.pages.app import text_of, train_to_the_end, wait_for_end
from tests.driver.pages.learning import PASSAGE, SMALL, choose, learn
from tests.pages.answers import answer, parts

ME, OTHER = "m" * 43, "o" * 43
SEED = 4211  # of no other test


@pytest.fixture
def store(own_store, monkeypatch):
    store = own_store
    found = SimpleNamespace(
        store=store,
        shares=Shares(store),
        stop=store.request_stop,
        resume=store.request_resume,
    )
    for module in (cache, panel, run, state, shares):
        monkeypatch.setattr(module, "platform", lambda: found)
    return store


def request(store, owner):
    config = stock.Config(epochs=9)
    return store.create(
        owner, "stock", config, title="KO", data=b"", join=True, own_data=False
    )


def note(writer, *ended):
    """Record one epoch after the other, each with the second in which it ended."""
    points = [
        Point(epoch=epoch, metrics={"loss": 1 / epoch}, at=float(at))
        for epoch, at in enumerate(ended, 1)
    ]
    writer.record(points, progress=len(points), total=9, seconds=1.0)


def page():
    """A page that shows a run, or its replay."""
    import streamlit as st

    from pages.ui.intents import run_intents
    from pages.ui.live import panel

    run_intents("")
    st.session_state["owner"] = st.session_state["me"]
    run = st.session_state["run"]
    panel.state_line("stock", run)
    if panel.is_live("stock", run):
        panel.follow("stock", run)
    else:
        panel.ended(run)
        st.text("The result")


def opened(run):
    app = AppTest.from_function(page, default_timeout=120)
    app.session_state["me"], app.session_state["run"] = ME, run
    assert not app.run().exception
    return app


def finished(store, *ended):
    """A finished run of one's own, whose epochs ended at these seconds."""
    run_id = request(store, ME)
    writer = RunWriter.claim(store, run_id)
    note(writer, *ended)
    writer.finish("done", result=b"all")
    return store.get(ME, run_id)


def test_a_replay_begins_with_the_first_epoch_and_ends_when_asked(store):
    app = opened(finished(store, 0, 1000, 2000))
    assert "Trained before" not in text_of(app)
    app.button(key="stock_replay").click().run()
    assert not app.exception
    assert not app.text
    assert answer(app, "stock_replay_part")["epoch"] == 1
    assert "Replay" in text_of(app)
    app.button(key="stock_end_replay").click().run()
    assert [text.value for text in app.text] == ["The result"]
    assert "Finished" in text_of(app)


def test_a_replay_that_is_over_has_the_page_drawn_anew(store):
    app = opened(finished(store, 0, 0.1))
    app.button(key="stock_replay").click().run()
    part = parts(app)["stock_replay_part"]
    wait_until(
        lambda: (
            view_of("replay/" + app.session_state["run"].id, ME, part["query"]).page
            == OVER
        ),
        what="the end of the replay",
    )
    assert part["page"] != OVER


def test_a_run_of_one_epoch_has_no_replay(store):
    app = opened(finished(store, 5))
    assert "stock_replay" not in {button.key for button in app.button}


def test_a_known_training_says_since_when_and_not_whose_it_was(store):
    writer = RunWriter.claim(store, request(store, OTHER))
    note(writer, 1, 2, 3)
    writer.finish("done", result=b"all")
    app = opened(store.get(ME, request(store, ME)))
    assert re.search(r"Trained before, (at|on) .*\d\d:\d\d\.", text_of(app))
    assert {"stock_another_seed", "stock_replay"} <= {each.key for each in app.button}


def test_remaining_subscribers_see_points_after_one_has_left(store):
    first, second = request(store, OTHER), request(store, ME)
    writer = RunWriter.claim(store, first)
    note(writer, 1, 2)
    store.request_stop(OTHER, first)
    point = Point(epoch=3, metrics={"loss": 0.1}, at=3.0)
    writer.record([point], progress=3, total=9, seconds=1.0)
    assert len(cache.points_of(store.get(ME, second))) == 3
    assert len(cache.points_of(store.get(OTHER, first))) == 2


def test_a_run_whose_owner_left_its_training_is_shown_as_stopped(store):
    run_id, other = request(store, ME), request(store, OTHER)
    note(RunWriter.claim(store, run_id), 1, 2)
    store.request_stop(ME, run_id)
    app = opened(store.get(ME, run_id))
    assert "Stopped" in text_of(app)
    assert "2 epochs" in text_of(app)
    assert "no result yet" in text_of(app)
    assert "stock_resume" in {button.key for button in app.button}
    assert store.get(OTHER, other).active


def test_train_with_known_settings_says_so_and_replays_them_at_once():
    page = choose(learn("rnn"), "rnn", **SMALL, seed=SEED + 2)
    run = train_to_the_end(page, "rnn_train")
    page.button(key="rnn_train").click().run()
    assert not page.exception
    assert page.query_params["run"] == run.id
    assert re.search(r"Trained before, (at|on) .*\. Replaying\.", text_of(page))
    assert answer(page, "rnn_replay_part")["epochs"] == SMALL["epochs"]
    assert page.button(key="rnn_another_seed").label == "Another seed"
    page.button(key="rnn_end_replay").click().run()
    assert "Finished" in text_of(page)
    assert "Replaying" not in text_of(page)


def test_the_same_settings_are_known_and_another_seed_is_trained():
    other, page = (choose(learn("rnn"), "rnn", **SMALL, seed=SEED) for _ in range(2))
    known = train_to_the_end(other, "rnn_train")
    assert known.status == "done"
    assert "Trained before" not in text_of(other)

    page.button(key="rnn_train").click().run()
    assert not page.exception
    assert "Trained before" in text_of(page)
    first = page.query_params["run"]
    assert first != known.id
    page.button(key="rnn_another_seed").click().run()
    assert not page.exception
    second = wait_for_end(page)
    assert second.id != first
    seed = second.settings["seed"]
    assert seed != SEED
    assert page.number_input(key="rnn_seed").value == seed
    assert second.settings | {"seed": SEED} == known.settings


def test_a_second_press_on_train_shows_the_first_result_and_that_it_is_known():
    page = choose(learn("rnn"), "rnn", **SMALL, seed=SEED + 1)
    first = train_to_the_end(page, "rnn_train")
    assert "Trained before" not in text_of(page)
    page.button(key="rnn_train").click().run()
    assert page.query_params["run"] == first.id
    assert "Trained before" in text_of(page)


def test_another_seed_is_trained_on_what_was_pasted_even_if_it_is_there_no_more():
    page = learn("rnn")
    page.segmented_control(key="rnn_data").set_value("Own text").run()
    page.text_area(key="rnn_text").set_value(PASSAGE + "Known.").run()
    first = train_to_the_end(choose(page, "rnn", **SMALL, seed=SEED), "rnn_train")
    page.button(key="rnn_train").click().run()
    page.text_area(key="rnn_text").set_value("").run()
    page.button(key="rnn_another_seed").click().run()
    assert not page.exception
    store, me = platform().store, page.session_state["owner"]
    second = wait_for_end(page)
    assert second.id != first.id
    assert second.title == "Own text"
    assert data_of(store, me, second.id) == data_of(store, me, first.id)
