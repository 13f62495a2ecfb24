"""Step 4 of the lessons, driven by its widgets' keys, over a real store and cluster."""

import re
import time
from dataclasses import replace

import pytest

from pages.ui.lesson.learning_setup import SETTINGS
from pages.ui.lesson.texts import PRESETS, QUESTIONS, WRITING
from pages.ui.session import platform
from tests.conftest import wait_until
from tests.driver.pages.app import text_of, train_to_the_end
from tests.driver.pages.learning import PASSAGE, SMALL, choose, learn
from tests.rows import add_finished


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("task", ["text", "adding"])
def test_it_opens_with_a_question_and_an_example_that_says_so(cell, task):
    page = learn(cell)
    page.segmented_control(key=f"{cell}_task").set_value(task).run()
    assert not page.exception
    assert "Example" in text_of(page)
    names = r"\*\*It writes “.+…” at first, and “.+” after 40 epochs of .+\*\*"
    assert bool(re.search(names, text_of(page))) == (task == "text")
    assert page.get("plotly_chart")
    key, question = {
        "text": ("writing", WRITING),
        "adding": ("learning", QUESTIONS[cell, "Learning"]),
    }[task]
    assert page.pills(key=f"{cell}_ask_{key}").label == question.text


@pytest.mark.parametrize("task", ["text", "adding"])
def test_its_code_is_shown_from_source(task):
    page = learn("lstm")
    page.session_state["lstm_tabs"] = "How it works"
    page.segmented_control(key="lstm_task").set_value(task).run()
    assert not page.exception
    shown = "\n".join(block.value for block in page.code)
    for name in ("def train", "def gradients", "def influence", "def connectivity"):
        assert name in shown


def test_the_answer_is_shown_only_after_a_guess():
    page = learn("lstm", lstm_task="adding")
    assert "keeps its gradient" not in text_of(page).replace("\n", " ")
    page.pills(key="lstm_ask_learning").set_value("It shrinks further").run()
    assert "Not quite" in text_of(page)


def test_fed_and_free_are_shown_after_a_guess_of_a_network_that_writes():
    page = learn("lstm")
    page.session_state["lstm_tabs"] = "Fed or running free"
    page.run()
    assert "when fed, and" not in text_of(page)
    page.pills(key="lstm_forcing_guess").set_value("It falls as well").run()
    assert not page.exception
    words = text_of(page)
    assert "the loss goes from 2.67 to 2.35 when fed" in words
    assert "leaves the text at letter" in words
    free = words.split("when fed, and ")[1]
    page.slider(key="lstm_forcing_given").set_value(5).run()
    assert not page.exception
    assert text_of(page).split("when fed, and ")[1] != free
    page.segmented_control(key="lstm_task").set_value("adding").run()
    assert not page.exception
    assert "Fed or running free" not in [tab.label for tab in page.tabs]


def test_training_to_write_ends_with_a_run_of_this_network():
    page = choose(learn("lstm"), "lstm", **SMALL)
    run = train_to_the_end(page, "lstm_train")
    assert run.status == "done"
    assert run.task == "text"
    assert run.settings["cell"] == "lstm"
    assert run.settings["units"] == 4
    assert "Finished" in text_of(page)
    assert "right next character" in text_of(page)


def test_the_adding_problem_trains_two_networks_and_is_shown_on_both_pages():
    page = learn("rnn")
    page.segmented_control(key="rnn_task").set_value("adding").run()
    run = train_to_the_end(choose(page, "rnn", **SMALL, length=6), "rnn_train")
    assert run.task == "adding"
    assert {"rnn_mse", "lstm_mse", "mse_baseline"} <= run.summary.keys()
    shown = text_of(page)
    assert "for always answering 1" in shown
    assert "factor by which one step back multiplies the gradient" in shown
    page.query_params["lstm_step"] = "Learning"
    page.query_params["run"] = run.id
    page.switch_page("pages/lstm.py").run()
    assert not page.exception
    assert "Finished" in text_of(page)


