"""Settings in an address are bounded like those of the widgets."""

import pytest
import streamlit as st
from sqlalchemy import select

from core.lesson import adding, writing
from core.runs.store.limits import address_key
from core.runs.store.schema import runs
from core.task import bounds_of
from pages.ui.session import platform
from tests.driver.pages.app import open_page

BEYOND = [
    "999999999",
    "-1",
    "1e400",
    "nan",
    "-inf",
    "Infinity",
    "abc",
    "0x10",
    "<b>",
    "1;2",
    "\0",
]
TASKS = {"text": writing, "adding": adding}


def opened(task, **address):
    chosen = {"rnn_step": "Learning", "rnn_task": task, **address}
    return open_page("rnn", **chosen)


def settings_of(page, task):
    """The numbers that the widgets hold, with the bounds of each."""
    for name, field in TASKS[task].Config.__dataclass_fields__.items():
        for box in page.number_input:
            if box.key == f"rnn_{name}":
                yield box.value, bounds_of(field)


@pytest.mark.parametrize("value", BEYOND, ids=repr)
def test_no_setting_in_an_address_gets_past_its_bounds(value):
    beyond = {f"rnn_{name}": value for name in ("units", "epochs", "batch", "seed")}
    page = opened("text", **beyond, rnn_learning_rate=value)
    assert not page.exception
    found = list(settings_of(page, "text"))
    assert len(found) > 4
    assert all(bounds.low <= number <= bounds.high for number, bounds in found)


@pytest.mark.parametrize(
    "name", ["rnn_step", "rnn_task", "rnn_data", "rnn_recipe_text"]
)
def test_an_unknown_choice_in_the_address_is_ignored(name):
    page = opened("text", **{name: "../../<img src=x>"})
    assert not page.exception
    texts = [str(part.value) for part in (*page.markdown, *page.caption, *page.error)]
    assert not any("<img" in text for text in texts)


@pytest.mark.parametrize("found", ["203.0.113.5", None])
def test_a_training_is_asked_for_with_the_network_address_of_its_browser(
    found, monkeypatch
):
    monkeypatch.setattr(type(st.context), "ip_address", found)
    page = opened("adding", rnn_epochs="1")
    page.button(key="rnn_train").click().run()
    assert not page.exception
    store, owner = platform().store, page.session_state["owner"]
    (run,) = store.runs_of(owner)
    store.request_stop(owner, run.id)
    with store.engine.connect() as connection:
        query = select(runs.c.address).where(runs.c.id == run.id)
        key = connection.execute(query).scalar_one()
    assert key == address_key(found or "this machine")
