"""Classes: guessed codes, students as teachers, markup in names, floods of joins."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from core.runs import LimitError
from core.runs.classes import Classes, Goal
from core.runs.classes import classes as module
from core.runs.store import Store, limits
from core.runs.store.schema import class_requests, classes, members
from core.runs.store.store import owner_key
from core.task import UserError
from tests.security.conftest import both_databases

TEACHER, CLASSROOM = "the token of a teacher", "203.0.113.7"
ODD = [
    "",
    "\0",
    "%00",
    "' OR 1=1--",
    "KXQWRT",
    "kxqwrt\ud800",
    "é" * 6,
    "x" * 1_000_000,
]


@pytest.fixture
def school(store):
    return Classes(store)


@pytest.fixture
def code(school):
    return school.create(TEACHER, "Physics", "198.51.100.1")


def wrong(school, code):
    """A code that could be one and is none."""
    return next(f"{code[:5]}{c}" for c in "BCD" if school.get(code[:5] + c) is None)


def requests(store):
    with store.engine.connect() as connection:
        query = select(func.count()).select_from(class_requests)
        return connection.execute(query).scalar_one()


def minutes_pass(store, minutes):
    with store.engine.begin() as connection:
        earlier = class_requests.c.at - minutes * 60
        connection.execute(update(class_requests).values(at=earlier))


@pytest.fixture
def waits(monkeypatch):
    """The waits before slow lookups, which take no time."""
    waits = []
    monkeypatch.setattr(module, "wait_in_turn", lambda: waits.append("wait"))
    return waits


def guess(school, person, guessed, address=None):
    with pytest.raises(UserError, match="the 6 letters of"):
        school.find(person, guessed, address)


def test_hundreds_of_guesses_of_one_person_are_slow_after_the_tenth(
    store, school, code, waits
):
    guessed = wrong(school, code)
    for number in range(50):
        guess(school, "eve", guessed)
        with pytest.raises(UserError, match="expected the 6 letters"):
            join(school, "eve", guessed)
        assert len(waits) == max(0, 2 * number - 8)
    school.find("ann", code)  # from another address
    minutes_pass(store, 2)
    school.find("eve", code)
    assert len(waits) == 90
    guess(school, "eve", guessed)
    assert requests(store) == 2  # with the start of the class


def join(school, owner, code, address=None):
    return school.join(owner, code, owner, address)


def test_guesses_from_one_address_are_slow_and_right_codes_from_there_are_found(
    school, code, waits
):
    for number in range(100):
        guess(school, f"eve {number}", wrong(school, code), CLASSROOM)
    assert len(waits) == 40
    assert school.find("ann", code, "203.0.113.66").code == code
    assert len(waits) == 40
    assert join(school, "ann", code, CLASSROOM).name == "ann"
    assert len(waits) == 41


def test_guesses_from_many_addresses_are_slow(school, code, waits, monkeypatch):
    few = replace(limits.CLASS_RATES["guess"], all=60)
    monkeypatch.setitem(limits.CLASS_RATES, "guess", few)
    for number in range(70):
        guess(school, f"eve {number}", wrong(school, code), f"2001:db8:{number:x}::1")
    assert len(waits) == 10


def test_slow_lookups_are_made_one_after_the_other(url, school, code):
    for _ in range(10):
        guess(school, "eve", wrong(school, code))
    stores, began = [Store(url) for _ in range(5)], time.monotonic()
    with ThreadPoolExecutor(5) as people:
        found = people.map(lambda store: Classes(store).find("eve", code), stores)
        assert {each.code for each in found} == {code}
    assert time.monotonic() - began >= 5 * module.SLOW_SECONDS
    for each in stores:
        each.close()


def test_members_and_teachers_are_not_slowed_by_the_guesses_of_others(
    school, code, waits
):
    join(school, "ann", code, CLASSROOM)
    for number in range(70):
        guess(school, f"eve {number}", wrong(school, code), CLASSROOM)
    waits.clear()
    assert school.find("ann", code, CLASSROOM).code == code
    assert school.join("ann", code, "Anna", CLASSROOM).name == "Anna"
    assert school.find(TEACHER, code, CLASSROOM).code == code
    assert waits == []
    guess(school, "ann", wrong(school, code), CLASSROOM)  # of another class
    assert len(waits) == 1


@both_databases
@pytest.mark.parametrize("odd", ODD)
def test_malformed_codes_are_refused_and_change_nothing(school, code, odd):
    join(school, "ann", code)
    for use in (
        lambda: school.find("eve", odd),
        lambda: school.join("eve", odd, "Eve"),
        lambda: school.keep(TEACHER, odd),
        lambda: school.end(TEACHER, odd),
        lambda: school.add_task(TEACHER, odd, "Train", "lstm"),
    ):
        with pytest.raises(UserError) as refusal:
            use()
        assert len(str(refusal.value)) < 400
    assert school.get(odd) is None
    assert not school.is_teacher(TEACHER, odd)
    assert school.tasks(odd) == school.members(odd) == []
    assert school.done_by_all(odd) == {}
    assert len(school.members(code)) == 1


def test_a_student_or_another_teacher_changes_nothing(school, code):
    ann = join(school, "ann", code)
    school.add_task(TEACHER, code, "one", "lstm")
    school.add_task(TEACHER, code, "two", "rnn", Goal(event="question rnn The cell"))
    other = school.create("ann", "A class of her own")
    task = school.tasks(code)[0].id

    def state():
        return school.get(code), school.tasks(code), school.members(code)

    before = state()
    for owner in ("ann", "eve", owner_key(TEACHER), ann.id, "", code):
        for change in (
            lambda owner=owner: school.set_open(owner, code, False),
            lambda owner=owner: school.show_board(owner, code, True),
            lambda owner=owner: school.keep(owner, code),
            lambda owner=owner: school.end(owner, code),
            lambda owner=owner: school.hide(owner, code, ann.id, True),
            lambda owner=owner: school.add_task(owner, code, "three", "lstm"),
            lambda owner=owner: school.remove_task(owner, code, task),
            lambda owner=owner: school.move_task(owner, code, task, 1),
        ):
            with pytest.raises(UserError, match="expected one that you teach"):
                change()
        assert not school.is_teacher(owner, code)
    # In the class that she teaches, the ids of another one are nobody's.
    school.remove_task("ann", other, task)
    school.move_task("ann", other, task, 1)
    school.hide("ann", other, ann.id, True)
    assert state() == before
    assert [each.code for each in school.taught("ann")] == [other]


def test_a_student_ticks_off_tasks_of_the_own_class_only(school, code):
    other = school.create(TEACHER, "")
    school.add_task(TEACHER, code, "one", "lstm")
    school.add_task(TEACHER, other, "two", "lstm")
    join(school, "ann", code)
    join(school, "bob", other)
    school.tick("ann", school.tasks(other)[0].id, True)
    assert school.done("ann") == school.done("bob") == set()


@pytest.fixture
def few_joins(monkeypatch):
    """A limit of joins from an address that a test reaches soon."""
    few = replace(limits.CLASS_RATES["join"], address=20)
    monkeypatch.setitem(limits.CLASS_RATES, "join", few)


@pytest.mark.usefixtures("few_joins")
def test_joins_from_one_address_are_limited_and_other_addresses_still_join(
    store, school, code
):
    codes = [code, *(school.create(TEACHER, "") for _ in range(4))]
    joined = 0
    for number in range(40):
        try:
            join(school, f"eve {number}", codes[number % 5], CLASSROOM)
            joined += 1
        except LimitError:
            continue
    assert joined == 20
    assert sum(len(school.members(each)) for each in codes) == 20
    assert requests(store) == 20 + len(codes)
    assert join(school, "ann", code, "198.51.100.9").name == "ann"
    minutes_pass(store, 2)
    assert join(school, "bob", code, CLASSROOM).name == "bob"
    assert requests(store) < 10


@pytest.mark.usefixtures("few_joins")
def test_leaving_and_joining_again_counts_towards_the_limit(school, code):
    for _ in range(20):
        join(school, "eve", code, CLASSROOM)
        school.leave("eve")
    with pytest.raises(LimitError, match="Try again in a minute"):
        join(school, "eve", code, CLASSROOM)


def test_neither_names_nor_codes_nor_owners_are_logged(school, code, caplog):
    caplog.set_level(logging.DEBUG)
    name = "Zyxwvut"
    ann = school.join("ann's token", code, name, CLASSROOM)
    with pytest.raises(UserError):
        school.join("eve", code, name)
    school.rename("ann's token", name + "2")
    school.hide(TEACHER, code, ann.id, True)
    with pytest.raises(UserError):
        school.keep("ann's token", code)
    links = [school.make_teacher_link(TEACHER, code) for _ in range(2)]
    with pytest.raises(UserError):
        school.take_over(TEACHER, code, links[0])
    school.take_over(TEACHER, code, links[1])
    for _ in range(12):
        with pytest.raises(UserError):
            school.find("eve", wrong(school, code), CLASSROOM)
    school.end(TEACHER, code)
    said = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "refused" in said
    for private in (name, code, "ann's token", TEACHER, CLASSROOM, *links):
        assert private not in said


def test_the_store_keeps_neither_tokens_nor_addresses(store, school, code):
    school.join("ann's token", code, "Ann", CLASSROOM)
    with store.engine.connect() as connection:
        kept = [
            *connection.execute(select(members)),
            *connection.execute(select(class_requests)),
        ]
    assert "Ann" in str(kept)
    for private in ("ann's token", CLASSROOM, TEACHER):
        assert private not in str(kept)


def moved(school, person, code, token, address=None):
    """Whether a teacher's link makes somebody the teacher."""
    try:
        school.take_over(person, code, token, address)
    except UserError:
        return False
    return school.is_teacher(person, code)


