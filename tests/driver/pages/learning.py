"""The *Learning* step in an AppTest."""

from tests.driver.pages.app import open_page

SMALL = {"units": 4, "epochs": 3, "steps": 4, "batch": 4}


PASSAGE = "The river runs to the sea and the sea runs to the river. " * 8


def learn(cell, **address):
    """Open the step, with settings in the address."""
    return open_page(cell, **{f"{cell}_step": "Learning", **address})


def choose(page, cell, **settings):
    for name, value in settings.items():
        page.number_input(key=f"{cell}_{name}").set_value(value)
    page.run()
    assert not page.exception
    return page
