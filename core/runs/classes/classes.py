"""Classes in the store: teacher, students, tasks and finished tasks.

The teacher is the owner who started the class; a student is an owner who joined it with
its code. An ended class is hidden at once, and its rows are deleted by the `Cleaner`.
For an owner in several classes, the class joined last is used.
"""

import json
import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from core.runs.classes.goals import Goal, applies, goals_for
from core.runs.classes.links import parse_link, task_of
from core.runs.classes.names import clean_line, clean_name, name_key, quoted
from core.runs.run import LimitError
from core.runs.store.joining import RUNS
from core.runs.store.limits import (
    address_key,
    is_class_request_allowed,
    note_class_request,
)
from core.runs.store.schema import (
    class_events,
    class_tasks,
    classes,
    members,
    poll_answers,
    polls,
    runs,
    trainings,
)
from core.runs.store.store import RUN_ID, Store, is_printable_ascii, owner_key
from core.task import UserError

log = logging.getLogger(__name__)

# Consonants without L, which looks like I, and Y: codes are never words.
LETTERS = "BCDFGHJKMNPQRSTVWXZ"
LENGTH = 6
LASTS, KEPT = 86_400.0, 7 * 86_400.0  # seconds of a class, and of one extended
MOST_CLASSES, MOST_TAUGHT = 1_000, 5  # current ones in all, and of one teacher
MOST_MEMBERS, MOST_TASKS = 300, 20
MAX_TITLE, MAX_TEXT = 80, 200  # characters
CLASS_LOCK = 7016996767  # serialises the counting and changing of classes
READMIT_SECONDS = 600.0  # for joining again from another device
SLOW_SECONDS = 0.2  # duration of a lookup after too many wrong codes
_slow_lookups = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class SchoolClass:
    """A current class, as its teacher and its students see it.

    `open` says whether more students may join, `board_shown` whether they see the
    board. `brought_page` is the page to which the teacher has sent the class, or None,
    with its settings and the time. `screen` is the token of the board's link for a
    projector, which has the bars of a poll before the reveal if `bars_shown`. Times are
    seconds since 1970, UTC.
    """

    code: str
    title: str
    created: float
    ends: float
    open: bool
    board_shown: bool
    brought_page: str | None
    brought_query: str | None
    brought: float | None
    screen: str | None
    bars_shown: bool | None


@dataclass(frozen=True, kw_only=True)
class Member:
    """A student of a class; `active` is the time of their latest action.

    The id is public.
    """

    id: str
    code: str
    name: str
    joined: float
    active: float
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class ClassTask:
    """A task of the teacher: a sentence, and a page with its settings.

    Without a goal, students tick it off. `query` are the parameters of the address.
    """

    id: str
    text: str
    page: str
    query: str
    goal: Goal | None

    @property
    def task(self) -> str | None:
        """The registry name of the task that the page trains, or None."""
        return task_of(self.page, self.query)


CLASS_COLUMNS = [classes.c[name] for name in SchoolClass.__dataclass_fields__]
MEMBER_COLUMNS = [members.c[name] for name in Member.__dataclass_fields__]
TASK_COLUMNS = [class_tasks.c[name] for name in ClassTask.__dataclass_fields__]


def wait_in_turn() -> None:
    """Wait SLOW_SECONDS, one caller after the other."""
    with _slow_lookups:
        time.sleep(SLOW_SECONDS)


