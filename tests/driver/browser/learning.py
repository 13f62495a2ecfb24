"""The *Learning* step in a browser."""

EPOCHS = 50


SHORT = {"units": 8, "epochs": EPOCHS, "steps": 2, "batch": 4}


def link(cell, **settings):
    """The address of the step, with settings in it."""
    values = {f"{cell}_step": "Learning"}
    values |= {f"{cell}_{name}": value for name, value in settings.items()}
    return f"{cell}?" + "&".join(f"{name}={value}" for name, value in values.items())


def scrubber(page, cell):
    return page.keyed(f"{cell}_scrubber").locator(".lesson")


def epoch_of(view):
    return int(view.get_attribute("data-epoch"))
