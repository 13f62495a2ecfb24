"""Small trainings of the lessons."""

from core.task import Point


def train_tiny(task, **settings):
    """Train the tiny case, with some settings changed."""
    config, data = task.TASK.tiny()
    return train(task, type(config).from_dict({**config.values, **settings}), data)


def train(task, config, data):
    """Train; return result, points, and snapshots by epoch."""
    training, points = task.TASK.train(config, data), []
    snapshots = {0: task.initial_snapshot(config, data)}
    while True:
        try:
            progress = next(training)
        except StopIteration as end:
            return end.value, points, snapshots
        if progress.metrics:
            points.append(Point(epoch=progress.epoch, metrics=dict(progress.metrics)))
            snapshots[progress.epoch] = progress.snapshot
