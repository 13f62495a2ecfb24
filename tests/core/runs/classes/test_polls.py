import itertools
import time
from functools import partial

import pytest
from sqlalchemy import select, update

from core.runs.classes import Classes
from core.runs.classes.poll_figures import MOST_BINS, guess_histogram
from core.runs.classes.polls import (
    GRACE_SECONDS,
    MOST_POLLS,
    OwnQuestion,
    Poll,
    Polls,
    polls_to_csv,
)
from core.runs.run import LimitError
from core.runs.store import Store
from core.runs.store.schema import classes, poll_answers
from core.runs.store.schema import polls as poll_rows
from core.task import UserError
from tests.conftest import at_once

STUDENTS = ("bob", "cem", "dora")


@pytest.fixture
def polls(store):
    return Polls(store)


@pytest.fixture
def class_of(store):
    """Returns a function that starts a class with students and returns its code."""

    def start(teacher, *students):
        school = Classes(store)
        code = school.create(teacher, "")
        for student in students:
            school.join(student, code, student)
        return code

    return start


@pytest.fixture
def code(class_of):
    """The class of Ann's, with three students."""
    return class_of("ann", *STUDENTS)


def test_a_class_answers_a_question_until_it_is_revealed_and_it_goes_when_closed(
    store, polls, code
):
    assert polls.current(code) is None
    poll_id = polls.ask("ann", code, "lstm Backward", 3)
    poll = polls.current(code)
    assert (poll.id, poll.question, poll.answers) == (
        poll_id,
        "lstm Backward",
        (0, 0, 0),
    )
    assert (poll.answered, poll.members, poll.revealed) == (0, 3, None)
    polls.answer("bob", poll_id, 2)
    school = Classes(store)
    dora = next(each for each in school.members(code) if each.name == "dora")
    school.hide("ann", code, dora.id, True)
    polls.answer("dora", poll_id, 0)
    polls.answer("bob", poll_id, 0)
    polls.answer("cem", poll_id, 1)
    poll = polls.current(code)
    assert (poll.answers, poll.answered) == ((2, 1, 0), 3)
    assert polls.own_answer("bob", poll) == 0
    assert polls.own_answer("ann", poll) is None
    polls.reveal("ann", poll_id)
    revealed = polls.current(code).revealed
    assert revealed is not None
    with pytest.raises(UserError, match="while the question is open"):
        polls.answer("bob", poll_id, 2)
    polls.reveal("ann", poll_id)
    assert polls.current(code).revealed == revealed
    assert polls.current(code).answers == (2, 1, 0)
    polls.close("ann", poll_id)
    assert polls.current(code) is None


def test_the_next_question_closes_the_one_before(polls, code):
    first = polls.ask("ann", code, "rnn Forward", 3)
    polls.answer("bob", first, 1)
    second = polls.ask("ann", code, "rnn Forward", 3)
    poll = polls.current(code)
    assert (poll.id, poll.answers) == (second, (0, 0, 0))
    with pytest.raises(UserError, match="while the question is open"):
        polls.answer("bob", first, 1)
    assert polls.own_answer("bob", poll) is None


def test_only_the_teacher_asks_reveals_and_closes(polls, code, class_of):
    others = class_of("ben")
    poll_id = polls.ask("ann", code, "rnn Forward", 3)
    for other in ("bob", "ben"):  # a student, and the teacher of another class
        with pytest.raises(UserError, match="that you teach"):
            polls.ask(other, code, "rnn Backward", 3)
        with pytest.raises(UserError, match="that you teach"):
            polls.reveal(other, poll_id)
        with pytest.raises(UserError, match="that you teach"):
            polls.close(other, poll_id)
    poll = polls.current(code)
    assert (poll.id, poll.revealed) == (poll_id, None)
    assert polls.current(others) is None


@pytest.mark.parametrize("other", ["ann", "eva", "nobody"])
def test_only_members_of_the_class_answer(polls, code, class_of, other):
    class_of("ben", "eva")
    poll_id = polls.ask("ann", code, "rnn Forward", 3)
    with pytest.raises(UserError, match="from a member of the class"):
        polls.answer(other, poll_id, 0)
    assert polls.current(code).answered == 0


@pytest.mark.parametrize("option", [-1, 3])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_an_answer_is_one_of_the_options(polls, code, option):
    poll_id = polls.ask("ann", code, "rnn Forward", 3)
    with pytest.raises(UserError, match="one of 3 options"):
        polls.answer("bob", poll_id, option)
    assert polls.current(code).answered == 0