class Classes:
    """Creates and changes classes, their members and tasks.

    The teacher's operations raise a UserError for all others, and change nothing.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def create(self, owner: str, title: str, address: str | None = None) -> str:
        """Start a class, and return its code."""
        line = clean_line("title", title, MAX_TITLE)
        teacher, here = owner_key(owner), address_key(address)
        with self.store.locked(CLASS_LOCK) as connection:
            going_on = select(func.count()).select_from(classes).where(_goes_on())
            taught = going_on.where(classes.c.owner == teacher)
            if connection.execute(taught).scalar_one() >= MOST_TAUGHT:
                raise LimitError(
                    f"You teach {MOST_TAUGHT} classes, the most one person may have at "
                    "a time. End one of them."
                )
            if connection.execute(going_on).scalar_one() >= MOST_CLASSES:
                log.warning("refused a class: %d go on", MOST_CLASSES)
                raise LimitError(
                    f"{MOST_CLASSES:,} classes of all people are going on, the most "
                    "there may be. Try again later."
                )
            if not is_class_request_allowed(connection, "start", teacher, here):
                raise LimitError(
                    "People at your network address have started too many classes "
                    "within an hour. Use one of them, or try again later."
                )
            note_class_request(connection, "start", teacher, here)
            code, now = _new_code(connection), time.time()
            connection.execute(
                insert(classes).values(
                    code=code,
                    owner=teacher,
                    title=line,
                    created=now,
                    ends=now + LASTS,
                    open=True,
                    board_shown=False,
                    screen=secrets.token_urlsafe(32),
                )
            )
        log.info("a class was started")
        return code

    def get(self, code: str) -> SchoolClass | None:
        """Return a current class, or None. The caller checks the rights."""
        with self.store.reading() as connection:
            return _class(connection, code)

    def taught(self, owner: str) -> list[SchoolClass]:
        """Return a teacher's current classes, newest first."""
        mine = classes.c.owner == owner_key(owner), _goes_on()
        query = select(*CLASS_COLUMNS).where(*mine).order_by(classes.c.created.desc())
        with self.store.reading() as connection:
            return [SchoolClass(**row._mapping) for row in connection.execute(query)]

    def is_teacher(self, owner: str, code: str) -> bool:
        """Whether an owner teaches this current class."""
        with self.store.reading() as connection:
            return _teaches(connection, owner, code)

    def find(self, owner: str, code: str, address: str | None = None) -> SchoolClass:
        """Return the class with a code; see `_slow_down` for wrong codes."""
        self._slow_down(owner, code, address)
        with self.store.locked(CLASS_LOCK) as connection:
            found = _find(connection, owner, code, address)
        if found is None:
            raise _unknown(code)
        return found

    def join(
        self, owner: str, code: str, name: str, address: str | None = None
    ) -> Member:
        """Enter a class under a name, or change the name there."""
        shown = clean_name(name)
        self._slow_down(owner, code, address)
        with self.store.locked(CLASS_LOCK) as connection:
            found = _find(connection, owner, code, address)
            if found is not None:
                if _membership(connection, owner, found.code):
                    return _rename(connection, owner, found.code, shown)
                return _enter(connection, owner, found, shown, address)
        raise _unknown(code)

    def _slow_down(self, owner: str, typed: str, address: str | None) -> None:
        """Delay a lookup after too many wrong codes within a minute.

        Delayed lookups wait for one another, which stops attempts to guess codes and
        still lets people at the same network address in. Members and teachers do not
        wait.
        """
        person, here = owner_key(owner), address_key(address)
        with self.store.reading() as connection:
            is_in = _is_in(connection, owner, as_code(typed))
            if is_in or is_class_request_allowed(connection, "guess", person, here):
                return
        wait_in_turn()

    def member(self, owner: str) -> Member | None:
        """Return the owner's membership in the class joined last, if it is current."""
        with self.store.reading() as connection:
            return _current(connection, owner)

    def rename(self, owner: str, name: str) -> Member:
        """Change the name in the class joined last."""
        shown = clean_name(name)
        with self.store.locked(CLASS_LOCK) as connection:
            if not (member := _current(connection, owner)):
                raise UserError(
                    "class: expected one that you have joined, got none, or it has "
                    "ended. Join one with its code."
                )
            return _rename(connection, owner, member.code, shown)

    def leave(self, owner: str) -> None:
        """Leave the class joined last; its name, events and answers are deleted."""
        with self.store.locked(CLASS_LOCK) as connection:
            if member := _current(connection, owner):
                connection.execute(delete(members).where(members.c.id == member.id))

    def set_open(self, owner: str, code: str, open: bool) -> None:
        """Open or close the class for more students."""
        self._change(owner, code, open=open)

    def show_board(self, owner: str, code: str, shown: bool) -> None:
        """Show the board to the students, or hide it from them."""
        self._change(owner, code, board_shown=shown)

    def show_bars(self, owner: str, code: str, shown: bool) -> None:
        """Show the bars of polls on the screen before the reveal, or hide them."""
        self._change(owner, code, bars_shown=shown)

    def bring(self, owner: str, code: str, link: str) -> None:
        """Send the class to a page with its settings: a link on every page."""
        page, query, _ = parse_link(link)
        where = {"brought_page": page, "brought_query": query}
        self._change(owner, code, **where, brought=time.time())

    def let_go(self, owner: str, code: str) -> None:
        """Remove the link to that page."""
        self._change(owner, code, brought_page=None, brought_query=None, brought=None)

    def keep(self, owner: str, code: str) -> None:
        """Extend a class to a week from now."""
        self._change(owner, code, ends=time.time() + KEPT)

    def end(self, owner: str, code: str) -> None:
        """End a class, and delete its names, answers and tasks."""
        with self._teaching(owner, code) as connection:
            connection.execute(delete(classes).where(classes.c.code == code))
        log.info("a class was ended by its teacher")

    def make_teacher_link(self, owner: str, code: str) -> str:
        """Return a token for `take_over`; earlier ones become invalid."""
        token = secrets.token_urlsafe(32)
        self._change(owner, code, teacher_link=owner_key(token))
        return token

    def take_over(
        self, owner: str, code: str, token: str, address: str | None = None
    ) -> None:
        """Make an owner the teacher of a class; the token is used up.

        Wrong tokens count as wrong codes do. They only slow others down: students at
        the teacher's network address must not be able to lock the teacher out.
        """
        self._slow_down(owner, "", address)
        person = owner_key(owner)
        with self.store.locked(CLASS_LOCK) as connection:
            if as_code(code) == code and is_printable_ascii(token):
                this = classes.c.code == code, _goes_on()
                linked = classes.c.teacher_link == owner_key(token)
                change = update(classes).where(*this, linked)
                new = {"owner": person, "teacher_link": None}
                if connection.execute(change.values(new)).rowcount:
                    log.warning("a class has moved to another browser")
                    return
            note_class_request(connection, "guess", person, address_key(address))
        raise UserError(
            "This teacher's link has been used or replaced, or the class has ended. "
            "Make another one in the browser that teaches the class."
        )

    def readmit(self, owner: str, code: str, member_id: str) -> None:
        """Let another browser join as this student within READMIT_SECONDS."""
        until = time.time() + READMIT_SECONDS
        self._change_member(owner, code, member_id, readmitted=until)

    def hide(self, owner: str, code: str, member_id: str, hidden: bool) -> None:
        """Hide a student with all their runs from the board, or show them again."""
        self._change_member(owner, code, member_id, hidden=hidden)

    def add_task(
        self, owner: str, code: str, text: str, link: str, goal: Goal | None = None
    ) -> None:
        """Add a task: a sentence, a link to settings, and its goal."""
        line = clean_line("task", text, MAX_TEXT)
        if not line:
            raise UserError("Type in one sentence what to do.")
        page, query, _ = parse_link(link)
        if goal and not any(each.fits(goal) for each in goals_for(page, query)):
            raise UserError(
                "check: expected one that fits the link, got one of another page or "
                "step. Choose again."
            )
        with self._teaching(owner, code) as connection:
            before = [task.id for task in _tasks(connection, code)]
            if len(before) >= MOST_TASKS:
                raise LimitError(
                    f"The class has {MOST_TASKS} tasks, the most there may be. Remove "
                    "one."
                )
            task_id = secrets.token_hex(16)
            connection.execute(
                insert(class_tasks).values(
                    id=task_id,
                    code=code,
                    position=len(before),
                    text=line,
                    page=page,
                    query=query,
                    goal=goal.to_json() if goal else None,
                    created=time.time(),
                )
            )
            _number(connection, [*before, task_id])

    def remove_task(self, owner: str, code: str, task_id: str) -> None:
        """Remove a task from the list."""
        with self._teaching(owner, code) as connection:
            this = class_tasks.c.code == code, class_tasks.c.id == _known(task_id)
            connection.execute(delete(class_tasks).where(*this))

    def move_task(self, owner: str, code: str, task_id: str, position: int) -> None:
        """Move a task to a position of the list: 0 is the first."""
        with self._teaching(owner, code) as connection:
            order = [task.id for task in _tasks(connection, code)]
            if task_id in order:
                order.remove(task_id)
                order.insert(max(0, position), task_id)
                _number(connection, order)

    def tasks(self, code: str) -> list[ClassTask]:
        """Return the tasks of a class in their order."""
        with self.store.reading() as connection:
            return _tasks(connection, code)

    def members(self, code: str) -> list[Member]:
        """Return all students of a class, also hidden ones, in the order of joining."""
        query = _members(code).order_by(members.c.joined, members.c.id)
        with self.store.reading() as connection:
            return [_member(row) for row in connection.execute(query)]

    def note_activity(self, owner: str) -> None:
        """Store the current time as the student's latest action."""
        with self.store.reading() as connection:
            member = _current(connection, owner)
        if member:
            this = update(members).where(members.c.id == member.id)
            with self.store.engine.begin() as connection:
                connection.execute(this.values(active=time.time()))

    def note_event(self, owner: str, event: str) -> None:
        """Store an event, such as "mistake lstm", in the student's current class."""
        with self.store.reading() as connection:
            if not (member := _current(connection, owner)):
                return
            if _noted(connection, owner, member.code, event):
                return
        row = {
            "code": member.code,
            "owner": owner_key(owner),
            "event": event,
            "at": time.time(),
        }
        # Another tab may have stored it, or the class may have ended.
        with suppress(IntegrityError), self.store.engine.begin() as connection:
            connection.execute(insert(class_events).values(row))

    def tick(self, owner: str, task_id: str, done: bool) -> None:
        """Tick a task without a goal, or remove the tick, in the class joined last."""
        if not (member := self.member(owner)):
            return
        tasks = self.tasks(member.code)
        if not any(task.id == task_id and not task.goal for task in tasks):
            return
        if done:
            self.note_event(owner, _ticked(task_id))
        else:
            this = _event(owner, member.code, _ticked(task_id))
            with self.store.engine.begin() as connection:
                connection.execute(delete(class_events).where(*this))

    def done(self, owner: str) -> set[str]:
        """Return the ids of the student's finished tasks in the class joined last."""
        with self.store.reading() as connection:
            if not (member := _current(connection, owner)):
                return set()
            return _done(connection, member.code, members.c.id == member.id)[member.id]

    def done_by_all(self, code: str) -> dict[str, set[str]]:
        """Return the ids of each student's finished tasks, by the student's id."""
        with self.store.reading() as connection:
            return _done(connection, code)

    def _change(
        self, owner: str, code: str, **values: bool | float | str | None
    ) -> None:
        with self._teaching(owner, code) as connection:
            this = update(classes).where(classes.c.code == code)
            connection.execute(this.values(values))

    def _change_member(
        self, owner: str, code: str, member_id: str, **values: bool | float
    ) -> None:
        with self._teaching(owner, code) as connection:
            this = members.c.code == code, members.c.id == _known(member_id)
            connection.execute(update(members).where(*this).values(values))

    @contextmanager
    def _teaching(self, owner: str, code: str) -> Iterator[Connection]:
        """Open a locked transaction; a UserError unless the owner is the teacher."""
        with self.store.locked(CLASS_LOCK) as connection:
            if not _teaches(connection, owner, code):
                log.warning("refused a change: %.8s is no teacher", owner_key(owner))
                raise UserError(
                    "class: expected one that you teach, got another one, or it has "
                    "ended. Reload the page."
                )
            yield connection


