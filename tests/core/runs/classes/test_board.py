"""The board: whose runs it shows, which one of each, in what order, and who is idle."""

import csv
import gc
import io
import time
import weakref

import pytest
from sqlalchemy import event, update

from core import stock
from core.lesson import adding
from core.registry import get_task
from core.runs import recent
from core.runs.classes import Classes, Goal
from core.runs.classes import board_state as module
from core.runs.classes.board import IDLE_SECONDS, Boards, all_runs, to_csv
from core.runs.classes.board_state import Doing, read_class
from core.runs.classes.figures import measures_of, scatter, settings_of
from core.runs.path import Paths
from core.runs.store import RunWriter
from core.runs.store.run_list import delete, show_to_class
from core.runs.store.schema import members
from core.runs.store.store import owner_key
from core.task import Point

ADDING = "lstm?lstm_step=Learning&lstm_task=adding"
PRICES = "stock"


@pytest.fixture
def classes(store):
    return Classes(store)


@pytest.fixture
def code(classes):
    return classes.create("teacher", "7b")


@pytest.fixture
def look(store, code):
    """Return the tiles as they are now, by name; what was read before is used."""
    boards, states = Boards(store), []

    def look(task=None, sort="name"):
        states[:] = [read_class(store, code, *states)]
        return boards.tiles(states[0], task, sort)

    return look


def train(store, owner, **settings):
    config = adding.Config(**{"epochs": 4, **settings})
    return store.create(owner, "adding", config, title="Adding problem", data=b"")


def epochs(store, run_id, *losses):
    """Train a run for a while; return its writer."""
    writer = RunWriter.claim(store, run_id)
    points = [
        Point(epoch=number, metrics={"lstm_val_mse": loss})
        for number, loss in enumerate(losses, 1)
    ]
    writer.record(points, progress=len(losses), total=4, seconds=2.0)
    return writer


def finished(store, owner, error, **settings):
    run_id = train(store, owner, **settings)
    epochs(store, run_id, 0.5, error).finish("done", summary={"lstm_mse": error})
    return run_id


def age(store, owner, seconds):
    """Have a student joined, and acted last, so long ago."""
    then = time.time() - seconds
    with store.engine.begin() as connection:
        mine = update(members).where(members.c.owner == owner_key(owner))
        connection.execute(mine.values(joined=then, active=then))


def names(tiles):
    return [tile.member.name for tile in tiles]


def test_a_tile_is_of_the_latest_run_since_joining_an_unfinished_one_first(
    store, classes, code, look
):
    train(store, "ann")
    classes.join("ann", code, "Ann")
    (tile,) = look()
    assert tile.run is None
    running = train(store, "ann", length=20)
    epochs(store, running, 0.5)
    newest = finished(store, "ann", 0.01)
    (tile,) = look()
    assert (tile.run.id, tile.value, tile.progress) == (running, 0.5, 0.25)
    assert tile.run.changes == "epochs 4, length 20"
    store.give_up(running, "failed", "It failed.")
    (tile,) = look()
    assert tile.run.id == newest
    delete(store, "ann", [newest])
    (tile,) = look()
    assert (tile.run.id, tile.value) == (running, None)


def test_only_trainings_of_the_class_s_tasks_count_once_there_are_some(
    store, classes, code, look
):
    classes.join("ann", code, "Ann")
    run_id = finished(store, "ann", 0.3)
    assert [tile.run.id for tile in look()] == [run_id]
    classes.add_task("teacher", code, "Prices", PRICES, None)
    assert [tile.run for tile in look()] == [None]
    goal = Goal(measure="lstm_mse", most=0.02)
    classes.add_task("teacher", code, "Add", ADDING, goal)
    prices, add = classes.tasks(code)
    assert [tile.run.id for tile in look()] == [run_id]
    assert [tile.run for tile in look(prices.id)] == [None]
    assert [tile.done for tile in look(add.id)] == [0]
    finished(store, "ann", 0.01)
    classes.tick("ann", prices.id, True)
    assert [tile.done for tile in look(add.id)] == [1]
    assert [tile.done for tile in look()] == [2]


def test_the_board_is_sorted_by_progress_by_result_and_by_name(
    store, classes, code, look
):
    for owner, name in [("a", "Ann"), ("b", "bob"), ("c", "12"), ("d", "7")]:
        classes.join(owner, code, name)
    epochs(store, train(store, "a"), 0.4, 0.3)
    finished(store, "b", 0.2)
    finished(store, "c", 0.1)
    assert names(look(sort="name")) == ["7", "12", "Ann", "bob"]
    assert names(look(sort="progress")) == ["12", "bob", "Ann", "7"]
    assert names(look(sort="result")) == ["12", "bob", "Ann", "7"]