def test_a_poll_ends_with_its_class_and_is_removed_with_it(store, polls, code):
    poll_id = polls.ask("ann", code, "rnn Forward", 3)
    polls.answer("bob", poll_id, 1)
    this = classes.c.code == code
    with store.engine.begin() as connection:
        connection.execute(update(classes).where(this).values(ends=time.time()))
    elsewhere = Polls(store)
    assert elsewhere.current(code) is None
    with pytest.raises(UserError, match="has ended"):
        elsewhere.answer("bob", poll_id, 1)
    for change in (elsewhere.reveal, elsewhere.close):
        with pytest.raises(UserError, match="has ended"):
            change("ann", poll_id)
    with pytest.raises(UserError, match="has ended"):
        elsewhere.ask("ann", code, "rnn Forward", 3)
    with store.engine.begin() as connection:
        connection.execute(classes.delete().where(this))
    with store.reading() as connection:
        assert connection.execute(select(poll_rows)).all() == []
        assert connection.execute(select(poll_answers)).all() == []


def test_a_student_who_left_the_class_is_not_counted(store, polls, code):
    poll_id = polls.ask("ann", code, "rnn Forward", 3)
    polls.answer("bob", poll_id, 1)
    polls.answer("cem", poll_id, 1)
    Classes(store).leave("cem")
    poll = Polls(store).current(code)
    assert (poll.answers, poll.members) == ((0, 1, 0), 2)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_questions_of_a_class_are_limited(polls, code, class_of):
    for _ in range(MOST_POLLS):
        polls.ask("ann", code, "rnn Forward", 3)
    with pytest.raises(LimitError, match="200 questions"):
        polls.ask("ann", code, "rnn Forward", 3)
    polls.ask("ben", class_of("ben"), "rnn Forward", 3)


def test_answers_at_the_same_moment_from_several_servers_all_count(url, polls, code):
    poll_id = polls.ask("ann", code, "rnn Forward", 3)
    stores = [Store(url) for _ in range(3)]

    def answer(store, student):
        for option in (0, 1, 2):
            Polls(store).answer(student, poll_id, option)

    at_once(*(partial(answer, *each) for each in itertools.product(stores, STUDENTS)))
    for store in stores:
        store.close()
    assert Polls(polls.store).current(code).answers == (0, 0, 3)


def test_questions_at_the_same_moment_leave_one_of_them_open(url, polls, code, store):
    stores = [Store(url) for _ in range(4)]
    question = ("ann", code, "rnn Forward", 3)
    at_once(*(partial(Polls(each).ask, *question) for each in stores))
    for each in stores:
        each.close()
    with store.reading() as connection:
        going_on = select(poll_rows.c.id).where(poll_rows.c.closed.is_(None))
        assert len(connection.execute(going_on).all()) == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_fifty_sessions_read_a_poll_once_a_second(store, polls, code, monkeypatch):
    polls.ask("ann", code, "rnn Forward", 3)
    reads = []
    reading = store.reading
    monkeypatch.setattr(store, "reading", lambda: reads.append(1) or reading())
    for _ in range(50):
        poll = polls.current(code)
        polls.own_answer("bob", poll)
    assert len(reads) <= 2  # a second may end meanwhile


def test_a_teacher_asks_a_question_of_her_own_and_the_store_keeps_it(url, polls, code):
    question = OwnQuestion.of(" Which  cell? ", ["LSTM", "", "=RNN", "  "], right=2)
    assert question.options == ("LSTM", "=RNN")
    assert question.right == 1
    poll_id = polls.ask_own("ann", code, question)
    polls.answer("bob", poll_id, 1)
    elsewhere = Store(url)
    poll = Polls(elsewhere).current(code)
    elsewhere.close()
    assert (poll.own, poll.answers, poll.answered) == (question, (0, 1), 1)
    with pytest.raises(UserError, match="that you teach"):
        polls.ask_own("bob", code, question)
    with pytest.raises(UserError, match="a number of at most"):
        polls.guess("bob", poll_id, 3)


def test_a_number_is_guessed_and_changed_by_members_alone(polls, code):
    poll_id = polls.ask_own("ann", code, OwnQuestion.of("Units?", [], number=32))
    for guess in (5, 40.5):
        polls.guess("bob", poll_id, guess)
    polls.guess("cem", poll_id, -1)
    poll = polls.current(code)
    assert (poll.numbers, poll.answered, poll.is_number) == ((-1, 40.5), 2, True)
    assert polls.own_answer("bob", poll) == 40.5
    for number in (float("nan"), float("inf"), 1e13):
        with pytest.raises(UserError, match="a number of at most"):
            polls.guess("bob", poll_id, number)
    with pytest.raises(UserError, match="from a member of the class"):
        polls.guess("eva", poll_id, 1)
    with pytest.raises(UserError, match="one of 0 options"):
        polls.answer("bob", poll_id, 0)