def as_code(typed: str) -> str | None:
    """Return a typed code in its usual form, or None if it cannot be a code."""
    code = "".join(typed[:100].upper().replace("-", "").split())
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else None


def _unknown(code: str) -> UserError:
    if not code.strip():
        return UserError(f"Type the {LENGTH} letters of the code.")
    return UserError(
        f"code: expected the {LENGTH} letters of a class that goes on, got "
        f"{quoted(code)}. Look at the code again, or ask your teacher."
    )


def _goes_on() -> ColumnElement[bool]:
    return classes.c.ends > time.time()


def _new_code(connection: Connection) -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        there = select(classes.c.code).where(classes.c.code == code)
        if not connection.execute(there).first():
            return code


def _class(connection: Connection, code: str) -> SchoolClass | None:
    if as_code(code) != code:  # code from an address: PostgreSQL refuses some text
        return None
    this = select(*CLASS_COLUMNS).where(classes.c.code == code, _goes_on())
    row = connection.execute(this).first()
    return SchoolClass(**row._mapping) if row else None


def _teaches(connection: Connection, owner: str, code: str) -> bool:
    if as_code(code) != code:
        return False
    mine = classes.c.code == code, classes.c.owner == owner_key(owner), _goes_on()
    return connection.execute(select(classes.c.code).where(*mine)).first() is not None


