"""Trainings in a browser."""

LONG = {"task": "adding", "epochs": 500, "steps": 200, "length": 40}


def begin_long_training(page, seed):
    """Start a training of a minute or more, and see its first epochs.

    With a seed of no other test, it is a training that nobody else follows.
    """
    settings = {"step": "Learning", **LONG, "seed": seed}
    page.open("rnn?" + "&".join(f"rnn_{name}={n}" for name, n in settings.items()))
    page.press("rnn_train")
    page.sees(r"Epoch [1-9]\d* of 500")