def test_a_high_result_comes_first_where_high_is_better(classes, code, look, store):
    goal = Goal(measure="directional_accuracy", least=0.5)
    classes.add_task("teacher", code, "Prices", PRICES, goal)
    (task,) = classes.tasks(code)
    for owner, share in [("ann", 0.4), ("bob", 0.6)]:
        classes.join(owner, code, owner)
        config = stock.Config()
        run_id = store.create(owner, "stock", config, title="x", data=b"")
        summary = {"rel_rmse": 1.0, "directional_accuracy": share}
        RunWriter.claim(store, run_id).finish("done", summary=summary)
    tiles = look(task.id, "result")
    assert names(tiles) == ["bob", "ann"]
    assert [(tile.value, tile.measure.percent) for tile in tiles] == [
        (0.6, True),
        (0.4, True),
    ]


def test_a_student_without_activity_for_five_minutes_is_idle(
    store, classes, code, look
):
    for owner in ("ann", "bob", "carl"):
        classes.join(owner, code, owner)
        age(store, owner, IDLE_SECONDS + 10)
    classes.note_activity("bob")
    train(store, "carl")
    assert [tile.idle is not None for tile in look()] == [True, False, False]
    age(store, "ann", IDLE_SECONDS - 30)
    assert [tile.idle for tile in look()] == [None, None, None]


def test_a_tile_of_a_run_on_own_data_is_empty_unless_its_owner_shows_it(
    store, classes, code, look
):
    classes.join("ann", code, "Ann")
    config = adding.Config(epochs=4)
    run_id = store.create(
        "ann", "adding", config, title="secret.csv", data=b"", own_data=True
    )
    epochs(store, run_id, 0.5, 0.1).finish("done", summary={"lstm_mse": 0.1})
    (tile,) = look()
    assert tile.private
    assert (tile.curve.line, tile.value, tile.result, tile.progress) == (
        (),
        None,
        None,
        0,
    )
    state = read_class(store, code)
    assert all_runs(state) == []
    show_to_class(store, "bob", run_id, True)
    assert look()[0].private
    show_to_class(store, "ann", run_id, True)
    (tile,) = look()
    assert not tile.private
    assert tile.value == 0.1
    assert [run.id for _, run in all_runs(read_class(store, code))] == [run_id]


def test_a_hidden_student_is_neither_on_the_board_nor_in_the_file(
    store, classes, code, look
):
    for owner in ("ann", "bob"):
        classes.join(owner, code, owner)
        finished(store, owner, 0.1)
    frozen = read_class(store, code)
    hidden = next(m for m in classes.members(code) if m.name == "bob")
    classes.hide("teacher", code, hidden.id, True)
    assert names(look()) == ["ann"]
    now = read_class(store, code)
    for state in (now, frozen.hiding(now)):
        assert [member.name for member, _ in all_runs(state)] == ["ann"]
    classes.hide("teacher", code, hidden.id, False)
    assert names(look()) == ["ann", "bob"]


