"""The list of runs: names, notes, stars, filters, deletion, ticks."""

from dataclasses import replace

import pytest

from core.registry import get_task
from core.runs.store import RunWriter
from core.runs.store.run_list import annotate, delete, rename, star
from pages.ui.live.view import view_of
from pages.ui.session import platform
from tests import platforms
from tests.driver.pages.app import open_page, text_of
from tests.pages.answers import answer, lines, parts
from tests.rows import add_finished


@pytest.fixture
def own_platform(tmp_path):
    """Without workers, which would train what waits."""
    with platforms.own_platform(tmp_path):
        yield


@pytest.fixture
def listed():
    """Returns the page with finished runs of some tasks, and their ids."""

    def listed(*tasks):
        page = open_page("runs")
        store, owner = platform().store, page.session_state["owner"]
        run_ids = []
        for seed, task in enumerate(tasks):
            module = get_task(task)
            config, data = module.tiny()
            content, title = module.encode_data(data), module.title(data)
            config = replace(config, seed=seed)
            run_id = store.create(owner, task, config, title=title, data=content)
            RunWriter.claim(store, run_id).finish("done")
            run_ids.append(run_id)
        return page.run(), run_ids

    return listed


def shown(page):
    """The runs on the page, by the buttons that open them."""
    keys = [button.key for button in page.button if button.key]
    return {key[10:] for key in keys if key.startswith("runs_open_")}


def tick(page, *run_ids):
    for run_id in run_ids:
        page.checkbox(key=f"runs_tick_{run_id}").check().run()
    assert not page.exception


def test_a_run_gets_a_name_a_note_and_a_star_and_is_found_by_them(listed):
    page, (first, second) = listed("adding", "adding")
    page.text_input(key=f"runs_name_{first}").set_value("**wide** one").run()
    page.text_area(key=f"runs_note_{first}").set_value("better\n\n# than most").run()
    page.button(key=f"runs_star_{second}").click().run()
    assert "**\\*\\*wide\\*\\* one**" in text_of(page)
    assert "Adding problem" in text_of(page)  # the usual name stays beside it
    assert "better \\# than most" in text_of(page)
    page.text_input(key="runs_search").set_value("MOST one").run()
    assert shown(page) == {first}
    page.text_input(key="runs_search").set_value("").run()
    page.toggle(key="runs_starred").set_value(True).run()
    assert shown(page) == {second}
    page.text_input(key="runs_search").set_value("nothing like it").run()
    assert "Change the filter" in text_of(page)
    page.toggle(key="runs_starred").set_value(False).run()
    page.text_input(key="runs_search").set_value("").run()
    page.text_input(key=f"runs_name_{first}").set_value("").run()
    assert "wide" not in text_of(page)


def test_deleted_runs_leave_the_list_and_undo_brings_them_back(listed):
    page, (first, second, third) = listed("adding", "text", "adding")
    page.button(key=f"runs_delete_{first}").click().run()
    assert shown(page) == {second, third}
    tick(page, second, third)
    page.button(key="runs_delete").click().run()
    assert "No runs yet" in text_of(page)
    assert "Deleted 2 runs" in text_of(page)
    page.button(key="runs_undo").click().run()
    assert shown(page) == {second, third}
    page.button(key="runs_undo").click().run()
    assert shown(page) == {first, second, third}
    assert "Deleted" not in text_of(page)


def test_a_waiting_and_a_running_run_are_stopped_from_the_list(own_platform):
    owner, (config, data) = "w" * 43, get_task("adding").tiny()
    begun, waiting = (
        platform().start(owner, "adding", replace(config, seed=seed), data)
        for seed in (1, 2)
    )
    writer = RunWriter.claim(platform().store, begun)
    page = open_page("runs", owner)
    page.button(key=f"runs_stop_{waiting}").click().run()
    assert platform().store.get(owner, waiting).status == "stopped"
    assert f"runs_stop_{waiting}" not in {button.key for button in page.button}
    page.button(key=f"runs_stop_{begun}").click().run()
    assert not page.exception
    stop = page.button(key=f"runs_stop_{begun}")
    assert stop.disabled  # until its worker ends
    assert writer.record([], progress=1, total=2, seconds=1) == "stop"
    writer.stopped(None)
    assert f"runs_stop_{begun}" not in {button.key for button in page.run().button}


def test_a_run_that_is_unticked_just_before_the_click_is_not_deleted(listed):
    page, (first, second) = listed("adding", "adding")
    tick(page, first, second)
    page.checkbox(key=f"runs_tick_{first}").uncheck()
    page.button(key="runs_delete").click().run()
    assert shown(page) == {first}


