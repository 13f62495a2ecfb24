"""Classes in the store: codes, students, tasks, what is done, and their end."""

import time
from functools import partial

import pytest
from sqlalchemy import func, insert, select, update

from core.runs import LimitError, Platform, Site
from core.runs.classes import Classes, Goal, goals_for
from core.runs.classes import classes as module
from core.runs.classes.polls import Polls
from core.runs.store import RunWriter, Store
from core.runs.store.backup import backup
from core.runs.store.run_list import annotate
from core.runs.store.schema import (
    class_metadata,
    class_requests,
    classes,
    members,
    poll_answers,
    polls,
    runs,
    trainings,
)
from core.task import UserError
from tests.conftest import at_once, wait_until
from tests.core.runs.counting import Config

TEACHER = "teacher"


@pytest.fixture
def school(store):
    return Classes(store)


@pytest.fixture
def code(school):
    return school.create(TEACHER, "Physics")


def rows(store):
    """How many rows there are, by table of classes."""
    with store.engine.connect() as connection:
        return {
            name: connection.execute(
                select(func.count()).select_from(table)
            ).scalar_one()
            for name, table in class_metadata.tables.items()
        }


def change(store, table, **values):
    with store.engine.begin() as connection:
        connection.execute(update(table).values(values))


def finish(store, owner, summary, task="adding", config=None):
    """A finished run of an owner with a summary."""
    run_id = store.create(owner, task, config or Config(), title="t", data=b"1")
    writer = RunWriter.claim(store, run_id)
    writer.finish("done", result=b"r", summary=summary)
    return run_id


def test_a_code_is_six_letters_that_cannot_be_mistaken_or_read_as_a_word(school):
    codes = {school.create(f"teacher {n}", "") for n in range(30)}
    assert len(codes) == 30
    for code in codes:
        assert len(code) == 6
        assert set(code).isdisjoint("AEIOUYL0123456789")


def test_a_class_is_found_by_its_code_however_it_is_typed_in_any_process(
    school, code, url
):
    another = Store(url)
    for typed in (code, code.lower(), f" {code[:3]} - {code[3:].lower()} "):
        found = Classes(another).find("ann", typed)
        assert (found.code, found.title) == (code, "Physics")
        assert (found.open, found.board_shown) == (True, False)
    another.close()


def test_a_student_joins_under_a_name_and_changes_it(school, code):
    member = school.join("ann", code.lower(), "  Ann  ")
    assert (member.name, member.code, member.hidden) == ("Ann", code, False)
    assert school.member("ann") == member
    again = school.join("ann", code, "ANN")
    assert (again.id, again.name, again.joined) == (member.id, "ANN", member.joined)
    assert school.rename("ann", "7").name == "7"
    assert [student.name for student in school.members(code)] == ["7"]
    school.leave("ann")
    assert school.member("ann") is None
    assert school.members(code) == []
    with pytest.raises(UserError, match="expected one that you have joined, got none"):
        school.rename("ann", "Ann")


def test_two_students_cannot_have_the_same_name(school, code):
    school.join("ann", code, "Ann")
    bob = school.join("bob", code, "Bob")
    for taken in ("Ann", "aNN", "A\u200bnn"):
        with pytest.raises(UserError, match="already called"):
            school.join("eve", code, taken)
        with pytest.raises(UserError, match="already called"):
            school.rename("bob", taken)
    assert school.members(code)[1:] == [bob]
    other = school.create(TEACHER, "Chemistry")
    assert school.join("eve", other, "Ann").name == "Ann"


def test_simultaneous_joins_with_one_name_admit_one_student(url, code):
    stores = [Store(url) for _ in range(8)]
    found = at_once(
        *(
            partial(Classes(each).join, f"owner {number}", code, "Ann")
            for number, each in enumerate(stores)
        ),
        refusal=UserError,
    )
    refused = [str(each) for each in found if isinstance(each, UserError)]
    joined = [each for each in found if not isinstance(each, UserError)]
    assert [member.name for member in joined] == ["Ann"]
    assert len(refused) == 7
    assert all("already called" in sentence for sentence in refused)
    assert Classes(stores[0]).members(code) == joined
    for store in stores:
        store.close()


