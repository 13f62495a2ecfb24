"""Polls: a teacher's questions to a class, and its answers.

Questions of the lessons are stored by their keys, questions of the teacher with their
texts.
"""

import json
import math
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    func,
    insert,
    select,
    update,
)

from core.runs.classes.names import clean_line
from core.runs.recent import Recent
from core.runs.run import LimitError
from core.runs.store import Store
from core.runs.store.schema import classes, members, poll_answers, polls
from core.runs.store.store import owner_key
from core.table.writer import utc, write_rows
from core.task import UserError

CACHE_SECONDS = 1.0  # lifetime of a poll's state, shared by all sessions
MOST_POLLS = 200  # most polls of a class
OWN = "own"  # key of a question of the teacher
FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
MAX_QUESTION, MAX_OPTION = 200, 80  # characters
LONGEST_SECONDS = 3_600  # longest time to answer
GRACE_SECONDS = 1.0  # time after the deadline, for answers under way
LARGEST = 1e12  # number to guess


@dataclass(frozen=True, kw_only=True)
class OwnQuestion:
    """A question of the teacher: options to choose from, or a number to guess."""

    # As typed. Without options, a number is asked for.
    text: str
    options: tuple[str, ...] = ()
    right: int | None = None  # index of the right option; None for an opinion
    number: float | None = None  # the right number; None for an opinion

    @property
    def answer(self) -> float | None:
        """Index of the right option, or the right number; None for an opinion."""
        return self.right if self.options else self.number

    @classmethod
    def of(
        cls,
        text: str,
        options: Sequence[str],
        right: int | None = None,
        number: float | None = None,
    ) -> Self:
        """Return a typed question; a UserError if it is invalid.

        Empty options are dropped; two to six must be left, or none.
        """
        line = clean_line("question", text, MAX_QUESTION)
        if not line:
            raise UserError("Type the question.")
        typed = [clean_line("answer", option, MAX_OPTION) for option in options]
        chosen = typed[right] if right is not None and right < len(typed) else ""
        lines = tuple(filter(None, typed))
        if lines and not FEWEST_OPTIONS <= len(lines) <= MOST_OPTIONS:
            raise UserError(
                f"answers: expected {FEWEST_OPTIONS} to {MOST_OPTIONS}, got "
                f"{len(lines)}. Add or remove some."
            )
        if right is not None and not chosen:
            raise UserError(
                "The right answer is empty. Type it, or choose another one."
            )
        if len(set(lines)) < len(lines):
            raise UserError(
                "answers: expected different ones, got the same one twice. Change it."
            )
        if number is not None and not abs(number) <= LARGEST:
            raise UserError(
                f"number: expected one of at most {LARGEST:g}, got {number:g}."
            )
        place = lines.index(chosen) if chosen else None
        return cls(text=line, options=lines, right=place, number=number)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Decode the text of `to_json`."""
        values = json.loads(text)
        return cls(**{**values, "options": tuple(values["options"])})

    def to_json(self) -> str:
        """Write the question as one JSON object."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, kw_only=True)