def _is_in(connection: Connection, owner: str, code: str | None) -> bool:
    """Whether an owner is the teacher or a member of a class."""
    if not code:
        return False
    is_member = _membership(connection, owner, code) is not None
    return is_member or _teaches(connection, owner, code)


def _find(
    connection: Connection, owner: str, typed: str, address: str | None
) -> SchoolClass | None:
    """Return the class with a code, or None; count wrong codes."""
    code = as_code(typed)
    found = _class(connection, code) if code else None
    if found is None:
        here = address_key(address)
        note_class_request(connection, "guess", owner_key(owner), here)
    return found


def _all_members() -> Select[Any]:
    """Select the members of all current classes."""
    same = classes.c.code == members.c.code
    return select(*MEMBER_COLUMNS).join(classes, and_(same, _goes_on()))


def _members(code: str) -> Select[Any]:
    """Select the members of a current class."""
    return _all_members().where(
        members.c.code == code if as_code(code) == code else false()
    )


def _member(row: Row[Any]) -> Member:
    return Member(**row._mapping)


def _membership(connection: Connection, owner: str, code: str) -> Member | None:
    mine = _members(code).where(members.c.owner == owner_key(owner))
    row = connection.execute(mine).first()
    return _member(row) if row else None


def _current(connection: Connection, owner: str) -> Member | None:
    """Return the owner's membership with the latest action or joining."""
    mine = _all_members().where(members.c.owner == owner_key(owner))
    latest = mine.order_by(members.c.active.desc(), members.c.joined.desc())
    row = connection.execute(latest.limit(1)).first()
    return _member(row) if row else None


