"""Rows of the store changed and added behind its back, as time or a fault would."""

import secrets
import time

from sqlalchemy import insert, update

from core.runs.store import joining
from core.runs.store.schema import files, runs, trainings
from core.runs.store.store import owner_key


def change(store, run_id=None, **values):
    """Change a run and the training of the same id; without an id, all of them."""
    with store.engine.begin() as connection:
        for table in (runs, trainings):
            own = {name: value for name, value in values.items() if name in table.c}
            these = () if run_id is None else (table.c.id == run_id,)
            if own:
                connection.execute(update(table).where(*these).values(own))


def add_finished(store, owner, *, result=None, **values):
    """Add a run that has ended, as if it had been trained; return its id."""
    now, run_id = time.time(), secrets.token_hex(16)
    state = {"status": "done", "queued": now, "finished": now, "until": 600.0}
    run = {"training": run_id, "owner": owner_key(owner), "joined": False}
    times = {"created": now, "requested": now}
    content = {"training": run_id, "name": "result", "content": result}
    with store.engine.begin() as connection:
        connection.execute(insert(trainings).values(id=run_id, **state, **values))
        connection.execute(insert(runs).values(id=run_id, **run, **times))
        if result is not None:
            connection.execute(insert(files).values(content))
    return run_id


def place_in_queue(store, run_id):
    """Return the place of a run's training in the queue, from 1; 0 outside it."""
    with store.reading() as connection:
        training = joining.training_of(connection, run_id)
    return store.places_in_queue().get(training, 0)
