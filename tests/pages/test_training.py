"""What the pages of all tasks share: the result and the settings of a run, charts."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from core import stock
from core.runs.store import RunWriter
from pages.ui import training

ME = "m" * 43


@pytest.fixture
def store(own_store, monkeypatch):
    monkeypatch.setattr(training, "platform", lambda: SimpleNamespace(store=own_store))
    return own_store


def finish(store, run_id, status, result):
    """Have a worker's part of a run done; return the run."""
    RunWriter.claim(store, run_id).finish(status, result=result)
    return store.get(ME, run_id)


@pytest.fixture
def run_id(store):
    config = stock.Config(epochs=7)
    return store.create(ME, "stock", config, title="Mine", data=b"")


def page():
    """A page that shows the result of a run, and has a widget for one setting."""
    from collections import UserString

    import streamlit as st

    from pages.ui.training import recall_settings, result_of

    st.session_state["owner"] = st.session_state["me"]
    run = st.session_state["run"]

    def decode(content):
        st.session_state["decoded"] = st.session_state.get("decoded", 0) + 1
        return UserString(content.decode())  # sessions share it while one has it

    st.session_state["first"] = recall_settings("stock", run)
    st.number_input("Epochs", value=None, key="stock_epochs")
    st.text(result_of(run, decode))


@pytest.fixture
def opened():
    """Returns a function that draws the page for a run."""
    app = AppTest.from_function(page)
    app.session_state["me"] = ME

    def opened(run):
        app.session_state["run"] = run
        assert not app.run().exception
        return app

    return opened


def test_a_run_has_no_result_before_it_has_ended(store, run_id, opened):
    assert opened(None).text[0].value == "None"
    assert opened(store.get(ME, run_id)).text[0].value == "None"


def test_a_result_is_decoded_once_until_the_run_has_ended_again(store, run_id, opened):
    run = finish(store, run_id, "stopped", b"so far")
    for _ in range(2):
        assert opened(run).text[0].value == "so far"
    assert opened(run).session_state["decoded"] == 1
    store.request_resume(ME, run_id)
    run = finish(store, run_id, "done", b"all")
    assert opened(run).text[0].value == "all"
    assert opened(run).session_state["decoded"] == 2


def test_the_settings_of_a_run_are_recalled_once(store, run_id, opened):
    run = store.get(ME, run_id)
    app = opened(run)
    assert app.session_state["first"]
    assert app.number_input(key="stock_epochs").value == 7
    app.number_input(key="stock_epochs").set_value(9)
    app = opened(run)
    assert not app.session_state["first"]
    assert app.number_input(key="stock_epochs").value == 9


def figures():
    from pages.ui.charts import metric

    metric("Error", "0.9", "naive: 1.0", "Lower is better.")
    metric("Gain", "–", None, None)


def test_a_key_figure_stands_beside_what_it_is_compared_with():
    app = AppTest.from_function(figures).run()
    shown = [(metric.label, metric.value, metric.delta) for metric in app.metric]
    assert shown == [("Error", "0.9", "naive: 1.0"), ("Gain", "–", "")]
