"""What each page gives to take away, and the settings that it takes back."""

import pytest

from core.registry import get_task
from core.settings_file import write_settings
from tests.driver.pages.app import open_page
from tests.driver.pages.learning import learn
from tests.driver.pages.settings import errors, open_prefix

FILES = {"notebook", "report", "settings", "model"}
OTHERS = {
    "stock": {"stock_download", "stock_download_forecast"},
    "music": {f"music_download{kind}" for kind in ("", "_wav", "_musicxml", "_txt")},
}


def load(page, prefix, content):
    page.file_uploader(key=f"{prefix}_load_settings").upload("s.json", content).run()
    assert not page.exception
    return page


@pytest.mark.parametrize("prefix", ["rnn", "lstm", "gru", "stock", "emoji", "music"])
def test_an_example_can_be_taken_away_whole_and_every_file_opens(prefix, files):
    page = open_prefix(prefix)
    page.session_state[f"{prefix}_tabs"] = "Take away"
    page.run()
    assert not page.exception
    wanted = {f"{prefix}_download_{what}" for what in FILES} | OTHERS.get(prefix, set())
    assert files.keys >= wanted
    assert all(files(key) for key in wanted)
    assert files(f"{prefix}_download_settings")["task"] in (prefix, "text")


@pytest.mark.parametrize(
    ("prefix", "task", "changes"),
    [
        ("lstm", "text", {"units": 7, "learning_rate": 0.02}),
        ("gru", "text", {"cell": "mingru", "units": 7}),
        ("stock", "stock", {"recipe": "classic", "units": 8, "epochs": 9}),
        ("emoji", "emoji", {"model": "v2", "units": 9}),
        ("music", "music", {"units": 9, "seed": 5}),
    ],
)
def test_settings_of_a_file_are_put_into_the_widgets(prefix, task, changes):
    page = open_prefix(prefix)
    config = get_task(task).Config.from_dict(changes)
    load(page, prefix, write_settings(task, config))
    assert errors(page) == []
    for name, value in changes.items():
        key = f"{prefix}_{name}"
        if (prefix, name) == ("music", "seed"):
            key = "music_train_seed"
        assert page.session_state[key] == value


def test_settings_of_the_other_lesson_task_choose_it():
    page = learn("lstm")
    config = get_task("adding").Config(units=5)
    load(page, "lstm", write_settings("adding", config))
    assert page.session_state["lstm_task"] == "adding"
    assert page.number_input(key="lstm_units").value == 5


def test_a_file_that_is_wrong_is_refused_and_nothing_is_lost():
    page = open_page("stock")
    page.number_input(key="stock_units").set_value(5).run()
    load(page, "stock", b'{"task": "music", "settings": {}}')
    (error,) = errors(page)
    assert "expected those of stock, got those of" in error
    assert page.number_input(key="stock_units").value == 5
    assert not page.button(key="stock_train").disabled


def test_settings_of_the_other_network_are_refused():
    page = learn("rnn")
    load(page, "rnn", write_settings("text", get_task("text").Config()))
    assert "expected those of the RNN, got those of the LSTM" in errors(page)[0]