@pytest.mark.parametrize(
    ("guesses", "right", "size", "beyond", "marked"),
    [
        ((8, 10, 12, 1000), 11, 1, " · 1 beyond: 1000", True),
        ((7, 7, 7, 8, 1000), 5000, 1, " · 1 beyond: 1000", False),
        (
            (3, 4, 900, 901, 902, 5, 5, 5, 5, 5, 5, 5),
            None,
            1,
            " · 3 beyond: 900",
            False,
        ),
        (
            (1, *range(4, 6), -70, -80, -90, 900, 4, 4, 4, 4, 4),
            4,
            1,
            ": -90, -80",
            True,
        ),
        ((0.1, 0.15, 0.2, 0.4), None, 0.02, "", False),
        ((0, 100, 250, 420), None, 50, "", False),
        ((42,), 42, 1, "", True),
    ],
)
def test_guesses_far_from_the_others_are_counted_beside_the_bars(
    guesses, right, size, beyond, marked
):
    question = OwnQuestion(text="?")
    values = {"id": "", "code": "", "question": "own", "opened": 0, "revealed": None}
    numbers = tuple(sorted(guesses))
    poll = Poll(**values, answers=(), members=9, own=question, numbers=numbers)
    figure = guess_histogram(poll, right)
    (bars,), x = figure.data, figure.layout.xaxis
    assert bars.xbins.size == pytest.approx(size)
    assert (x.range[1] - x.range[0]) / size <= MOST_BINS + 3
    assert all(x.range[0] < guess < x.range[1] for guess in bars.x)
    title = x.title.text
    assert beyond in title
    count = len(guesses) - len(bars.x)
    assert title.startswith(f"Guess · {count} beyond" if count else "Guess")
    assert bool(figure.layout.shapes) == marked


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("", ["a", "b"]), "Type the question"),
        (("x" * 201, ["a", "b"]), "at most 200 characters"),
        (("Why?", ["a"]), "expected 2 to 6, got 1"),
        (("Why?", list("abcdefg")), "expected 2 to 6, got 7"),
        (("Why?", ["a", " a "]), "the same one twice"),
        (("Why?", ["a", "b", ""], 2), "The right answer is empty"),
        (("Why?", ["a", "b"], 2), "The right answer is empty"),
        (("Why?", ["a", "y" * 81]), "at most 80 characters"),
        (("Why?", [], None, float("nan")), "number: expected"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(typed, message):
    with pytest.raises(UserError, match=message):
        OwnQuestion.of(*typed)


def test_answers_after_the_time_limit_are_refused(store, polls, code):
    poll_id = polls.ask("ann", code, "rnn Forward", 3, seconds=30)
    polls.answer("bob", poll_id, 1)
    assert not polls.current(code).is_over
    with store.engine.begin() as connection:
        late = {"until": time.time() - GRACE_SECONDS - 0.1}
        connection.execute(update(poll_rows).values(late))
    with pytest.raises(UserError, match="while the question is open"):
        polls.answer("bob", poll_id, 2)
    elsewhere = Polls(store)
    assert elsewhere.current(code).is_over
    assert elsewhere.current(code).answers == (0, 1, 0)
    for seconds in (0, 3601, float("nan")):
        with pytest.raises(UserError, match="time: expected"):
            polls.ask("ann", code, "rnn Forward", 3, seconds=seconds)


def test_the_teacher_takes_all_answers_away_and_no_cell_is_a_formula(polls, code):
    first = polls.ask_own("ann", code, OwnQuestion.of("=1+1", ["+a", "@b"], right=0))
    polls.answer("bob", first, 0)
    second = polls.ask_own("ann", code, OwnQuestion.of("How many?", [], number=7))
    polls.guess("bob", second, 7)
    polls.guess("cem", second, -2)
    found = polls.all_of("ann", code)
    assert [poll.id for poll in found] == [first, second]
    assert polls.all_of("bob", code) == []
    table = polls_to_csv(
        [(poll, poll.own.text, poll.own.options, poll.own.answer) for poll in found]
    )
    rows = [line.split(",")[1:] for line in table.splitlines()]
    assert rows == [
        ["question", "answer", "right", "answers", "students"],
        ["'=1+1", "'+a", "True", "1", "3"],
        ["'=1+1", "'@b", "False", "0", "3"],
        ["How many?", "-2.0", "False", "1", "3"],
        ["How many?", "7.0", "True", "1", "3"],
    ]
