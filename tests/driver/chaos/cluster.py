"""A cluster whose processes end."""

from tests.conftest import wait_until


def is_changing(store, owner, run_id):
    wait_until(lambda: store.get(owner, run_id).progress > 1, what="its first epochs")
