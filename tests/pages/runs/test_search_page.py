"""Searches for settings: begun on a task's page, seen on their own."""

import json
import re
import secrets

import pytest
from sqlalchemy import update

from core.registry import get_task
from core.runs.search.space import Plan
from core.runs.store.schema import studies
from pages.ui.live.view import view_of
from pages.ui.session import platform
from tests.conftest import wait_until
from tests.driver.pages.app import open_page, text_of
from tests.driver.pages.learning import SMALL, choose, learn
from tests.driver.pages.search import begin
from tests.pages.answers import answer, parts


def wait_for_end(owner, study_id):
    get = platform().studies.get
    wait_until(lambda: not get(owner, study_id).active, what="the end of the search")
    return get(owner, study_id)


def form():
    """The section of a task's page, opened, with small settings."""
    page = learn("lstm")
    page.segmented_control(key="lstm_task").set_value("adding").run()
    page = choose(page, "lstm", **SMALL, length=6)
    page.session_state["lstm_search_open"] = True
    page.run()
    assert not page.exception
    return page


@pytest.fixture(scope="module")
def finished():
    """A search that has ended, and its owner."""
    owner = secrets.token_hex(16)
    study = wait_for_end(owner, begin(owner, trials=2, seeds=1))
    assert study.status == "done", study.error
    return owner, study


def test_a_search_begins_below_the_settings_of_a_task():
    page = form()
    assert page.number_input(key="lstm_search_units_low").value == 2
    assert page.number_input(key="lstm_search_units_high").value == 16
    choose(page, "lstm_search", trials=2, seeds=1, units_high=6)
    assert "12 trainings: 2 trials" in text_of(page)
    page.button(key="lstm_search_start").click().run()
    assert not page.exception
    owner, study_id = page.session_state["owner"], page.query_params["study"]
    study = platform().studies.get(owner, study_id)
    assert study.settings["units"] == SMALL["units"]
    assert Plan.from_json(study.plan).space[0].values == "2:6"
    platform().studies.delete(owner, study_id)


def test_a_search_says_how_long_it_will_take_by_the_trainings_of_others(finished):
    run_ended(secrets.token_hex(16))
    said = r"One training takes .*: at that rate .* at most"
    assert re.search(said, text_of(form()))


def run_ended(owner):
    module = get_task("adding")
    config, data = module.tiny()
    run = platform().start(owner, "adding", config, data)
    get = platform().store.get
    wait_until(lambda: not get(owner, run).active, what="the end of a training")


def test_a_range_follows_the_setting_until_it_is_changed_by_hand():
    page = choose(form(), "lstm", units=8)
    assert page.number_input(key="lstm_search_units_low").value == 2
    assert page.number_input(key="lstm_search_units_high").value == 32
    choose(page, "lstm_search", units_high=12)
    choose(page, "lstm", epochs=4)
    assert page.number_input(key="lstm_search_units_high").value == 12


def test_an_invalid_search_cannot_be_started_and_names_the_reason():
    page = form()
    for name, value, sentence in (
        ("units_low", 99, "units: expected a whole number from 2 to 64"),
        ("units_low", 60, "units: expected a range from a lower to a higher number"),
        ("trials", 1, "trials: expected a whole number from 2 to 100"),
    ):
        choose(page, "lstm_search", **{name: value})
        said = " ".join(error.value.replace("\\", "") for error in page.error)
        assert sentence in said
        assert page.button(key="lstm_search_start").disabled


def test_all_settings_of_a_page_can_be_chosen_at_once():
    page = open_page("music")
    page.session_state["music_search_open"] = True
    page.run()
    chosen = page.button_group(key="music_search_settings")
    chosen.set_value(list(get_task("music").SEARCHABLE)).run()
    assert not page.exception
    assert page.button_group(key="music_search_start_options").value


def test_a_person_has_one_search_at_a_time_and_can_stop_resume_and_delete_it():
    page = form()
    owner = page.session_state["owner"]
    study_id = begin(owner, trials=100, seeds=8)
    page.run()
    assert "Your last search has not ended" in text_of(page)
    assert page.button(key="lstm_search_start").disabled
    search = open_page("search", owner, study=study_id)
    part = answer(search, "search_live")
    assert "of 100 trials ended" in part["text"]
    assert part["share"] < 0.5
    assert part["blocks"][0]["text"].startswith("Now: ")
    search.button(key="search_stop").click().run()
    assert "Stopped" in text_of(search)
    search.button(key="search_resume").click().run()
    assert platform().studies.get(owner, study_id).active
    search.button(key="search_delete_confirmed").click().run()
    assert not search.exception
    assert platform().studies.get(owner, study_id) is None


@pytest.mark.parametrize(
    ("best", "beats", "verdict"),
    [
        (0, False, "#### Nothing better than the default"),
        (1, False, "#### Not significantly better than the default"),
        (1, True, "#### Better than the default"),
    ],
)
def test_a_finished_search_has_one_of_three_verdicts(finished, best, beats, verdict):
    owner, study = finished
    values = study.summary["confirmed"]["default"]
    groups = {"best": values, "default": values} if best else {"default": values}
    outcome = {"best": best, "beats_default": beats, "p": 0.5 if best else None}
    write_summary(study, {**study.summary, **outcome, "confirmed": groups})
    page = open_page("search", owner, study=study.id)
    write_summary(study, study.summary)
    headings = [each.value for each in page.markdown if each.value[:5] == "#### "]
    assert headings == [verdict]
    adopt = [each for each in page.button if each.key == "search_adopt"]
    assert len(adopt) == best


def write_summary(study, summary):
    with platform().store.engine.begin() as connection:
        row = update(studies).where(studies.c.id == study.id)
        connection.execute(row.values(summary=json.dumps(summary)))


def test_a_finished_search_shows_its_trials_and_what_chose_them(finished, files):
    owner, study = finished
    page = open_page("search", owner, study=study.id)
    shown = text_of(page)
    assert not parts(page)
    assert "selected by the validation part alone" in shown
    assert len(page.dataframe[0].value) == len(files("search_csv")) == 2
    assert list(page.table[0].value.iloc[:, 0]) == [
        "Squared error, LSTM",
        "Squared error, RNN",
    ]


def test_a_trial_on_its_tasks_page_says_what_its_search_looks_at(finished):
    owner, study = finished
    trial = study.summary["trials"][1]
    page = open_page("lstm", owner, lstm_step="Learning", run=trial["run"])
    assert "Trial 1 of a search, which looks at the validation" in text_of(page)
    curves = page.get("plotly_chart")[0].proto.spec
    assert "Lstm val mse" in curves
    assert "Lstm mse" not in curves
    units = page.number_input(key="lstm_units").value
    assert units == trial["settings"]["units"]


def test_searches_are_shown_to_their_owner_only(finished):
    owner, study = finished
    listed = open_page("search", owner, study=study.id)
    listed.button(key="search_all").click().run()
    assert "study" not in listed.query_params
    assert f"search_open_{study.id}" in [button.key for button in listed.button]
    other = open_page("search", secrets.token_hex(16), study=study.id)
    assert "not yours or was deleted" in text_of(other)
    assert not other.dataframe


def test_the_page_of_a_search_is_drawn_anew_when_a_trial_has_begun():
    owner = secrets.token_hex(16)
    study_id = begin(owner, trials=100, seeds=8)
    drawn = view_of(f"search/{study_id}", owner, {}).page
    wait_until(
        lambda: view_of(f"search/{study_id}", owner, {}).page != drawn,
        what="a trial that has begun",
    )
    platform().studies.delete(owner, study_id)
    assert view_of(f"search/{study_id}", owner, {}) is None