def test_the_class_joined_last_counts_until_it_ends(school, code):
    school.join("ann", code, "Ann")
    other = school.create(TEACHER, "Chemistry")
    school.join("ann", other, "Anna")
    assert school.member("ann").code == other
    school.note_activity("ann")
    assert school.join("ann", code, "Ann").code == school.member("ann").code == code
    school.end(TEACHER, code)
    assert school.member("ann").name == "Anna"


def test_a_closed_class_takes_nobody_new_and_its_students_stay(school, code):
    school.join("ann", code, "Ann")
    school.set_open(TEACHER, code, False)
    with pytest.raises(UserError, match="closed: it takes nobody new"):
        school.join("bob", code, "Bob")
    assert school.join("ann", code, "Anna").name == "Anna"
    school.set_open(TEACHER, code, True)
    assert school.join("bob", code, "Bob").name == "Bob"


def test_a_class_lasts_a_day_a_kept_one_a_week_from_then(school, code):
    found = school.get(code)
    assert found.ends - found.created == 86_400
    school.keep(TEACHER, code)
    assert abs(school.get(code).ends - time.time() - 7 * 86_400) < 60


def test_an_ended_class_no_longer_exists(store, school, code):
    school.join("ann", code, "Ann")
    school.add_task(TEACHER, code, "Train", "lstm")
    change(store, classes, ends=time.time() - 1)
    assert school.get(code) is school.member("ann") is None
    assert school.taught(TEACHER) == school.members(code) == school.tasks(code) == []
    assert not school.is_teacher(TEACHER, code)
    assert school.done("ann") == set()
    assert school.done_by_all(code) == {}
    school.note_activity("ann")
    school.note_event("ann", "mistake lstm")
    for use in (
        lambda: school.find("ann", code),
        lambda: school.join("ann", code, "Ann"),
        lambda: school.keep(TEACHER, code),
        lambda: school.rename("ann", "A"),
    ):
        with pytest.raises(UserError):
            use()
    assert rows(store)["class_events"] == 0


def fill(store, school, code):
    """Give a class a row in each of its tables."""
    school.join("ann", code, "Ann")
    school.note_event("ann", "mistake lstm")
    school.add_task(TEACHER, code, "Train", "lstm")
    poll = {"id": "1" * 32, "code": code, "question": "lstm Backward"}
    poll |= {"options": 3, "opened": 1.0}
    answer = {"poll": "1" * 32, "owner": "ann", "option": 1, "at": 1.0}
    with store.engine.begin() as connection:
        connection.execute(insert(polls).values(poll))
        connection.execute(insert(poll_answers).values(answer))
    assert min(rows(store).values()) > 0


def test_all_that_is_known_of_a_class_goes_with_it(store, school, code):
    fill(store, school, code)
    school.end(TEACHER, code)
    assert {name for name, number in rows(store).items() if number} == {
        "class_requests"
    }


def test_a_class_whose_day_is_over_is_cleaned_away_also_without_limits(tmp_path):
    platform = Platform(site_without_limits(tmp_path))
    code = platform.classes.create(TEACHER, "Physics")
    fill(platform.store, platform.classes, code)
    going_on = platform.classes.create(TEACHER, "Chemistry")
    with platform.store.engine.begin() as connection:
        this = update(classes).where(classes.c.code == code)
        connection.execute(this.values(ends=time.time() - 1))
    change(platform.store, class_requests, at=time.time() - 86_400)
    platform.close()
    platform = Platform(site_without_limits(tmp_path))  # its supervisor cleans first
    left = {"classes"}
    wait_until(lambda: {k for k, n in rows(platform.store).items() if n} == left, 20)
    assert [each.code for each in platform.classes.taught(TEACHER)] == [going_on]
    platform.close()


def site_without_limits(home):
    return Site(home=home, database_url=f"sqlite:///{home / 'runs.sqlite'}")


def test_no_back_up_has_anything_of_a_class(store, school, code, site, tmp_path):
    school.join("ann", code, "Zyxwvut")
    school.add_task(TEACHER, code, "A telling sentence", "lstm")
    finish(store, "ann", {})
    backup(site, store, tmp_path / "saved")
    saved = (tmp_path / "saved").read_bytes()
    for private in ("Zyxwvut", code, "Physics", "A telling sentence"):
        assert private.encode() not in saved


