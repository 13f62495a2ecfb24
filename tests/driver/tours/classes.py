"""Members of a class in a browser."""

import re


def started(page):
    """Start a class, and return the link that its code stands in."""
    page.keyed("classes_title").locator("input").fill("Physics 10b")
    page.press("classes_start")
    page.page.wait_for_url("**code=**")
    page.settle()
    return page.sees(r"/classes\?code=[A-Z]{6}$")


def join(page, name):
    page.keyed("classes_name").locator("input").fill(name)
    page.press("classes_join")
    page.sees(rf"Class [A-Z]{{6}} · {re.escape(name)}")
