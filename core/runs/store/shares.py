"""Share links: a visitor with the token may read the link's runs, and no others.

Tokens are stored in plain text, so that the owner can copy a link again. Revoking
removes a link; deleting its runs leaves an empty link.
"""

import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, func, insert, select

from core.runs.run import LimitError, Run
from core.runs.store.joining import RUNS
from core.runs.store.schema import runs, shared_runs, shares
from core.runs.store.store import (
    RUN_COLUMNS,
    Store,
    as_run,
    is_printable_ascii,
    owned_by,
    owner_key,
)
from core.task import UserError

log = logging.getLogger(__name__)

MOST_RUNS = 8  # most runs of a link: as many as can be compared
MOST_SHARES = 200  # most links of an owner

# A link with its runs that were not deleted, or with nothing in their columns.
LINKED = shares.outerjoin(shared_runs, shared_runs.c.token == shares.c.token).outerjoin(
    RUNS, and_(runs.c.id == shared_runs.c.run, runs.c.deleted.is_(None))
)


@dataclass(frozen=True, kw_only=True)
class Share:
    """A link, and those of its runs that still exist."""

    token: str
    created: float  # seconds since 1970, UTC
    runs: tuple[Run, ...]


class Shares:
    """Creates, lists, revokes and resolves links to runs."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def create(self, owner: str, run_ids: Sequence[str]) -> str:
        """Create a link to these runs, in this order, and return its token.

        The same runs have the same link until it is revoked.
        """
        wanted = list(dict.fromkeys(run_ids))
        if not 1 <= len(wanted) <= MOST_RUNS:
            raise UserError(
                f"runs: expected 1 to {MOST_RUNS} to share, got {len(wanted)}."
            )
        with self.store.engine.begin() as connection:
            # Locked: of two requests at once, the second one finds the first one's.
            first = select(runs.c.id).where(*owned_by(owner, wanted[0]))
            connection.execute(first.with_for_update(key_share=True))
            for run_id in wanted:
                mine = *owned_by(owner, run_id), runs.c.deleted.is_(None)
                found = select(runs.c.id).where(*mine)
                if not connection.execute(found).first():
                    raise UserError(
                        "runs: expected your own runs, got a deleted one or one of "
                        "another person. Reload the page."
                    )
            if token := _find(connection, owner, wanted):
                return token
            _make_room(connection, owner)
            token = secrets.token_urlsafe(32)
            row = {
                "token": token,
                "owner": owner_key(owner),
                "created": time.time(),
            }
            connection.execute(insert(shares).values(row))
            connection.execute(
                insert(shared_runs),
                [
                    {"token": token, "run": run_id, "position": position}
                    for position, run_id in enumerate(wanted)
                ],
            )
        log.info("shared: %s", ", ".join(wanted))
        return token

    def find(self, owner: str, run_ids: Sequence[str]) -> str | None:
        """Return the token of the owner's link to these runs, or None."""
        with self.store.reading() as connection:
            return _find(connection, owner, list(dict.fromkeys(run_ids)))

    def of(self, owner: str) -> list[Share]:
        """Return the owner's links, newest first."""
        query = (
            select(shares.c.token, shares.c.created.label("shared"), *RUN_COLUMNS)
            .select_from(LINKED)
            .where(shares.c.owner == owner_key(owner))
            .order_by(shares.c.created.desc(), shares.c.token, shared_runs.c.position)
        )
        found: dict[tuple[str, float], list[Run]] = {}
        for row in self.store.rows(query):
            these = found.setdefault((row.token, row.shared), [])
            if row.id:
                these.append(as_run(row))
        return [
            Share(token=token, created=created, runs=tuple(these))
            for (token, created), these in found.items()
        ]

    def revoke(self, owner: str, token: str) -> None:
        """Revoke a link of the owner's."""
        if is_printable_ascii(token):
            this = shares.c.token == token, shares.c.owner == owner_key(owner)
            with self.store.engine.begin() as connection:
                connection.execute(delete(shares).where(*this))

    def runs_of(self, token: str) -> list[str] | None:
        """Return the ids of a link's undeleted runs, or None for an unknown link."""
        if not is_printable_ascii(token):
            return None
        query = (
            select(runs.c.id)
            .select_from(LINKED)
            .where(shares.c.token == token)
            .order_by(shared_runs.c.position)
        )
        found = self.store.rows(query)
        return [row.id for row in found if row.id] if found else None


def _find(connection: Connection, owner: str, run_ids: list[str]) -> str | None:
    """Return the token of the owner's link to exactly these runs, in this order."""
    query = (
        select(shared_runs.c.token, shared_runs.c.run)
        .join(shares, shares.c.token == shared_runs.c.token)
        .where(shares.c.owner == owner_key(owner))
        .order_by(shared_runs.c.position)
    )
    linked: dict[str, list[str]] = {}
    for token, run_id in connection.execute(query):
        linked.setdefault(token, []).append(run_id)
    return next((token for token, ids in linked.items() if ids == run_ids), None)


def _make_room(connection: Connection, owner: str) -> None:
    """Remove the owner's empty links; raise a LimitError if too many are left."""
    mine = shares.c.owner == owner_key(owner)
    used = select(shared_runs.c.token)
    connection.execute(delete(shares).where(mine, shares.c.token.not_in(used)))
    number = select(func.count()).select_from(shares).where(mine)
    if connection.execute(number).scalar_one() >= MOST_SHARES:
        log.warning("refused a link: owner %.8s has too many", owner_key(owner))
        raise LimitError(
            f"You have {MOST_SHARES} links, the most one person may have. Revoke some "
            "on the Runs page."
        )