def test_tasks_have_an_order_that_the_teacher_changes(school, code):
    for text in ("one", "two", "three"):
        school.add_task(TEACHER, code, f" {text}\n", "http://x/lstm?lstm_step=Forward")
    first, second, third = school.tasks(code)
    assert [first.text, second.text, third.text] == ["one", "two", "three"]
    assert (first.page, first.query, first.task) == ("lstm", "lstm_step=Forward", None)
    school.move_task(TEACHER, code, third.id, 0)
    assert [task.text for task in school.tasks(code)] == ["three", "one", "two"]
    school.move_task(TEACHER, code, third.id, 99)
    school.remove_task(TEACHER, code, first.id)
    assert [task.text for task in school.tasks(code)] == ["two", "three"]
    for unknown in (first.id, "\0", "x"):
        school.move_task(TEACHER, code, unknown, 0)
        school.remove_task(TEACHER, code, unknown)
    school.add_task(TEACHER, code, "four", "emoji")
    assert [task.text for task in school.tasks(code)] == ["two", "three", "four"]


def test_a_task_is_a_sentence_a_link_and_a_check_that_fits(school, code):
    mistake = Goal(event="mistake lstm")
    school.add_task(TEACHER, code, "Find it", "lstm?lstm_step=Backward", mistake)
    assert school.tasks(code)[0].goal == mistake
    for text, link, goal, why in (
        (" \n", "lstm", None, "Type in one sentence what to do"),
        ("x" * 201, "lstm", None, "task: expected at most 200 characters, got 201"),
        ("Look", "runs", None, "link: expected one to rnn"),
        ("Find it", "lstm?lstm_step=Forward", mistake, "one that fits the link"),
        ("Train", "rnn", Goal(measure="nats", most=1), "one that fits the link"),
    ):
        with pytest.raises(UserError, match=why):
            school.add_task(TEACHER, code, text, link, goal)
    assert len(school.tasks(code)) == 1


def test_a_task_is_done_when_a_run_since_joining_reaches_its_goal(store, school, code):
    link = "lstm?lstm_step=Learning&lstm_task=adding"
    check = next(each for each in goals_for("lstm", link[5:]) if each.measure)
    school.add_task(TEACHER, code, "Below 0.02", link, check.goal(0.02))
    school.add_task(TEACHER, code, "Train", link, Goal(event="run finished"))
    error, trained = (task.id for task in school.tasks(code))
    finish(store, "ann", {"lstm_mse": 0.01})
    school.join("ann", code, "Ann")
    bob = school.join("bob", code, "Bob")
    assert school.done("ann") == set()
    finish(store, "ann", {"lstm_mse": 0.01}, task="text")
    store.create("ann", "adding", Config(), title="t", data=b"2")
    assert school.done("ann") == set()
    finish(store, "ann", {"lstm_mse": 0.03})
    assert school.done("ann") == {trained}
    finish(store, "ann", {"lstm_mse": 0.01})
    assert school.done("ann") == {error, trained}
    assert school.done("bob") == set()
    ann = school.member("ann")
    assert school.done_by_all(code) == {ann.id: {error, trained}, bob.id: set()}


def test_a_run_that_follows_another_ones_training_counts(store, school, code):
    school.add_task(TEACHER, code, "Train", "stock", Goal(event="run finished"))
    school.join("bob", code, "Bob")
    same = {"title": "t", "data": b"1", "join": True, "own_data": False}
    first = store.create("ann", "stock", Config(), **same)
    second = store.create("bob", "stock", Config(), **same)
    assert store.get("bob", second).training == first
    RunWriter.claim(store, first).finish("done", result=b"r", summary={})
    assert len(school.done("bob")) == 1


def test_events_count_for_the_class_joined_last(school, code):
    goal = Goal(event="question lstm Backward")
    school.add_task(TEACHER, code, "Answer", "lstm?lstm_step=Backward", goal)
    school.note_event("ann", "question lstm Backward")  # in no class
    school.join("ann", code, "Ann")
    assert school.done("ann") == set()
    for _ in range(2):
        school.note_event("ann", "question lstm Backward")
    assert school.done("ann") == {school.tasks(code)[0].id}


