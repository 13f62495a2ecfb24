"""The board's page: its tiles, controls, and the runs that open from it."""

import json
import secrets
import time

import pytest

from core.runs.classes import Goal
from pages.ui.live.view import view_of
from pages.ui.session import platform
from pages.ui.web.server import new_owner
from tests.driver.pages.app import open_page, text_of
from tests.driver.pages.finished import finished
from tests.pages.answers import answer, figures
from tests.rows import change

ADDING = "lstm?lstm_step=Learning&lstm_task=adding"


@pytest.fixture
def student():
    return new_owner()


@pytest.fixture
def code(teacher, student):
    code = platform().classes.create(teacher, "Lesson <b>7b</b>")
    platform().classes.join(student, code, "Ann *1*", secrets.token_hex(4))
    return code


@pytest.fixture
def tiles(teacher, code):
    """What the board's teacher is sent of the tiles, now."""

    def tiles(task=""):
        platform().boards.forget(code)
        view = view_of(f"board/{code}", teacher, {"task": task, "sort": "name"})
        return json.loads(view.encoded())["board"]["students"]

    return tiles


def summary(page):
    return answer(page, "board_live")["text"]


def test_the_teacher_sees_the_board_and_a_student_only_if_it_is_shown(
    teacher, student, code
):
    page = open_page("board", teacher, **{"class": code})
    assert "1 student" in summary(page)
    assert r"Lesson \<b\>7b\</b\>" in page.title[0].value
    assert "cannot see this board" in text_of(
        open_page("board", student, **{"class": code})
    )
    console = open_page("classes", teacher, code=code)
    console.toggle(key="classes_board_shown").set_value(True).run()
    looks = open_page("board", student, **{"class": code})
    assert "1 student" in summary(looks)
    assert code in looks.title[0].value
    console.toggle(key="classes_board_shown").set_value(False).run()
    assert "cannot see this board" in text_of(looks.run())


def test_a_projector_shows_the_board_without_controls_until_the_class_ends(
    teacher, student, code
):
    finished(student, "adding")
    token = platform().classes.get(code).screen
    page = open_page("board", new_owner(), **{"class": code, "screen": token})
    assert "1 student" in summary(page)
    assert not [*page.button, *page.toggle, *page.selectbox, *page.get("page_link")]
    (tile,) = answer(page, "board_live")["board"]["students"]
    assert (tile["name"], tile["run"]) == ("Ann *1*", None)
    other = platform().classes.create(teacher, "")
    for wrong in (token[:-1], "", "\0", "é", platform().classes.get(other).screen):
        stranger = open_page("board", new_owner(), **{"class": code, "screen": wrong})
        assert "cannot see this board" in text_of(stranger)
    platform().classes.end(teacher, code)
    platform().boards.forget(code)
    assert "cannot see this board" in text_of(page.run())


def test_a_stranger_learns_nothing_of_a_class(code):
    stranger = new_owner()
    texts = {
        text_of(open_page("board", stranger, **{"class": guess}))
        for guess in (code, "BCDFGH", "", "x" * 1000)
    }
    assert len(texts) == 1
    assert "cannot see this board" in texts.pop()


def test_a_tile_says_name_settings_state_result_and_tasks(
    teacher, student, code, tiles
):
    goal = Goal(measure="lstm_mse", most=1.0)
    platform().classes.add_task(teacher, code, "Add numbers", ADDING, goal)
    run_id = finished(student, "adding")
    (tile,) = tiles()
    assert (tile["name"], tile["status"], tile["done"]) == ("Ann *1*", "done", "1/1")
    assert tile["run"] == run_id
    assert tile["title"] == "epochs 7"
    assert float(tile["figure"]) > 0
    assert tile["label"].startswith("Ann *1*, Finished, epochs 7, Squared error, LSTM")


def test_of_a_task_that_trains_nothing_a_tile_says_whether_it_is_done(
    teacher, student, code, tiles
):
    link = "lstm?lstm_step=Backward"
    platform().classes.add_task(teacher, code, "Find the mistake", link, None)
    (task,) = platform().classes.tasks(code)

    def word():
        (tile,) = tiles(task.id)
        return tile["word"]

    assert word() == "Not yet"
    platform().classes.tick(student, task.id, True)
    assert word() == "Done"


def test_a_tile_of_own_data_opens_nothing_and_says_nothing(student, tiles):
    run_id = finished(student, "adding")
    change(platform().store, run_id, own_data=True, title="my secret.csv")
    (tile,) = tiles()
    assert tile["run"] is None
    assert tile["title"] == "own data"
    assert tile["figure"] == tile["curve"] == ""
    assert "secret" not in json.dumps(tile)