def _enter(
    connection: Connection,
    owner: str,
    found: SchoolClass,
    name: str,
    address: str | None,
) -> Member:
    """Add a student to a class."""
    person, here, now = owner_key(owner), address_key(address), time.time()
    if _move_readmitted(connection, found.code, name, person):
        return _rename(connection, owner, found.code, name)
    if not found.open:
        raise UserError(
            "The class is closed: it takes nobody new. Ask your teacher to open it."
        )
    number = select(func.count()).select_from(members)
    these = number.where(members.c.code == found.code)
    if connection.execute(these).scalar_one() >= MOST_MEMBERS:
        raise LimitError(
            f"The class is full: it has {MOST_MEMBERS} students, the most there may be."
        )
    _check_free(connection, found.code, name, "")
    if not is_class_request_allowed(connection, "join", person, here):
        raise LimitError(
            "Too many people at your network address have joined a class within a "
            "minute. Try again in a minute."
        )
    note_class_request(connection, "join", person, here)
    member = Member(
        id=secrets.token_hex(16),
        code=found.code,
        name=name,
        joined=now,
        active=now,
        hidden=False,
    )
    values = {**vars(member), "owner": person, "name_key": name_key(name)}
    connection.execute(insert(members).values(values))
    return member


def _move_readmitted(connection: Connection, code: str, name: str, person: str) -> bool:
    """Move a readmitted student with this name to another browser, if there is one.

    Runs on the student's own data and runs with notes stay in the former browser.
    """
    this = members.c.code == code, members.c.name_key == name_key(name)
    query = select(members.c.owner, members.c.joined)
    query = query.where(*this, members.c.readmitted > time.time())
    if not (former := connection.execute(query).first()):
        return False
    mine = class_events.c.code == code, class_events.c.owner == former.owner
    events = connection.execute(select(class_events).where(*mine)).all()
    connection.execute(delete(class_events).where(*mine))
    new = {"owner": person}
    connection.execute(update(members).where(*this).values({**new, "readmitted": None}))
    if events:
        rows = [{**event._mapping, **new} for event in events]
        connection.execute(insert(class_events), rows)
    shared = trainings.c.study.is_(None), trainings.c.own_data.is_not(True)
    for table, which in (
        (
            poll_answers,
            poll_answers.c.poll.in_(select(polls.c.id).where(polls.c.code == code)),
        ),
        (
            runs,
            and_(
                runs.c.created >= former.joined,
                func.coalesce(runs.c.note, "") == "",
                runs.c.training.in_(select(trainings.c.id).where(*shared)),
            ),
        ),
    ):
        moved = update(table).where(table.c.owner == former.owner, which)
        connection.execute(moved.values(new))
    return True