def test_unchanged_parts_of_a_board_are_not_read_again(store, classes, code):
    for owner in ("ann", "bob"):
        classes.join(owner, code, owner)
        finished(store, owner, 0.1)
    running = train(store, "ann")
    writer = epochs(store, running, 0.5)
    boards = Boards(store)
    first = read_class(store, code)
    boards.tiles(first, None, "name")
    asked = []

    def note(connection, cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    second = read_class(store, code, first)
    before = len(asked)
    boards.tiles(second, None, "name")
    event.remove(store.engine, "before_cursor_execute", note)
    assert len(asked) == before
    assert all(
        second.runs[owner_key("ann")][n] is run
        for n, run in enumerate(first.runs[owner_key("ann")])
    )
    writer.record([], progress=1.5, total=4, seconds=3.0)
    third = read_class(store, code, second)
    (bob,) = third.runs[owner_key("bob")]
    assert bob is second.runs[owner_key("bob")][0]
    assert third.runs[owner_key("ann")][0].progress == 1.5


def test_after_a_change_of_the_class_no_unchanged_run_and_curve_is_read(
    store, classes, code
):
    classes.join("ann", code, "Ann")
    finished(store, "ann", 0.1)
    boards = Boards(store)
    before = boards.state(code)
    (tile,) = boards.tiles(before, None, "name")
    classes.show_board("teacher", code, True)
    boards.forget(code)
    state = boards.state(code)
    assert state.school_class.board_shown
    assert state.runs[owner_key("ann")][0] is tile.run
    (curve,) = state.curves.values()
    assert curve is tile.curve


def test_many_runs_of_one_student_displace_no_other_from_the_board(
    store, classes, code, look, monkeypatch
):
    monkeypatch.setattr(module, "MOST_RUNS", 3)
    for owner in ("ann", "bob"):
        classes.join(owner, code, owner)
    hers = finished(store, "ann", 0.1)
    many = [finished(store, "bob", 0.1) for _ in range(4)]
    ann, bob = look()
    assert (ann.run.id, bob.run.id) == (hers, many[-1])
    state = read_class(store, code)
    assert [run.id for run in state.runs[owner_key("bob")]] == [many[3], many[2]]


def test_a_class_without_viewers_leaves_memory(store, classes, code, monkeypatch):
    monkeypatch.setattr(recent, "KEPT_SECONDS", 0.0)
    boards = Boards(store)
    other = classes.create("teacher", "8a")
    classes.join("ann", code, "Ann")
    seen = weakref.ref(boards.state(code))
    assert boards.state(other)
    gc.collect()
    assert seen() is None


def test_a_curve_ends_where_the_training_is_and_is_logarithmic_if_it_falls_far(
    store, classes, code, look
):
    classes.join("ann", code, "Ann")
    epochs(store, train(store, "ann"), 100.0, 10.0, 1.0)
    (tile,) = look()
    assert tile.curve.line == ((0.25, 1.0), (0.5, 0.5), (0.75, 0.0))


def test_only_the_teacher_and_students_of_a_shown_board_see_it(store, classes, code):
    boards = Boards(store)
    classes.join("ann", code, "Ann")
    assert boards.shown_to("teacher", code)
    assert boards.shown_to("ann", code) is None
    classes.show_board("teacher", code, True)
    boards.forget(code)
    assert boards.shown_to("ann", code)
    other = classes.create("eve", "")
    for owner in ("eve", None):
        assert boards.shown_to(owner, code) is None
    assert boards.shown_to("teacher", other) is None
    for guess in ("", "\0", code.lower(), "A" * 100_000, "%"):
        assert boards.shown_to("teacher", guess) is None
    classes.end("teacher", code)
    boards.forget(code)
    assert boards.shown_to("teacher", code) is None
    assert read_class(store, code) is None


def test_the_file_has_a_row_for_each_run_and_no_formula(store, classes, code):
    classes.join("ann", code, "=1+1")
    finished(store, "ann", 0.25, length=20)
    (row,) = csv.DictReader(io.StringIO(to_csv(all_runs(read_class(store, code)))))
    assert row["name"] == "'=1+1"
    assert row["page"] == "lstm"
    assert row["status"] == "done"
    assert row["setting length"] == "20"
    assert row["measure lstm_mse"] == "0.25"
    assert float(row["seconds"]) == 2.0


def test_each_dot_of_the_figure_is_somebody_s_run_with_its_name_as_text(
    store, classes, code
):
    for owner, name in [("ann", "<b>Ann</b>"), ("bob", "bob"), ("carl", "&lt;")]:
        classes.join(owner, code, name)
    finished(store, "ann", 0.01, length=10)
    finished(store, "bob", 0.01, length=10)
    finished(store, "carl", 0.4, length=100)
    train(store, "carl")
    found = all_runs(read_class(store, code))
    (measure, *_) = measures_of("adding", found)
    assert settings_of("adding", found)[0] == "length"
    figure = scatter(found, "length", measure)
    (dots,) = figure.data
    labels = [data[1] for data in dots.customdata]
    assert labels == ["&lt;b&gt;Ann&lt;/b&gt;", "bob", "&amp;lt;"]
    assert len(set(zip(dots.x, dots.y, strict=True))) == 3
    assert list(dots.y) == [0.01, 0.01, 0.4]
    assert figure.layout.yaxis.type == "log"
    assert list(figure.layout.xaxis.ticktext) == ["10", "100"]


def test_a_task_without_measures_has_a_tile_with_its_epochs(
    store, classes, code, look, monkeypatch
):
    classes.join("ann", code, "Ann")
    monkeypatch.setattr(get_task("adding"), "GOALS", ())
    writer = epochs(store, train(store, "ann"), 0.5, 0.25)
    writer.finish("done", summary={"epochs": 2})
    (tile,) = look()
    assert (tile.value, tile.measure.title) == (2, "Epochs")


def test_a_board_shows_activity_other_than_training(store):
    school, path = Classes(store), Paths(store)
    code = school.create("ann", "")
    for name in ("bob", "cem", "eva"):
        school.join(name, code, name)
    for done in ("bug lstm", "station cell", "mistake lstm", "unit lstm"):
        school.note_event("bob", done)
    path.go_to("cem", "vanishing")
    path.go_to("eva", "cell")
    path.leave("eva")
    state = read_class(store, code)
    doing = {member.name: state.doing.get(key) for key, member in state.members.items()}
    assert doing == {
        "bob": Doing(event="mistake lstm"),
        "cem": Doing(station="vanishing"),
        "eva": None,
    }
