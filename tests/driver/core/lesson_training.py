"""A lesson's training, run to its end."""


def finish(training):
    """Train to the end; return the result and every pause."""
    pauses = []
    try:
        while True:
            pauses.append(next(training))
    except StopIteration as end:
        return end.value, pauses


def metrics_of(pauses):
    return {pause.epoch: pause.metrics for pause in pauses if pause.metrics}