def test_a_run_opens_from_the_board_to_look_at_only(teacher, student, code):
    run_id = finished(student, "adding")
    change(platform().store, run_id, note="a private note")
    page = open_page("shared", teacher, **{"class": code, "run": run_id})
    shown = text_of(page)
    assert rf"Class {code}" in shown
    assert r"Ann \*1\*" in shown
    assert "epochs 7" in shown
    assert "a private note" not in shown
    assert not page.button
    other = open_page("shared", student, **{"class": code, "run": run_id})
    assert "is not on the board" in text_of(other)
    platform().classes.end(teacher, code)
    assert "is not on the board" in text_of(page.run())


def test_a_frozen_board_stands_still_until_it_is_released(teacher, student, code):
    page = open_page("board", teacher, **{"class": code})
    page.toggle(key="board_freeze").set_value(True).run()
    platform().classes.join(new_owner(), code, "Bob", None)
    platform().boards.forget(code)
    assert "Frozen" in text_of(page.run())
    assert "1 student" in summary(page)
    page.toggle(key="board_freeze").set_value(False).run()
    assert "2 students" in summary(page)
    assert "Frozen" not in text_of(page)


def test_a_frozen_board_is_gone_with_its_class(teacher, code):
    page = open_page("board", teacher, **{"class": code})
    page.toggle(key="board_freeze").set_value(True).run()
    assert page.session_state["board_frozen"]
    platform().classes.end(teacher, code)
    platform().boards.forget(code)
    assert "cannot see this board" in text_of(page.run())
    assert "board_frozen" not in page.session_state


def test_tiles_are_in_the_chosen_order_and_all_runs_are_saved(
    teacher, student, code, files
):
    platform().classes.join(new_owner(), code, "Aaron")
    finished(student, "adding")
    page = open_page("board", teacher, **{"class": code})

    def names():
        shown = answer(page, "board_live")["board"]["students"]
        return [tile["name"] for tile in shown]

    assert names() == ["Ann *1*", "Aaron"]  # who has finished comes first
    page.segmented_control(key="board_sort").set_value("name").run()
    assert names() == ["Aaron", "Ann *1*"]
    assert "Ann *1*" in str(files("board_csv"))


def test_the_task_chosen_counts_alone(teacher, student, code):
    classes = platform().classes
    classes.add_task(teacher, code, "Add numbers", ADDING, None)
    classes.add_task(teacher, code, "Prices", "stock", None)
    finished(student, "adding")
    page = open_page("board", teacher, **{"class": code})
    assert "1 finished" in summary(page)
    _, prices = classes.tasks(code)
    page.selectbox(key="board_task").set_value(prices.id).run()
    assert "1 finished" not in summary(page)


def test_a_dot_of_the_figure_leads_to_its_run(teacher, student, code):
    page = open_page("board", teacher, **{"class": code})
    assert figures(page, "board_runs") == {}
    run_id = finished(student, "adding")
    platform().boards.forget(code)
    page.run()
    (figure,) = figures(page, "board_runs").values()
    (dots,) = figure["figure"]["data"]
    assert [data[0] for data in dots["customdata"]] == [run_id]
    setting = page.selectbox(key="board_setting_adding")
    setting.set_value("length").run()
    assert "board_runs_adding_length_lstm_mse" in figures(page, "board_runs")
    page.session_state["board_chosen"] = run_id  # as a click on the dot does
    page.run()
    *_, link = page.get("page_link")
    assert link.proto.label == r"Open the run of Ann \*1\*"
    assert link.proto.query_string == f"class={code}&run={run_id}"


def test_own_data_are_shown_to_the_class_in_the_share_menu(student, code, tiles):
    run_id = finished(student, "adding")
    change(platform().store, run_id, own_data=True, created=time.time())
    page = open_page("lstm", student, run=run_id, lstm_step="Learning")
    page.toggle(key="share_class_lstm").set_value(True).run()
    assert platform().store.get(student, run_id).class_shown
    assert tiles()[0]["run"] == run_id
    page.toggle(key="share_class_lstm").set_value(False).run()
    assert tiles()[0]["run"] is None


def test_bundled_data_and_visitors_without_a_class_have_no_sharing_toggle(
    student, code
):
    for owner in (student, new_owner()):
        run_id = finished(owner, "adding")
        page = open_page("lstm", owner, run=run_id, lstm_step="Learning")
        assert not [t for t in page.toggle if t.key == "share_class_lstm"]
