"""The store: runs in SQLite or PostgreSQL, and their checkpoints.

`store` reads runs and takes the owners' requests, `writer` writes for a worker,
`limits` bounds requests, `run_list` has an owner's names, notes and deletions. The
other modules maintain the store: tables and migration, checkpoints, backups, clean-up.
"""

from core.runs.store.checkpoints import Checkpoints
from core.runs.store.store import Store
from core.runs.store.writer import RunWriter

__all__ = ["Checkpoints", "RunWriter", "Store"]