def test_a_stopped_training_is_resumed_by_its_button():
    page = learn("rnn", rnn_task="adding", rnn_epochs=500, rnn_steps=50)
    page.button(key="rnn_train").click().run()
    run_id, me = page.query_params["run"], page.session_state["owner"]
    store = platform().store
    wait_until(lambda: store.get(me, run_id).progress > 1, what="training")
    page.button(key="rnn_stop").click().run()
    wait_until(lambda: not store.get(me, run_id).closing, what="the result so far")
    stopped = store.get(me, run_id)
    assert stopped.status == "stopped"
    assert stopped.summary["epochs"] >= 1
    page.run()
    page.button(key="rnn_resume").click().run()
    wait_until(
        lambda: store.get(me, run_id).progress > stopped.progress, what="resuming"
    )
    page.run()
    page.button(key="rnn_stop").click().run()


def test_a_run_of_a_mingru_is_opened_with_its_cell_from_the_list_of_runs():
    page = choose(learn("gru", gru_cell="mingru"), "gru", **SMALL)
    run = train_to_the_end(page, "gru_train")
    page.segmented_control(key="gru_cell").set_value("gru").run()
    page.switch_page("pages/runs.py").run()
    page.button(key=f"runs_open_{run.id}").click().run()
    assert not page.exception
    assert page.title[0].value == "GRU"
    assert page.segmented_control(key="gru_cell").value == "mingru"
    assert "Finished" in text_of(page)


def test_on_the_page_of_the_gru_four_networks_add_with_equal_parameters():
    page = learn("gru", gru_task="adding")
    assert page.segmented_control(key="gru_equal").value == "parameters"
    run = train_to_the_end(choose(page, "gru", **SMALL, length=6), "gru_train")
    assert {"rnn_mse", "lstm_mse", "gru_mse", "mingru_mse"} <= run.summary.keys()
    page.session_state["gru_tabs"] = "Vanishing gradient"
    page.run()
    assert not page.exception
    assert any("Parameters" in table.value.columns for table in page.table)


def test_all_four_cells_are_trained_with_equal_parameters_and_compared():
    page = choose(learn("gru"), "gru", **SMALL)
    page.button(key="gru_train_all").click().run()
    assert not page.exception
    me, store = page.session_state["owner"], platform().store
    ids = page.query_params["runs"].split(",")
    runs = [store.get(me, run_id) for run_id in ids]
    assert [run.settings["cell"] for run in runs] == ["rnn", "lstm", "gru", "mingru"]
    assert {run.settings["equal"] for run in runs} == {"parameters"}
    wait_until(
        lambda: not any(store.get(me, run_id).active for run_id in ids),
        what="the end of all four",
    )
    page.switch_page("pages/compare.py").run()
    page.toggle(key="compare_samples").set_value(True).run()
    assert not page.exception
    shown = text_of(page)
    assert shown.count(" parameters") >= 4
    assert "Influence of earlier characters" in shown


def test_the_mingru_has_no_setting_of_recurrent_weights():
    page = learn("gru", gru_cell="mingru")
    keys = {box.key for box in page.number_input}
    assert "gru_recurrent_scale" not in keys
    assert "gru_forget_bias" in keys
    assert "No recurrence" not in page.selectbox(key="gru_recipe_text").options


def test_a_training_that_explodes_says_so_in_a_sentence():
    page = learn("rnn")
    page.segmented_control(key="rnn_task").set_value("adding").run()
    page.selectbox(key="rnn_recipe_adding").set_value("Exploding without clipping")
    page.run()
    run = train_to_the_end(page, "rnn_train")
    assert str(run.summary["ended"]).startswith("exploded")
    assert page.warning[0].value.startswith("The training exploded in epoch")