def test_a_teachers_link_works_once_in_another_browser_and_only_for_its_class(
    store, school, code
):
    other = school.create(TEACHER, "Chemistry")
    former, token = (school.make_teacher_link(TEACHER, code) for _ in range(2))
    with store.engine.connect() as connection:
        (stored,) = connection.execute(select(classes).where(classes.c.code == code))
    assert token not in str(stored)
    for wrong_code, wrong_token in ((code, former), (other, token)):
        assert not moved(school, "eve", wrong_code, wrong_token)
    with pytest.raises(UserError, match="that you teach"):
        school.make_teacher_link("eve", code)
    assert moved(school, "another browser", code, token)
    assert not school.is_teacher(TEACHER, code)
    assert not moved(school, "eve", code, token)
    assert [each.code for each in school.taught("another browser")] == [code]


def test_a_teachers_link_ends_with_its_class(store, school, code):
    tokens = [school.make_teacher_link(TEACHER, code)]
    ended = school.create(TEACHER, "Chemistry")
    tokens.append(school.make_teacher_link(TEACHER, ended))
    school.end(TEACHER, ended)
    with store.engine.begin() as connection:
        connection.execute(update(classes).values(ends=time.time() - 1))
    for each, token in zip((code, ended), tokens, strict=True):
        assert not moved(school, "another browser", each, token)


