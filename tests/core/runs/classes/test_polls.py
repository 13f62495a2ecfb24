import threading
import time

import pytest
from sqlalchemy import insert, select, update

from core.runs.classes.polls import MOST_POLLS, Polls
from core.runs.run import LimitError
from core.runs.store import Store
from core.runs.store.schema import classes, members, poll_answers, polls
from core.runs.store.store import owner_key
from core.task import UserError

CODE, OTHER = "KXQWRT", "ZZQWRT"
STUDENTS = ("bob", "cem", "dora")


def add_class(store, code, teacher, *students):
    now = time.time()
    with store.engine.begin() as connection:
        connection.execute(
            insert(classes).values(
                code=code,
                owner=owner_key(teacher),
                title="",
                created=now,
                ends=now + 60,
                open=True,
                board_shown=False,
            )
        )
        for student in students:
            connection.execute(
                insert(members).values(
                    code=code,
                    owner=owner_key(student),
                    id=f"{code}{student}",
                    name=student,
                    name_key=student,
                    joined=now,
                    active=now,
                    hidden=student == "dora",
                )
            )


@pytest.fixture
def asked(store):
    """The polls of a class of Ann's with three students, and of one of Ben's."""
    add_class(store, CODE, "ann", *STUDENTS)
    add_class(store, OTHER, "ben", "eva")
    return Polls(store)


def test_a_class_answers_a_question_until_it_is_revealed_and_it_goes_when_closed(asked):
    assert asked.current(CODE) is None
    poll_id = asked.ask("ann", CODE, "lstm Backward", 3)
    poll = asked.current(CODE)
    assert (poll.id, poll.question, poll.answers) == (
        poll_id,
        "lstm Backward",
        (0, 0, 0),
    )
    assert (poll.answered, poll.members, poll.revealed) == (0, 3, None)
    asked.answer("bob", poll_id, 2)
    asked.answer("dora", poll_id, 0)  # whose name is hidden
    asked.answer("bob", poll_id, 0)
    asked.answer("cem", poll_id, 1)
    poll = asked.current(CODE)
    assert (poll.answers, poll.answered) == ((2, 1, 0), 3)
    assert asked.own_answer("bob", poll) == 0
    assert asked.own_answer("ann", poll) is None
    asked.reveal("ann", poll_id)
    revealed = asked.current(CODE).revealed
    assert revealed is not None
    with pytest.raises(UserError, match="while the question is open"):
        asked.answer("bob", poll_id, 2)
    asked.reveal("ann", poll_id)
    assert asked.current(CODE).revealed == revealed
    assert asked.current(CODE).answers == (2, 1, 0)
    asked.close("ann", poll_id)
    assert asked.current(CODE) is None


def test_the_next_question_closes_the_one_before(asked):
    first = asked.ask("ann", CODE, "rnn Forward", 3)
    asked.answer("bob", first, 1)
    second = asked.ask("ann", CODE, "rnn Forward", 3)
    poll = asked.current(CODE)
    assert (poll.id, poll.answers) == (second, (0, 0, 0))
    with pytest.raises(UserError, match="while the question is open"):
        asked.answer("bob", first, 1)
    assert asked.own_answer("bob", poll) is None


def test_only_the_teacher_asks_reveals_and_closes(asked):
    poll_id = asked.ask("ann", CODE, "rnn Forward", 3)
    for other in ("bob", "ben"):  # a student, and the teacher of another class
        with pytest.raises(UserError, match="that you teach"):
            asked.ask(other, CODE, "rnn Backward", 3)
        with pytest.raises(UserError, match="that you teach"):
            asked.reveal(other, poll_id)
        with pytest.raises(UserError, match="that you teach"):
            asked.close(other, poll_id)
    poll = asked.current(CODE)
    assert (poll.id, poll.revealed) == (poll_id, None)
    assert asked.current(OTHER) is None


