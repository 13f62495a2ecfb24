"""Queued runs."""

from core.registry import get_task


def queued(store, owner, **more):
    """A run that waits."""
    task = get_task("adding")
    config, data = task.tiny()
    title, content = task.title(data), task.encode_data(data)
    return store.create(
        owner, "adding", config, title=title, data=content, own_data=False, **more
    )
