"""The lessons' other steps in an AppTest."""

import json

from tests.driver.pages.app import open_page


def open_lesson(cell, **address):
    """Open the page of a cell, with that cell chosen."""
    page = page_of(cell)
    chosen = {} if page == cell else {"cell": cell}
    settings = {**address, **chosen}.items()
    return open_page(page, **{f"{page}_{name}": value for name, value in settings})


def play(page, event):
    """Have the page drawn as after its animation was played to the end."""
    page.session_state["played"] = {event}
    return page.run()


def page_of(cell):
    return "gru" if cell == "mingru" else cell


def data_of(page):
    """What the page gives its animation."""
    proto = page.get("bidi_component")[-1].proto
    return json.loads(proto.json)
