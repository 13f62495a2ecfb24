"""An owner's list of runs: filter, names, notes, stars, deletion and its undo.

Deletion marks a run, which can be undone; the `Cleaner` removes it later.
"""

import re
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from sqlalchemy import ColumnElement, Text, func, select, update

from core.runs.run import Run
from core.runs.store import joining
from core.runs.store.joining import RUNS
from core.runs.store.schema import runs, trainings
from core.runs.store.store import (
    Store,
    as_run,
    owned_by,
    owner_key,
    select_runs,
)
from core.task import UserError

MAX_NAME, MAX_NOTE = 80, 2_000  # characters
MAX_SEARCH = 200  # characters of a text to look for; SQLite takes some 1,000 words
UNDO_SECONDS = 3_600.0  # time in which a deletion can be undone
WORD = re.compile(r"[^\W\d]\S* \d\S*|\S+")  # word with the number after it: units 32
JSON_MARKS = ('"', ""), (":", ""), ("_", " ")  # {"learning_rate": 1} -> learning rate 1
INVISIBLE = {"Cc", "Cs"}  # control characters, and halves of a character
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which runs to list: all by default."""

    task: str | None = None  # those of one task
    starred: bool = False  # those with a star
    # Those with each of its words in the name, the note, the data or the settings; cut
    # to `MAX_SEARCH` characters
    text: str = ""
    until: float | None = None  # those created by then, in seconds since 1970

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions that select these runs."""
        found = [trainings.c.task == self.task] if self.task else []
        if self.starred:
            found.append(runs.c.starred.is_(True))
        if self.until is not None:
            found.append(runs.c.created <= self.until)
        settings: ColumnElement[str] = trainings.c.config
        for mark, plain in JSON_MARKS:
            settings = func.replace(settings, mark, plain, type_=Text)
        own = [func.coalesce(text, "") for text in (runs.c.own_name, runs.c.note)]
        texts = (*own, trainings.c.title, trainings.c.task, settings)
        everything = reduce(lambda before, text: before + "\n" + text, texts)
        words = WORD.findall(visible(self.text[:MAX_SEARCH]))
        return found + [everything.icontains(word, autoescape=True) for word in words]


def listed(store: Store, owner: str, which: Filter, most: int) -> list[Run]:
    """Return the owner's newest runs that match a filter."""
    return store.runs_of(owner, most, *which.conditions())


def tasks_of(store: Store, owner: str) -> list[str]:
    """Return the tasks of the owner's runs, by name."""
    mine = *_of(owner), runs.c.deleted.is_(None)
    query = select(trainings.c.task).select_from(RUNS)
    return sorted(row.task for row in store.rows(query.where(*mine).distinct()))


def rename(store: Store, owner: str, run_id: str, name: str | None) -> None:
    """Set the name of a run; an empty one restores the default name."""
    text = " ".join(visible(name or "").split())
    _change(store, owner, run_id, own_name=_checked("name", text, MAX_NAME))


def annotate(store: Store, owner: str, run_id: str, note: str | None) -> None:
    """Write the note of a run; an empty one removes it."""
    text = visible(note or "").strip()
    _change(store, owner, run_id, note=_checked("note", text, MAX_NOTE))


def star(store: Store, owner: str, run_id: str, starred: bool) -> None:
    """Set or remove the star of a run."""
    _change(store, owner, run_id, starred=starred)


def show_to_class(store: Store, owner: str, run_id: str, shown: bool) -> None:
    """Show or hide a run on uploaded data on the board of the class."""
    _change(store, owner, run_id, class_shown=shown)


def delete(store: Store, owner: str, run_ids: Iterable[str]) -> None:
    """Stop and delete runs; for an hour this can be undone."""
    now = time.time()
    for run_id in run_ids:
        # One transaction per run: each locks one training only.
        with store.engine.begin() as connection:
            this = owned_by(owner, run_id)
            if connection.execute(select(runs.c.id).where(*this)).first():
                joining.stop(connection, run_id)
            there = update(runs).where(*this, runs.c.deleted.is_(None))
            connection.execute(there.values(deleted=now))


def undo_delete(store: Store, owner: str, run_ids: Iterable[str]) -> None:
    """Restore runs that were deleted within the hour."""
    recent = runs.c.deleted > time.time() - UNDO_SECONDS
    for run_id in run_ids:
        with store.engine.begin() as connection:
            this = update(runs).where(*owned_by(owner, run_id), recent)
            connection.execute(this.values(deleted=None))


def last_deleted(store: Store, owner: str) -> list[Run]:
    """Return the runs of the owner's latest deletion, if it was within the hour."""
    recent = *_of(owner), runs.c.deleted > time.time() - UNDO_SECONDS
    query = select_runs(runs.c.deleted).where(*recent)
    rows = store.rows(query)
    last = max((row.deleted for row in rows), default=0.0)
    return [as_run(row) for row in rows if row.deleted == last]


def _of(owner: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return runs.c.owner == owner_key(owner), trainings.c.study.is_(None)


def _change(store: Store, owner: str, run_id: str, **values: str | bool | None) -> None:
    with store.engine.begin() as connection:
        this = update(runs).where(*owned_by(owner, run_id))
        connection.execute(this.values(values))


def visible(text: str) -> str:
    """Remove control characters, surrogates and marks that change text direction."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t"
        or not (
            unicodedata.category(letter) in INVISIBLE
            or unicodedata.bidirectional(letter) in TURNING
        )
    )


def _checked(what: str, text: str, most: int) -> str | None:
    if len(text) > most:
        raise UserError(
            f"{what}: expected at most {most:,} characters, got {len(text):,}. "
            "Shorten it."
        )
    return text or None