def test_a_preset_brings_its_settings_and_its_text():
    page = learn("lstm")
    page.selectbox(key="lstm_recipe_text").set_value("Memorise one sentence").run()
    assert page.number_input(key="lstm_window").value == 60
    assert page.number_input(key="lstm_sample").value == 1
    assert page.segmented_control(key="lstm_data").value == "One sentence"


def test_each_preset_says_what_it_shows():
    for task, kind in SETTINGS.items():
        assert list(PRESETS[task]) == list(kind.presets)
        assert all(PRESETS[task].values())


def test_a_presets_name_goes_when_another_text_is_chosen():
    page = learn("lstm")
    page.selectbox(key="lstm_recipe_text").set_value("Memorise one sentence").run()
    assert "All settings are those of the preset." in text_of(page)
    page.segmented_control(key="lstm_data").set_value("Names").run()
    assert page.selectbox(key="lstm_recipe_text").value == "Own settings"
    assert page.number_input(key="lstm_window").value == 60
    assert "preset" not in text_of(page)
    page.selectbox(key="lstm_recipe_text").set_value("Invent names").run()
    assert "All settings are those of the preset." in text_of(page)
    page.segmented_control(key="lstm_data").set_value("One sentence").run()
    page.selectbox(key="lstm_recipe_text").set_value("No recurrence").run()
    assert page.segmented_control(key="lstm_data").value == "One sentence"
    assert "All settings are those of the preset." in text_of(page)


def test_subscribers_of_a_training_share_its_decoded_result():
    pages = [choose(learn("rnn"), "rnn", **SMALL) for _ in range(2)]
    runs = [train_to_the_end(page, "rnn_train") for page in pages]
    assert runs[0].id != runs[1].id
    caches = [page.session_state["rnn_cache"]["training"] for page in pages]
    (first,), (second,) = (cache.values() for cache in caches)
    assert first is second


def test_a_pasted_text_is_read_before_train_is_enabled():
    page = learn("rnn")
    page.segmented_control(key="rnn_data").set_value("Own text").run()
    assert page.button(key="rnn_train").disabled
    page.text_area(key="rnn_text").set_value(PASSAGE).run()
    assert "a passage" in text_of(page)
    assert not page.button(key="rnn_train").disabled


def test_a_text_that_cannot_be_learned_from_is_refused_in_a_sentence():
    page = learn("lstm")
    page.segmented_control(key="lstm_data").set_value("Own text").run()
    page.text_area(key="lstm_text").set_value("short").run()
    assert "at least 10" in page.error[0].value
    assert page.button(key="lstm_train").disabled


def test_the_list_of_runs_opens_a_run_at_the_step_that_shows_it():
    page = learn("rnn", rnn_task="adding")
    run = train_to_the_end(choose(page, "rnn", **SMALL), "rnn_train")
    page.switch_page("pages/runs.py").run()
    assert "error" in text_of(page)
    page.button(key=f"runs_open_{run.id}").click().run()
    assert not page.exception
    assert page.title[0].value == "LSTM"
    assert page.query_params["run"] == run.id
    assert "Finished" in text_of(page)


def test_the_time_is_from_trainings_on_this_machine_and_a_long_one_has_a_quicker():
    config = replace(SETTINGS["adding"](), units=64, epochs=499, length=97)
    page = learn("lstm", lstm_task="adding", lstm_length=97, lstm_units=64)
    add_finished(
        platform().store,
        page.session_state["owner"],
        task="adding",
        title="Adding problem",
        config=config.to_json(),
        summary="{}",
        seconds=900.0,
        progress=499,
        total=499,
        starts=1,
        started=time.time() - 900,
    )
    choose(page, "lstm", epochs=499)
    assert "About 15 min here, from 1 training on this machine." in text_of(page)
    button = page.button(key="lstm_quicker")
    assert button.label.startswith("Quicker: ")
    button.click().run()
    assert not page.exception
    assert page.number_input(key="lstm_epochs").value < 499
    assert "here, from" in text_of(page)