def test_two_to_eight_runs_of_one_task_can_be_compared(listed):
    page, (other, *run_ids) = listed("text", *9 * ["adding"])

    def refused():
        return page.button(key="runs_compare").disabled

    assert refused()
    tick(page, other)
    assert refused()
    assert "Tick another one of the same task" in text_of(page)
    tick(page, run_ids[0])
    assert refused()
    assert "different tasks (Adding problem, Writing)" in text_of(page)
    page.pills(key="runs_task").set_value("adding").run()
    assert shown(page) == set(run_ids)
    tick(page, *run_ids[1:8])
    assert not refused()
    assert "8 runs ticked" in text_of(page)
    tick(page, run_ids[8])
    assert refused()
    assert "at most eight" in text_of(page)
    page.checkbox(key=f"runs_tick_{run_ids[8]}").uncheck().run()
    page.button(key="runs_compare").click().run()
    assert page.title[0].value == "Compare runs"
    assert set(page.query_params["runs"].split(",")) == set(run_ids[:8])


def test_runs_on_different_data_are_not_offered_to_be_compared(listed):
    page, (first,) = listed("text")
    store, module = platform().store, get_task("text")
    config, _ = module.tiny()
    owner = page.session_state["owner"]
    other = store.create(owner, "text", config, title="Other", data=b"another text")
    RunWriter.claim(store, other).finish("done")
    page.run()
    tick(page, first, other)
    assert page.button(key="runs_compare").disabled
    assert "learned from different data" in text_of(page)


def test_a_run_that_trains_is_followed_without_a_new_page(listed):
    page, (first,) = listed("adding")
    store, me = platform().store, page.session_state["owner"]
    config, _ = get_task("text").tiny()
    run_id = store.create(me, "text", config, title="", data=b"")
    writer = RunWriter.claim(store, run_id)

    def seen(**query):
        return view_of("runs", me, {"most": "20"} | query)

    part = answer(page.run(), "runs_live")
    assert "preparing" in lines(part)[run_id]
    assert parts(page)["runs_live"]["page"] == part["page"] == seen().page
    writer.record([], progress=7.0, total=50, seconds=1.0)
    assert seen().page == part["page"]
    assert lines(seen().make())[run_id] == "epoch 7 of 50 · just now"
    assert set(lines(seen(task="adding").make())) == {first}

    pages = [seen().page]
    for change in (
        lambda: writer.finish("done"),
        lambda: rename(store, me, first, "wide"),
        lambda: annotate(store, me, first, "better"),
        lambda: star(store, me, first, True),
        lambda: delete(store, me, [first]),
    ):
        change()
        pages.append(seen().page)
    assert len(set(pages)) == len(pages)


def test_the_list_is_not_drawn_anew_while_details_are_open(listed):
    page, (run_id,) = listed("adding")
    assert parts(page)["runs_live"]["page"]
    page.session_state[f"runs_details_{run_id}"] = True
    assert parts(page.run())["runs_live"]["page"] is None


def store_run(owner):
    """Store a run that has ended, and return its id."""
    config, _ = get_task("adding").tiny()
    values = {"title": "Adding problem", "config": config.to_json()}
    return add_finished(platform().store, owner, task="adding", **values)


def test_a_new_run_is_listed_once_the_details_of_others_are_closed(listed):
    page, (run_id,) = listed("adding")
    page.session_state[f"runs_details_{run_id}"] = True
    new = store_run(page.session_state["owner"])
    assert shown(page.run()) == {run_id}
    page.session_state[f"runs_details_{run_id}"] = False
    assert shown(page.run()) == {run_id, new}


def test_older_runs_can_be_listed_while_details_are_open(listed):
    page, (first, second) = listed("adding", "adding")
    rename(platform().store, page.session_state["owner"], second, "wide")
    page.text_input(key="runs_search").set_value("wide").run()
    page.session_state[f"runs_details_{second}"] = True
    assert shown(page.run()) == {second}
    page.text_input(key="runs_search").set_value("").run()
    assert shown(page) == {first, second}


def test_more_runs_are_shown_while_details_are_open_and_another_begins(
    listed, monkeypatch
):
    monkeypatch.setattr("pages.ui.runs.PAGE_LENGTH", 1)
    page, (first, second) = listed("adding", "adding")
    page.session_state[f"runs_details_{second}"] = True
    new = store_run(page.session_state["owner"])
    assert shown(page.run()) == {second}
    page.button(key="runs_more").click().run()
    assert shown(page) == {first, second}
    page.session_state[f"runs_details_{second}"] = False
    assert shown(page.run()) == {second, new}
