"""The guided path in the store: an owner's station and completed steps.

The contents of the stations are in `pages/ui/path/`.
"""

import json
import time
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.runs.store import Store
from core.runs.store.schema import paths
from core.runs.store.store import owner_key

# Public: the store has keys, and links a key, or its place here on older sheets.
# The pages have an order of their own.
STATIONS = (
    "start",
    "cell",
    "forward",
    "backward",
    "vanishing",
    "lstm",
    "unit",
    "prices",
    "emoji",
    "music",
    "became",
)
MOST_EVENTS = 200  # most events of an owner; the pages have about forty


@dataclass(frozen=True, kw_only=True)
class PathProgress:
    """An owner's progress."""

    station: str  # key of the current station
    shown: bool  # whether the pages show the line of the path
    events: frozenset[str]  # completed steps, such as "mistake rnn"


class Paths:
    """Stores the progress of owners on the path. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def progress(self, owner: str) -> PathProgress | None:
        """Return an owner's progress; None before the start of the path."""
        query = select(paths).where(paths.c.owner == owner_key(owner))
        with self.store.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return PathProgress(
            station=row.station,
            shown=row.shown,
            events=frozenset(json.loads(row.events)),
        )

    def go_to(self, owner: str, station: str) -> None:
        """Set the current station; this starts or resumes the path."""
        if station not in STATIONS:
            raise ValueError(f"station: expected one of {STATIONS}, got {station!r}")
        # Another tab may start it at the same moment.
        with suppress(IntegrityError), self.store.engine.begin() as connection:
            if not _change(connection, owner, station=station, shown=True):
                row = {
                    "owner": owner_key(owner),
                    "station": station,
                    "shown": True,
                    "events": "[]",
                    "changed": time.time(),
                }
                connection.execute(insert(paths).values(row))

    def note(self, owner: str, event: str) -> None:
        """Store a completed step of an owner on the path."""
        this = paths.c.owner == owner_key(owner), paths.c.shown.is_(True)
        query = select(paths.c.events).where(*this).with_for_update()
        with self.store.engine.begin() as connection:
            if (found := connection.execute(query).scalar()) is None:
                return
            events = json.loads(found)
            if event not in events and len(events) < MOST_EVENTS:
                _change(connection, owner, events=json.dumps([*events, event]))

    def leave(self, owner: str) -> None:
        """Hide the line of the path; the progress is kept."""
        with self.store.engine.begin() as connection:
            _change(connection, owner, shown=False)

    def reset(self, owner: str) -> None:
        """Delete the progress."""
        with self.store.engine.begin() as connection:
            connection.execute(delete(paths).where(paths.c.owner == owner_key(owner)))


def _change(connection: Connection, owner: str, **values: str | bool) -> bool:
    """Change an owner's row; return whether it exists."""
    this = update(paths).where(paths.c.owner == owner_key(owner))
    changed = connection.execute(this.values(changed=time.time(), **values))
    return bool(changed.rowcount)