def _rename(connection: Connection, owner: str, code: str, name: str) -> Member:
    """Rename a student, and make this the class joined last."""
    member = _membership(connection, owner, code)
    assert member is not None
    _check_free(connection, code, name, member.id)
    renamed = replace(member, name=name, active=time.time())
    values = {"name": name, "name_key": name_key(name), "active": renamed.active}
    this = update(members).where(members.c.id == member.id)
    connection.execute(this.values(values))
    return renamed


def _check_free(connection: Connection, code: str, name: str, member_id: str) -> None:
    """Raise a UserError if another student of the class has the name."""
    same = members.c.code == code, members.c.name_key == name_key(name)
    taken = select(members.c.id).where(*same, members.c.id != member_id)
    if connection.execute(taken).first():
        raise UserError(
            f"Somebody here is already called {name}. Add a letter, such as {name} B. "
            "If it is you on another device, ask your teacher to let you in again."
        )


def _known(given: str) -> str:
    """Return an id, or "" for other text, some of which PostgreSQL rejects."""
    return given if RUN_ID.fullmatch(given) else ""


def _tasks(connection: Connection, code: str) -> list[ClassTask]:
    if _class(connection, code) is None:
        return []
    query = select(*TASK_COLUMNS).where(class_tasks.c.code == code)
    rows = connection.execute(query.order_by(class_tasks.c.position))
    goals = ((row, Goal.from_json(row.goal) if row.goal else None) for row in rows)
    return [ClassTask(**{**row._mapping, "goal": goal}) for row, goal in goals]


def _number(connection: Connection, order: list[str]) -> None:
    for position, task_id in enumerate(order):
        this = update(class_tasks).where(class_tasks.c.id == task_id)
        connection.execute(this.values(position=position))


def _ticked(task_id: str) -> str:
    return f"task {task_id}"


def _event(owner: str, code: str, event: str) -> tuple[ColumnElement[bool], ...]:
    return (
        class_events.c.code == code,
        class_events.c.owner == owner_key(owner),
        class_events.c.event == event,
    )


def _noted(connection: Connection, owner: str, code: str, event: str) -> bool:
    this = select(class_events.c.at).where(*_event(owner, code, event))
    return connection.execute(this).first() is not None


def _done(
    connection: Connection, code: str, *which: ColumnElement[bool]
) -> dict[str, set[str]]:
    """Return the ids of each student's finished tasks, by the student's id."""
    students = connection.execute(_members(code).where(*which)).all()
    done: dict[str, set[str]] = {student.id: set() for student in students}
    tasks = _tasks(connection, code)
    if not done or not tasks:
        return done
    same = (
        members.c.code == class_events.c.code,
        members.c.owner == class_events.c.owner,
    )
    events = select(members.c.id, class_events.c.event).join(members, and_(*same))
    events = events.where(members.c.code == code, *which)
    for student, event in connection.execute(events):
        for task in tasks:
            if event == (task.goal.event if task.goal else _ticked(task.id)):
                done[student].add(task.id)
    _add_done_by_runs(connection, code, tasks, done, *which)
    return done


def _add_done_by_runs(
    connection: Connection,
    code: str,
    tasks: list[ClassTask],
    done: dict[str, set[str]],
    *which: ColumnElement[bool],
) -> None:
    """Add the tasks whose goals a finished run of the student reaches."""
    by_run = [
        (task, task.task, task.goal)
        for task in tasks
        if task.goal and task.task and task.goal.is_of_a_run
    ]
    if not by_run:
        return
    finished = (
        select(
            members.c.id.label("student"),
            trainings.c.task,
            trainings.c.config,
            trainings.c.summary,
        )
        .join(RUNS, runs.c.owner == members.c.owner)
        .where(
            members.c.code == code,
            *which,
            runs.c.created >= members.c.joined,
            trainings.c.task.in_({trained for _, trained, _ in by_run}),
            trainings.c.status == "done",
            runs.c.left_at.is_(None),
            runs.c.deleted.is_(None),
            trainings.c.study.is_(None),
        )
    )
    for row in connection.execute(finished):
        missing = [each for each in by_run if each[0].id not in done[row.student]]
        if all(trained != row.task for _, trained, _ in missing):
            continue
        config, summary = json.loads(row.config), json.loads(row.summary or "{}")
        for task, _, goal in missing:
            fits = applies(task.page, task.query, row.task, config)
            if fits and goal.reached(summary):
                done[row.student].add(task.id)
