"""A music training, run to its end."""


def end_of(training):
    metrics, snapshots = [], []
    try:
        while True:
            progress = next(training)
            if progress.metrics:
                metrics.append(dict(progress.metrics))
            if progress.snapshot is not None:
                snapshots.append(progress.snapshot)
    except StopIteration as end:
        return end.value, metrics, snapshots
