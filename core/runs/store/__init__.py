"""The store: all that is known of runs, in SQLite or PostgreSQL, and their checkpoints.

`store` reads runs and takes the requests of people, `writer` is what a worker writes,
`limits` what one person may ask for, `curation` what people make of their runs. The
rest keeps the store: its tables and their migration, checkpoints, backups, and the
removal of old runs.
"""

from core.runs.store.checkpoints import Checkpoints
from core.runs.store.store import Store
from core.runs.store.writer import RunWriter

__all__ = ["Checkpoints", "RunWriter", "Store"]