@both_databases
def test_malformed_and_foreign_tokens_of_a_teachers_link_are_refused_alike(
    store, school, code, waits
):
    other = school.create(TEACHER, "Chemistry")
    school.join("ann", code, "Ann")
    tokens = [school.make_teacher_link(TEACHER, each) for each in (code, other)]
    before, screen = requests(store), school.get(code).screen
    foreign = (tokens[1], TEACHER, "ann", owner_key(tokens[0]), screen, code)
    refused = set()
    for wrong_code, token in (
        *((code, each) for each in (*ODD, *foreign)),
        *((each, tokens[0]) for each in (*ODD, wrong(school, code), other, code[:5])),
    ):
        with pytest.raises(UserError) as refusal:
            school.take_over("ann", wrong_code, token, CLASSROOM)
        refused.add(str(refusal.value))
    assert len(refused) == 1  # "no such class" and "wrong token" are the same
    tried = requests(store) - before
    assert tried == 2 * len(ODD) + 9
    assert len(waits) == tried - 10
    assert not school.is_teacher(tokens[0], code)  # a cookie with the token
    assert school.taught("ann") == []


def test_guesses_of_teachers_links_are_slow_and_the_right_one_from_there_works(
    school, code, waits
):
    token = school.make_teacher_link(TEACHER, code)
    for number in range(100):
        assert not moved(school, f"eve {number % 20}", code, "x", CLASSROOM)
    assert len(waits) == 40
    assert moved(school, "another browser", code, token, CLASSROOM)


@both_databases
def test_of_two_browsers_with_a_teachers_link_one_teaches_the_class(url, school, code):
    token = school.make_teacher_link(TEACHER, code)
    stores = [Store(url) for _ in range(4)]

    def take_over(place):
        return moved(Classes(stores[place]), f"browser {place}", code, token)

    with ThreadPoolExecutor(4) as people:
        won = list(people.map(take_over, range(4)))
    for each in stores:
        each.close()
    assert sum(won) == 1
    assert school.is_teacher(f"browser {won.index(True)}", code)
    school.end(f"browser {won.index(True)}", code)


def test_only_the_teacher_lets_a_student_in_again_and_for_ten_minutes(
    store, school, code
):
    ann, eve = school.join("ann", code, "Ann"), "eve"
    for person in (eve, "ann"):
        with pytest.raises(UserError, match="that you teach"):
            school.readmit(person, code, ann.id)
    with pytest.raises(UserError, match="already called"):
        school.join(eve, code, "Ann")
    school.readmit(TEACHER, code, ann.id)
    with store.engine.begin() as connection:
        connection.execute(update(members).values(readmitted=time.time() - 1))
    with pytest.raises(UserError, match="already called"):
        school.join(eve, code, "Ann")
    school.readmit(TEACHER, code, ann.id)
    assert school.join("a phone", code, "ANN").id == ann.id
    with pytest.raises(UserError, match="already called"):
        school.join(eve, code, "Ann")