class Poll:
    """A question to a class, and its answers so far."""

    # Of the poll, and of its class
    id: str
    code: str
    # Key of the question, such as "lstm Backward"; `OWN` for one of the teacher
    question: str
    # Times of the question and of the shown answer (None: not yet), in seconds since
    # 1970, UTC
    opened: float
    revealed: float | None
    # Number of members for each option, hidden ones included: answers are anonymous
    answers: tuple[int, ...]
    members: int  # number of members of the class
    own: OwnQuestion | None = None  # the question of the teacher
    # Deadline of answers, in seconds since 1970, UTC; None: open
    until: float | None = None
    # The guesses in ascending order, where a number is asked for
    numbers: tuple[float, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether a number is to be guessed."""
        return self.own is not None and not self.own.options

    @property
    def is_over(self) -> bool:
        """Whether answers are closed."""
        in_time = self.until is None or time.time() < self.until
        return self.revealed is not None or not in_time

    @property
    def answered(self) -> int:
        """How many members have answered."""
        return len(self.numbers) if self.is_number else sum(self.answers)

    def share(self, option: int) -> float:
        """Return the share of an option in the answers; 0 without any."""
        return self.answers[option] / self.answered if self.answered else 0.0


@dataclass(frozen=True)
class _State:
    """The open poll of a class, and its answers by owner key."""

    poll: Poll | None
    chosen: Mapping[str, float]  # the guess where a number is asked for, else an option


class Polls:
    """Opens polls, stores answers and reads both. Safe to share between threads.

    A class has one open poll. Its teacher opens, reveals and closes; its members answer
    until the answer is revealed. Polls are deleted with their class.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._states: Recent[_State] = Recent(CACHE_SECONDS)

    def ask(
        self,
        owner: str,
        code: str,
        question: str,
        options: int,
        seconds: float | None = None,
    ) -> str:
        """Open a poll of so many options, close the one before, and return its id.

        `seconds` is the time to answer; None: until the answer is revealed.
        """
        return self._ask(owner, code, seconds, question=question, options=options)

    def ask_own(
        self,
        owner: str,
        code: str,
        question: OwnQuestion,
        seconds: float | None = None,
    ) -> str:
        """Open a poll of a question of the teacher, as `ask` does."""
        return self._ask(
            owner,
            code,
            seconds,
            question=OWN,
            options=len(question.options),
            own=question.to_json(),
        )

    def _ask(
        self, owner: str, code: str, seconds: float | None, **values: str | int
    ) -> str:
        if seconds is not None and not 1 <= seconds <= LONGEST_SECONDS:
            raise UserError(
                f"time: expected 1 to {LONGEST_SECONDS} seconds, got {seconds:g}. "
                "Choose another one."
            )
        poll_id, now = secrets.token_hex(16), time.time()
        with self.store.engine.begin() as connection:
            # Locked: of two concurrent questions, the second closes the first.
            taught = select(classes.c.code).where(*_taught(owner, code))
            if not connection.execute(taught.with_for_update()).first():
                raise _not_taught()
            _check_number(connection, code)
            going_on = polls.c.code == code, polls.c.closed.is_(None)
            connection.execute(update(polls).where(*going_on).values(closed=now))
            row = {
                "id": poll_id,
                "code": code,
                "opened": now,
                "until": None if seconds is None else now + seconds,
                **values,
            }
            connection.execute(insert(polls).values(row))
        self._states.forget(code)
        return poll_id

    def answer(self, owner: str, poll_id: str, option: int) -> None:
        """Store or change the chosen option."""
        with self._answering(owner, poll_id) as (connection, poll):
            if not 0 <= option < poll.options:
                raise UserError(
                    f"answer: expected one of {poll.options} options, got another "
                    "one. Reload the page."
                )
            _give(connection, owner, poll_id, option=option)

    def guess(self, owner: str, poll_id: str, number: float) -> None:
        """Store or change the guessed number."""
        with self._answering(owner, poll_id) as (connection, poll):
            if poll.options or not math.isfinite(number) or abs(number) > LARGEST:
                raise UserError(
                    f"answer: expected a number of at most {LARGEST:g}, got "
                    f"{number:g}. Type another one."
                )
            _give(connection, owner, poll_id, option=0, number=number)

    @contextmanager
    def _answering(
        self, owner: str, poll_id: str
    ) -> Iterator[tuple[Connection, Row[Any]]]:
        """Open a transaction for a member's answer to an open poll."""
        me, now = owner_key(owner), time.time()
        columns = ("code", "options", "revealed", "closed", "until")
        asked = (
            select(*(polls.c[name] for name in columns))
            .join(classes, and_(classes.c.code == polls.c.code, classes.c.ends > now))
            .join(members, and_(members.c.code == polls.c.code, members.c.owner == me))
            .where(polls.c.id == poll_id)
        )
        with self.store.engine.begin() as connection:
            # Locked: answers after the reveal are rejected.
            poll = connection.execute(asked.with_for_update(of=polls)).first()
            if poll is None:
                raise UserError(
                    "answer: expected one from a member of the class, got another "
                    "person's, or the class has ended. Join the class."
                )
            is_late = poll.until is not None and now > poll.until + GRACE_SECONDS
            if poll.closed is not None or poll.revealed is not None or is_late:
                raise UserError(
                    "answer: expected one while the question is open, got one after "
                    "that. Wait for the next question."
                )
            yield connection, poll
        self._states.forget(poll.code)

    def reveal(self, owner: str, poll_id: str) -> None:
        """Show the right answer, and close the answers."""
        self._change(owner, poll_id, "revealed")

    def close(self, owner: str, poll_id: str) -> None:
        """Close the poll."""
        self._change(owner, poll_id, "closed")

    def current(self, code: str) -> Poll | None:
        """Return the open poll of a class, at most a second old."""
        return self._state(code).poll

    def own_answer(self, owner: str, poll: Poll) -> float | None:
        """Return a member's option, or number, in the open poll."""
        state = self._state(poll.code)
        is_current = state.poll is not None and state.poll.id == poll.id
        return state.chosen.get(owner_key(owner)) if is_current else None

    def all_of(self, owner: str, code: str) -> list[Poll]:
        """Return all polls of a class, oldest first, for its teacher."""
        query = (
            select(polls)
            .join(classes, classes.c.code == polls.c.code)
            .where(polls.c.code == code, *_taught(owner))
            .order_by(polls.c.opened)
        )
        with self.store.reading() as connection:
            rows = connection.execute(query).all()
            return [_poll(connection, row)[0] for row in rows]

    def _change(self, owner: str, poll_id: str, column: str) -> None:
        with self.store.engine.begin() as connection:
            asked = select(polls.c.code).join(classes, classes.c.code == polls.c.code)
            mine = polls.c.id == poll_id, *_taught(owner)
            code = connection.execute(asked.where(*mine)).scalar()
            if code is None:
                raise _not_taught()
            first = polls.c.id == poll_id, polls.c[column].is_(None)
            change = update(polls).where(*first).values({column: time.time()})
            connection.execute(change)
        self._states.forget(code)

    def _state(self, code: str) -> _State:
        """Return the cached state of a class's poll."""
        return self._states.get(code, lambda: self._read(code))

    def _read(self, code: str) -> _State:
        going_on = classes.c.code == code, classes.c.ends > time.time()
        query = (
            select(polls)
            .join(classes, classes.c.code == polls.c.code)
            .where(*going_on, polls.c.closed.is_(None))
        )
        with self.store.reading() as connection:
            row = connection.execute(query).first()
            if row is None:
                return _State(None, {})
            return _State(*_poll(connection, row))


def _poll(connection: Connection, row: Row[Any]) -> tuple[Poll, dict[str, float]]:
    """Return a poll with its answers, and the answers by owner key."""
    given = and_(poll_answers.c.poll == row.id, poll_answers.c.owner == members.c.owner)
    everybody = (
        select(members.c.owner, poll_answers.c.option, poll_answers.c.number)
        .select_from(members.outerjoin(poll_answers, given))
        .where(members.c.code == row.code)
    )
    found = connection.execute(everybody).all()
    answered = [each for each in found if each.option is not None]
    options = [each.option for each in answered]
    numbers = sorted(each.number for each in answered if each.number is not None)
    poll = Poll(
        id=row.id,
        code=row.code,
        question=row.question,
        opened=row.opened,
        revealed=row.revealed,
        answers=tuple(options.count(option) for option in range(row.options)),
        members=len(found),
        own=OwnQuestion.from_json(row.own) if row.own else None,
        until=row.until,
        numbers=tuple(numbers),
    )
    given_by = {
        each.owner: each.option if each.number is None else each.number
        for each in answered
    }
    return poll, given_by


def _give(connection: Connection, owner: str, poll_id: str, **values: float) -> None:
    """Store or change an answer."""
    mine = poll_answers.c.poll == poll_id, poll_answers.c.owner == owner_key(owner)
    values = {**values, "at": time.time()}
    changed = connection.execute(update(poll_answers).where(*mine).values(values))
    if not changed.rowcount:
        row = {"poll": poll_id, "owner": owner_key(owner), **values}
        connection.execute(insert(poll_answers).values(row))


def polls_to_csv(found: Sequence[tuple[Poll, str, Sequence[str], float | None]]) -> str:
    """Write the answers of polls as a table, safe to open in a spreadsheet.

    Answers are anonymous. A choice has a row for each option, a number to guess one for
    each guess.

    Each poll comes with its text, its options in words, and the index of the right one
    or the right number.
    """
    rows: list[tuple[object, ...]] = []
    for poll, text, options, right in found:
        asked = utc(poll.opened)
        for place, option in enumerate(options):
            is_right = None if right is None else place == right
            count = poll.answers[place]
            rows.append((asked, text, option, is_right, count, poll.members))
        for number in poll.numbers:
            is_right = None if right is None else number == right
            rows.append((asked, text, number, is_right, 1, poll.members))
    names = ("asked", "question", "answer", "right", "answers", "students")
    return write_rows([names, *rows])


def _taught(owner: str, code: str | None = None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that select a teacher's current class."""
    this = () if code is None else (classes.c.code == code,)
    return *this, classes.c.owner == owner_key(owner), classes.c.ends > time.time()


def _check_number(connection: Connection, code: str) -> None:
    number = select(func.count()).select_from(polls).where(polls.c.code == code)
    if connection.execute(number).scalar_one() >= MOST_POLLS:
        raise LimitError(
            f"This class has been asked {MOST_POLLS} questions, the most one class may "
            "be. Start a new class to ask more."
        )


def _not_taught() -> UserError:
    return UserError(
        "class: expected one that you teach, got another one, or it has ended. Open "
        "the class in the browser that started it."
    )
