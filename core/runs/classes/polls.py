"""Questions of the lessons that a teacher puts to a class, and what it answers.

The store has the key of a question; its text is the page's.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    func,
    insert,
    select,
    update,
)

from core.runs.recent import Recent
from core.runs.run import LimitError
from core.runs.store import Store
from core.runs.store.schema import classes, members, poll_answers, polls
from core.runs.store.store import owner_key
from core.task import UserError

FRESH_SECONDS = 1.0  # in which all sessions see the same state of a poll
MOST_POLLS = 200  # of a class


@dataclass(frozen=True, kw_only=True)
class Poll:
    """A question that a class is asked, and how it has answered so far.

    Attributes
    ----------
    id, code
        Of the poll, and of its class.
    question
        Key of the question, such as "lstm Backward".
    opened, revealed
        When it was asked, and when the answer was shown (None: not yet), in seconds
        since 1970, UTC.
    answers
        How many members have chosen each option. Members whose name is hidden count:
        an answer has no name.
    members
        How many the class has.
    """

    id: str
    code: str
    question: str
    opened: float
    revealed: float | None
    answers: tuple[int, ...]
    members: int

    @property
    def answered(self) -> int:
        """How many members have answered."""
        return sum(self.answers)

    def share(self, option: int) -> float:
        """Return the share of an option in the answers; 0 without any."""
        return self.answers[option] / self.answered if self.answered else 0.0


@dataclass(frozen=True)
class _State:
    """The open poll of a class at a moment, and who has chosen what, by owner key."""

    poll: Poll | None
    chosen: Mapping[str, int]


class Polls:
    """Asks a class, takes its answers and shows them. Safe to share between threads.

    A class has one open poll. Only its teacher asks, reveals and closes; only its
    members answer, until the answer is revealed. With the class its polls end.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._states: Recent[_State] = Recent(FRESH_SECONDS)

    def ask(self, owner: str, code: str, question: str, options: int) -> str:
        """Put a question with so many options to a class; return the poll's id.

        It closes the one before.
        """
        poll_id, now = secrets.token_hex(16), time.time()
        with self.store.engine.begin() as connection:
            # Locked: of two questions at once, the second one closes the first one.
            taught = select(classes.c.code).where(*_taught(owner, code))
            if not connection.execute(taught.with_for_update()).first():
                raise _not_taught()
            _check_number(connection, code)
            going_on = polls.c.code == code, polls.c.closed.is_(None)
            connection.execute(update(polls).where(*going_on).values(closed=now))
            row = {
                "id": poll_id,
                "code": code,
                "question": question,
                "options": options,
                "opened": now,
            }
            connection.execute(insert(polls).values(row))
        self._states.forget(code)
        return poll_id

    def answer(self, owner: str, poll_id: str, option: int) -> None:
        """Choose an option, or another one than before."""
        me, now = owner_key(owner), time.time()
        asked = (
            select(polls.c.code, polls.c.options, polls.c.revealed, polls.c.closed)
            .join(classes, and_(classes.c.code == polls.c.code, classes.c.ends > now))
            .join(members, and_(members.c.code == polls.c.code, members.c.owner == me))
            .where(polls.c.id == poll_id)
        )
        mine = poll_answers.c.poll == poll_id, poll_answers.c.owner == me
        with self.store.engine.begin() as connection:
            # Locked: no answer is counted after the answer was revealed.
            poll = connection.execute(asked.with_for_update(of=polls)).first()
            if poll is None:
                raise UserError(
                    "answer: expected one of a member of the class, got one from "
                    "somebody else, or the class has ended. Join the class."
                )
            if poll.closed is not None or poll.revealed is not None:
                raise UserError(
                    "answer: expected one while the question is open, got one after "
                    "that. Wait for the next question."
                )
            if not 0 <= option < poll.options:
                raise UserError(
                    f"answer: expected one of {poll.options} options, got another "
                    "one. Reload the page."
                )
            values = {"option": option, "at": now}
            changed = connection.execute(
                update(poll_answers).where(*mine).values(values)
            )
            if not changed.rowcount:
                row = {"poll": poll_id, "owner": me, **values}
                connection.execute(insert(poll_answers).values(row))
        self._states.forget(poll.code)

    def reveal(self, owner: str, poll_id: str) -> None:
        """Show the answer; from now on nobody may give another one."""
        self._change(owner, poll_id, "revealed")

    def close(self, owner: str, poll_id: str) -> None:
        """Take the question away."""
        self._change(owner, poll_id, "closed")

    def current(self, code: str) -> Poll | None:
        """Return the open poll of a class, as it was at most a second ago."""
        return self._state(code).poll

    def own_answer(self, owner: str, poll: Poll) -> int | None:
        """Return which option of the open poll a member has chosen."""
        state = self._state(poll.code)
        is_current = state.poll is not None and state.poll.id == poll.id
        return state.chosen.get(owner_key(owner)) if is_current else None

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
        """Return the state of a class's poll, read once a second for all sessions."""
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
            given = and_(
                poll_answers.c.poll == row.id, poll_answers.c.owner == members.c.owner
            )
            everybody = (
                select(members.c.owner, poll_answers.c.option)
                .select_from(members.outerjoin(poll_answers, given))
                .where(members.c.code == code)
            )
            found = connection.execute(everybody).all()
        chosen = {each.owner: each.option for each in found if each.option is not None}
        options = list(chosen.values())
        poll = Poll(
            id=row.id,
            code=code,
            question=row.question,
            opened=row.opened,
            revealed=row.revealed,
            answers=tuple(options.count(option) for option in range(row.options)),
            members=len(found),
        )
        return _State(poll, chosen)


def _taught(owner: str, code: str | None = None) -> tuple[ColumnElement[bool], ...]:
    """Return what a query asks for to find a class that goes on of its teacher's."""
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
        "class: expected one that you teach, got one that is not yours or has ended. "
        "Open the class in the browser that started it."
    )