def test_a_task_without_a_goal_is_ticked_off_and_on(school, code):
    school.add_task(TEACHER, code, "Read", "lstm")
    school.add_task(TEACHER, code, "Train", "stock", Goal(event="run finished"))
    read, train = (task.id for task in school.tasks(code))
    school.tick("ann", read, True)
    school.join("ann", code, "Ann")
    for task_id in (read, read, train, "\0"):
        school.tick("ann", task_id, True)
    assert school.done("ann") == {read}
    school.tick("ann", read, False)
    assert school.done("ann") == set()


def test_activity_is_noted_of_the_class_joined_last(store, school, code):
    school.join("ann", code, "Ann")
    change(store, members, active=1.0)
    school.note_activity("bob")
    assert school.member("ann").active == 1.0
    school.note_activity("ann")
    assert time.time() - school.member("ann").active < 60


def test_a_teacher_hides_a_student_and_shows_the_board(school, code):
    ann = school.join("ann", code, "Ann")
    school.join("bob", code, "Bob")
    school.hide(TEACHER, code, ann.id, True)
    assert [student.hidden for student in school.members(code)] == [True, False]
    school.hide(TEACHER, code, ann.id, False)
    assert not any(student.hidden for student in school.members(code))
    school.show_board(TEACHER, code, True)
    assert school.get(code).board_shown


def test_classes_are_limited_for_a_teacher_an_address_and_in_all(school, monkeypatch):
    for _ in range(5):
        school.create(TEACHER, "", "10.0.0.1")
    with pytest.raises(LimitError, match="You teach 5 classes"):
        school.create(TEACHER, "", "10.0.0.1")
    school.end(TEACHER, school.taught(TEACHER)[0].code)
    school.create(TEACHER, "", "10.0.0.1")
    for number in range(14):
        school.create(f"teacher {number}", "", "10.0.0.1")
    with pytest.raises(LimitError, match="too many classes within an hour"):
        school.create("another", "", "10.0.0.1")
    school.create("another", "", "10.0.0.2")
    monkeypatch.setattr(module, "MOST_CLASSES", 20)
    with pytest.raises(LimitError, match="20 classes of all people are going on"):
        school.create("another", "", "10.0.0.2")


def test_students_and_tasks_of_a_class_are_limited(school, code, monkeypatch):
    monkeypatch.setattr(module, "MOST_MEMBERS", 2)
    for name in ("ann", "bob"):
        school.join(name, code, name)
    with pytest.raises(LimitError, match="The class is full: it has 2 students"):
        school.join("eve", code, "eve")
    assert school.join("ann", code, "Anna").name == "Anna"
    for number in range(20):
        school.add_task(TEACHER, code, str(number), "lstm")
    with pytest.raises(LimitError, match="has 20 tasks"):
        school.add_task(TEACHER, code, "one more", "lstm")


def test_a_title_is_limited(school):
    code = school.create(TEACHER, " Physics\n<b> ")
    assert school.get(code).title == "Physics <b>"
    with pytest.raises(UserError, match="title: expected at most 80 characters"):
        school.create(TEACHER, "x" * 81)


def test_a_student_let_in_again_keeps_name_tasks_answers_and_runs(store, school, code):
    ann = school.join("ann", code, "Ann")
    for text in "ab":
        school.add_task(TEACHER, code, text, "lstm?lstm_step=Backward")
    first, _ = school.tasks(code)
    school.tick("ann", first.id, True)
    poll_id = Polls(store).ask(TEACHER, code, "lstm Backward", 3)
    Polls(store).answer("ann", poll_id, 2)
    tasks = "adding", "writing", "emoji"
    mine, noted, own = (finish(store, "ann", {}, task) for task in tasks)
    annotate(store, "ann", noted, "private")
    school.set_open(TEACHER, code, False)
    school.readmit(TEACHER, code, ann.id)
    with store.engine.begin() as connection:
        this = select(runs.c.training).where(runs.c.id == own).scalar_subquery()
        change = update(trainings).where(trainings.c.id == this)
        connection.execute(change.values(own_data=True))
    member = school.join("a phone", code, "ann")
    assert (member.id, member.name) == (ann.id, "ann")
    assert school.done("a phone") == {first.id}
    assert school.member("ann") is None
    poll = Polls(store).current(code)
    assert Polls(store).own_answer("a phone", poll) == 2
    assert [run.id for run in store.runs_of("a phone")] == [mine]
    assert {run.id for run in store.runs_of("ann")} == {noted, own}