@pytest.mark.parametrize("other", ["ann", "eva", "nobody"])
def test_only_members_of_the_class_answer(asked, other):
    poll_id = asked.ask("ann", CODE, "rnn Forward", 3)
    with pytest.raises(UserError, match="of a member of the class"):
        asked.answer(other, poll_id, 0)
    assert asked.current(CODE).answered == 0


@pytest.mark.parametrize("option", [-1, 3])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_an_answer_is_one_of_the_options(asked, option):
    poll_id = asked.ask("ann", CODE, "rnn Forward", 3)
    with pytest.raises(UserError, match="one of 3 options"):
        asked.answer("bob", poll_id, option)
    assert asked.current(CODE).answered == 0


def test_a_poll_ends_with_its_class_and_is_removed_with_it(store, asked):
    poll_id = asked.ask("ann", CODE, "rnn Forward", 3)
    asked.answer("bob", poll_id, 1)
    this = classes.c.code == CODE
    with store.engine.begin() as connection:
        connection.execute(update(classes).where(this).values(ends=time.time()))
    elsewhere = Polls(store)
    assert elsewhere.current(CODE) is None
    with pytest.raises(UserError, match="has ended"):
        elsewhere.answer("bob", poll_id, 1)
    for change in (elsewhere.reveal, elsewhere.close):
        with pytest.raises(UserError, match="has ended"):
            change("ann", poll_id)
    with pytest.raises(UserError, match="has ended"):
        elsewhere.ask("ann", CODE, "rnn Forward", 3)
    with store.engine.begin() as connection:
        connection.execute(classes.delete().where(this))
    with store.reading() as connection:
        assert connection.execute(select(polls)).all() == []
        assert connection.execute(select(poll_answers)).all() == []


def test_whoever_has_left_the_class_is_not_counted(store, asked):
    poll_id = asked.ask("ann", CODE, "rnn Forward", 3)
    asked.answer("bob", poll_id, 1)
    asked.answer("cem", poll_id, 1)
    with store.engine.begin() as connection:
        connection.execute(members.delete().where(members.c.owner == owner_key("cem")))
    poll = Polls(store).current(CODE)
    assert (poll.answers, poll.members) == ((0, 1, 0), 2)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_class_is_asked_so_many_questions_and_no_more(asked):
    for _ in range(MOST_POLLS):
        asked.ask("ann", CODE, "rnn Forward", 3)
    with pytest.raises(LimitError, match="200 questions"):
        asked.ask("ann", CODE, "rnn Forward", 3)
    asked.ask("ben", OTHER, "rnn Forward", 3)


def test_answers_at_the_same_moment_from_several_servers_all_count(url, asked):
    poll_id = asked.ask("ann", CODE, "rnn Forward", 3)
    stores = [Store(url) for _ in range(3)]
    start, failed = threading.Barrier(9), []

    def answer(store, student):
        start.wait()
        try:
            for option in (0, 1, 2):
                Polls(store).answer(student, poll_id, option)
        except Exception as error:
            failed.append(error)

    threads = [
        threading.Thread(target=answer, args=(store, student))
        for store in stores
        for student in STUDENTS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert failed == []
    assert Polls(asked.store).current(CODE).answers == (0, 0, 3)


def test_questions_at_the_same_moment_leave_one_of_them_open(url, asked, store):
    stores = [Store(url) for _ in range(4)]
    start, failed = threading.Barrier(4), []

    def ask(store):
        start.wait()
        try:
            Polls(store).ask("ann", CODE, "rnn Forward", 3)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=ask, args=(each,)) for each in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in stores:
        each.close()
    assert failed == []
    with store.reading() as connection:
        going_on = select(polls.c.id).where(polls.c.closed.is_(None))
        assert len(connection.execute(going_on).all()) == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_fifty_sessions_read_a_poll_once_a_second(store, asked, monkeypatch):
    asked.ask("ann", CODE, "rnn Forward", 3)
    reads = []
    reading = store.reading
    monkeypatch.setattr(store, "reading", lambda: reads.append(1) or reading())
    for _ in range(50):
        poll = asked.current(CODE)
        asked.own_answer("bob", poll)
    assert len(reads) <= 2  # a second may end meanwhile
